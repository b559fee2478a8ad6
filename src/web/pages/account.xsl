<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The account: balances, the last ten transactions, how to add funds (U5). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="funds.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:account.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:account.greeting name="@full-name"/></h1>
    <section aria-labelledby="balances">
      <h2 id="balances"><m:account.balances/></h2>
      <ul class="balances">
        <xsl:for-each select="wallet">
          <li>
            <strong class="amount"><xsl:value-of select="@balance"/></strong>
            <xsl:if test="@credit-line"><p><m:account.credit-line amount="@credit-line"/></p></xsl:if>
            <xsl:if test="@sandbox"><p><m:account.play-money/></p></xsl:if>
          </li>
        </xsl:for-each>
      </ul>
    </section>
    <section aria-labelledby="transactions">
      <h2 id="transactions"><m:account.transactions/></h2>
      <xsl:choose>
        <xsl:when test="transaction"><xsl:call-template name="transactions"/></xsl:when>
        <xsl:otherwise><p><m:account.no-transactions/></p></xsl:otherwise>
      </xsl:choose>
    </section>
    <xsl:call-template name="funds"/>
  </xsl:template>

  <xsl:template name="transactions">
    <ul class="rows">
      <xsl:for-each select="transaction">
        <li>
          <p class="title">
            <xsl:choose>
              <xsl:when test="@kind = 'refund'"><m:account.refund title="@title"/></xsl:when>
              <xsl:when test="@title"><xsl:value-of select="@title"/></xsl:when>
              <xsl:when test="@sandbox"><m:account.play-money/></xsl:when>
              <xsl:when test="@kind = 'bonus'"><m:account.bonus/></xsl:when>
              <xsl:when test="@kind = 'direct_debit_return'"><m:account.taken-back/></xsl:when>
              <xsl:otherwise><m:account.deposit/></xsl:otherwise>
            </xsl:choose>
          </p>
          <xsl:choose>
            <xsl:when test="@credit"><p class="amount credit">+<xsl:value-of select="@amount"/></p></xsl:when>
            <xsl:otherwise><p class="amount"><xsl:value-of select="@amount"/></p></xsl:otherwise>
          </xsl:choose>
          <p class="detail">
            <xsl:if test="@vendor"><xsl:value-of select="@vendor"/> · </xsl:if>
            <time datetime="{@at-iso}"><xsl:value-of select="@at"/></time>
          </p>
        </li>
      </xsl:for-each>
    </ul>
  </xsl:template>
</xsl:stylesheet>
