<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Why a purchase was not made, and the way on (B4, B5). Nothing was charged. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="funds.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title">
    <xsl:choose>
      <xsl:when test="@error = 'INSUFFICIENT_FUNDS'"><m:refused.funds.title/></xsl:when>
      <xsl:when test="starts-with(@error, 'LIMIT_')"><m:refused.limit.title/></xsl:when>
      <xsl:when test="@error = 'ACCOUNT_DISABLED'"><m:refused.account.title/></xsl:when>
      <xsl:otherwise><m:refused.vendor.title/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="main">
    <h1><xsl:call-template name="title"/></h1>
    <p role="alert"><xsl:call-template name="reason"/></p>
    <xsl:apply-templates select="item" mode="brief"/>
    <xsl:if test="@error = 'INSUFFICIENT_FUNDS'">
      <dl class="sums">
        <div>
          <dt><m:buy.balance/></dt>
          <dd class="amount"><xsl:value-of select="item/@balance"/></dd>
        </div>
        <xsl:if test="item/@shortage">
          <div class="price">
            <dt><m:buy.shortage/></dt>
            <dd class="amount"><xsl:value-of select="item/@shortage"/></dd>
          </div>
        </xsl:if>
      </dl>
      <xsl:call-template name="funds"/>
    </xsl:if>
    <form class="actions" method="post" action="/buy/{item/@transaction}">
      <input type="hidden" name="form_token" value="{form/@token}"/>
      <xsl:apply-templates select="item" mode="choice"/>
      <xsl:choose>
        <xsl:when test="@error = 'VENDOR_DISABLED'"/>
        <xsl:when test="item[@incentive-code or @shares-shipping]">
          <button name="action" value="incentive"><m:refused.again/></button>
        </xsl:when>
        <xsl:otherwise>
          <a class="button" href="/buy/{item/@transaction}"><m:refused.again/></a>
        </xsl:otherwise>
      </xsl:choose>
      <button name="action" value="cancel"><m:buy.cancel/></button>
      <xsl:apply-templates select="item" mode="back"/>
    </form>
  </xsl:template>

  <xsl:template name="reason">
    <xsl:choose>
      <xsl:when test="@error = 'INSUFFICIENT_FUNDS'"><m:refused.funds/></xsl:when>
      <xsl:when test="@error = 'LIMIT_TRANSACTION'"><m:refused.limit.transaction/></xsl:when>
      <xsl:when test="@error = 'LIMIT_SESSION'"><m:refused.limit.session/></xsl:when>
      <xsl:when test="@error = 'LIMIT_DAY'"><m:refused.limit.day/></xsl:when>
      <xsl:when test="@error = 'LIMIT_WEEK'"><m:refused.limit.week/></xsl:when>
      <xsl:when test="@error = 'LIMIT_MONTH'"><m:refused.limit.month/></xsl:when>
      <xsl:when test="@error = 'ACCOUNT_DISABLED'"><m:refused.account/></xsl:when>
      <xsl:otherwise><m:refused.vendor/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
