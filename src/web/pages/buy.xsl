<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The buy window (B1). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><xsl:value-of select="item/@title"/></xsl:template>

  <xsl:template name="main">
    <xsl:choose>
      <xsl:when test="@notice = 'renewed'"><p class="notice" role="status"><m:buy.renewed/></p></xsl:when>
      <xsl:when test="@notice = 'form_expired'"><p class="problem" role="alert"><m:form.expired/></p></xsl:when>
    </xsl:choose>
    <xsl:for-each select="item">
      <p class="vendor"><xsl:value-of select="@vendor"/></p>
      <h1><xsl:value-of select="@title"/></h1>
      <xsl:if test="@description"><p class="description"><xsl:value-of select="@description"/></p></xsl:if>
      <xsl:apply-templates select="." mode="terms"/>
      <dl class="sums">
        <div class="price">
          <dt><m:buy.price/></dt>
          <dd class="amount"><xsl:value-of select="@price"/></dd>
        </div>
        <xsl:if test="@balance">
          <div>
            <dt><m:buy.balance/></dt>
            <dd class="amount"><xsl:value-of select="@balance"/></dd>
          </div>
        </xsl:if>
        <xsl:if test="@shortage">
          <div>
            <dt><m:buy.shortage/></dt>
            <dd class="amount"><xsl:value-of select="@shortage"/></dd>
          </div>
        </xsl:if>
      </dl>
      <form class="actions" method="post" action="/buy/{@transaction}">
        <input type="hidden" name="form_token" value="{../form/@token}"/>
        <button class="primary" name="action" value="buy"><m:buy.buy/></button>
        <button name="action" value="cancel"><m:buy.cancel/></button>
      </form>
      <p class="hint">
        <xsl:choose>
          <xsl:when test="@balance"><m:buy.privacy/></xsl:when>
          <xsl:otherwise><m:buy.login-follows/></xsl:otherwise>
        </xsl:choose>
      </p>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
