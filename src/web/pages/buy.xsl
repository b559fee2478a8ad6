<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The buy window (B1). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="form.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><xsl:value-of select="item/@title"/></xsl:template>

  <xsl:template name="main">
    <xsl:if test="@notice">
      <xsl:choose>
        <xsl:when test="@notice = 'renewed'"><p class="notice" role="status"><m:buy.renewed/></p></xsl:when>
        <xsl:when test="@notice = 'form_expired'"><p class="problem" role="alert"><m:form.expired/></p></xsl:when>
        <xsl:when test="@notice = 'incentive_changed'"><p class="notice" role="status"><m:buy.incentive.changed/></p></xsl:when>
      </xsl:choose>
    </xsl:if>
    <xsl:for-each select="item">
      <p class="vendor"><xsl:value-of select="@vendor"/></p>
      <h1><xsl:value-of select="@title"/></h1>
      <xsl:if test="@description"><p class="description"><xsl:value-of select="@description"/></p></xsl:if>
      <xsl:if test="@order"><p class="detail"><m:buy.order order="@order"/></p></xsl:if>
      <xsl:call-template name="terms"/>
      <dl class="sums">
        <div class="price">
          <dt><m:buy.price/></dt>
          <dd class="amount"><xsl:value-of select="@price"/></dd>
        </div>
        <xsl:if test="@incentive">
          <div>
            <dt><m:buy.incentive/></dt>
            <dd class="amount"><xsl:value-of select="@incentive"/></dd>
          </div>
          <div class="price">
            <dt><m:buy.left/></dt>
            <dd class="amount"><xsl:value-of select="@left"/></dd>
          </div>
        </xsl:if>
        <xsl:if test="@balance">
          <div>
            <dt><m:buy.balance/></dt>
            <dd class="amount"><xsl:value-of select="@balance"/></dd>
          </div>
          <xsl:if test="@shortage">
            <div>
              <dt><m:buy.shortage/></dt>
              <dd class="amount"><xsl:value-of select="@shortage"/></dd>
            </div>
          </xsl:if>
        </xsl:if>
      </dl>
      <form method="post" action="/buy/{@transaction}">
        <input type="hidden" name="form_token" value="{../form/@token}"/>
        <input type="hidden" name="to_pay" value="{@to-pay}"/>
        <xsl:if test="@incentives"><xsl:call-template name="incentive"/></xsl:if>
        <xsl:if test="@asks-shipping"><xsl:call-template name="shipping"/></xsl:if>
        <p class="actions">
          <button class="primary" name="action" value="buy"><m:buy.buy/></button>
          <button name="action" value="cancel"><m:buy.cancel/></button>
        </p>
      </form>
      <xsl:choose>
        <xsl:when test="@balance">
          <xsl:if test="not(@asks-shipping)"><p class="hint"><m:buy.privacy/></p></xsl:if>
        </xsl:when>
        <xsl:otherwise><p class="hint"><m:buy.login-follows/></p></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- The Incentive button and its field (B7). -->
  <xsl:template name="incentive">
    <details>
      <xsl:if test="../@asks-incentive"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
      <summary class="button"><m:buy.incentive/></summary>
      <div class="field">
        <label for="incentive_code"><m:buy.incentive.code/></label>
        <input id="incentive_code" name="incentive_code" maxlength="64" autocomplete="off" autocapitalize="characters" spellcheck="false" value="{@incentive-code}">
          <xsl:call-template name="describe"><xsl:with-param name="field" select="'incentive_code'"/></xsl:call-template>
        </input>
        <p>
          <xsl:call-template name="hint"><xsl:with-param name="field" select="'incentive_code'"/></xsl:call-template>
          <xsl:choose>
            <xsl:when test="../form/@field"><m:buy.incentive.refused/></xsl:when>
            <xsl:otherwise><m:buy.incentive.hint/></xsl:otherwise>
          </xsl:choose>
        </p>
      </div>
      <button name="action" value="incentive"><m:buy.incentive.apply/></button>
    </details>
  </xsl:template>

  <!-- Leave to ship (V12): never ticked beforehand. -->
  <xsl:template name="shipping">
    <div class="check">
      <input id="shares_shipping" name="shares_shipping" type="checkbox" value="1" aria-describedby="shares_shipping-hint">
        <xsl:if test="@shares-shipping"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
      </input>
      <label for="shares_shipping"><m:buy.shipping vendor="@vendor"/></label>
      <p id="shares_shipping-hint" class="hint"><m:buy.shipping.hint/></p>
    </div>
  </xsl:template>
</xsl:stylesheet>
