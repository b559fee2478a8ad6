<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The item of a transaction: in full for the buy window, in brief where it is only restated. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:farthing:message" exclude-result-prefixes="m">
  <xsl:template match="item" mode="brief">
    <section class="item">
      <xsl:attribute name="aria-label"><m:item.label/></xsl:attribute>
      <p class="vendor"><xsl:value-of select="@vendor"/></p>
      <p class="title"><xsl:value-of select="@title"/></p>
      <p class="amount"><xsl:value-of select="@price"/></p>
      <xsl:if test="@left"><p class="vendor"><m:item.left amount="@left"/></p></xsl:if>
    </section>
  </xsl:template>

  <!-- What the user chose in the buy window, for the form that goes on with it. -->
  <xsl:template match="item" mode="choice">
    <input type="hidden" name="to_pay" value="{@to-pay}"/>
    <xsl:if test="@incentive-code"><input type="hidden" name="incentive_code" value="{@incentive-code}"/></xsl:if>
    <xsl:if test="@shares-shipping"><input type="hidden" name="shares_shipping" value="1"/></xsl:if>
  </xsl:template>

  <!-- How long and how often the content opens; nothing when it always does. -->
  <xsl:template name="terms">
    <xsl:if test="@views or @days or @hours or @until">
      <ul class="terms">
        <xsl:if test="@views">
          <xsl:choose>
            <xsl:when test="@views = 1"><li><m:item.view/></li></xsl:when>
            <xsl:otherwise><li><m:item.views count="@views"/></li></xsl:otherwise>
          </xsl:choose>
        </xsl:if>
        <xsl:if test="@days">
          <xsl:choose>
            <xsl:when test="@days = 1"><li><m:item.day/></li></xsl:when>
            <xsl:otherwise><li><m:item.days count="@days"/></li></xsl:otherwise>
          </xsl:choose>
        </xsl:if>
        <xsl:if test="@hours">
          <xsl:choose>
            <xsl:when test="@hours = 1"><li><m:item.hour/></li></xsl:when>
            <xsl:otherwise><li><m:item.hours count="@hours"/></li></xsl:otherwise>
          </xsl:choose>
        </xsl:if>
        <xsl:if test="@until"><li><m:item.until time="@until"/></li></xsl:if>
      </ul>
    </xsl:if>
  </xsl:template>

  <!-- An order goes on where its vendor says; else the window behind this one is the vendor's. -->
  <xsl:template match="item" mode="back">
    <xsl:choose>
      <xsl:when test="@cancel-url">
        <a href="{@cancel-url}"><m:item.back vendor="@vendor"/></a>
      </xsl:when>
      <xsl:when test="@vendor-url">
        <a href="{@vendor-url}" data-close=""><m:item.back vendor="@vendor"/></a>
      </xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
