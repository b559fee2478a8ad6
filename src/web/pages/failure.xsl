<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- What went wrong, what that means for the user's money, and the way on (B8). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title">
    <xsl:choose>
      <xsl:when test="@error = 'TRANSACTION_NOT_FOUND'"><m:failure.transaction.title/></xsl:when>
      <xsl:when test="@error = 'CONTENT_NOT_FOUND'"><m:failure.content.title/></xsl:when>
      <xsl:when test="@error = 'INVALID_STATE'"><m:failure.bought.title/></xsl:when>
      <xsl:when test="@error = 'UNAVAILABLE'"><m:failure.unavailable.title/></xsl:when>
      <xsl:when test="@error = 'OUTCOME_UNKNOWN'"><m:failure.unknown.title/></xsl:when>
      <xsl:when test="@error = 'RATE_LIMITED'"><m:failure.limited.title/></xsl:when>
      <xsl:when test="@error = 'VENDOR_DISABLED'"><m:refused.vendor.title/></xsl:when>
      <xsl:otherwise><m:failure.internal.title/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="main">
    <h1><xsl:call-template name="title"/></h1>
    <p role="alert">
      <xsl:choose>
        <xsl:when test="@error = 'TRANSACTION_NOT_FOUND'"><m:failure.transaction/></xsl:when>
        <xsl:when test="@error = 'CONTENT_NOT_FOUND'"><m:failure.content/></xsl:when>
        <xsl:when test="@error = 'INVALID_STATE'"><m:failure.bought/></xsl:when>
        <xsl:when test="@error = 'UNAVAILABLE'"><m:failure.unavailable/></xsl:when>
        <xsl:when test="@error = 'OUTCOME_UNKNOWN'"><m:failure.unknown/></xsl:when>
        <xsl:when test="@error = 'RATE_LIMITED'"><m:form.rate-limited/></xsl:when>
        <xsl:when test="@error = 'VENDOR_DISABLED'"><m:refused.vendor/></xsl:when>
        <xsl:otherwise><m:failure.internal/></xsl:otherwise>
      </xsl:choose>
    </p>
    <p class="actions">
      <xsl:if test="@retry">
        <a class="button primary" href="{@retry}">
          <xsl:choose>
            <xsl:when test="@error = 'INVALID_STATE'"><m:failure.bought.open/></xsl:when>
            <xsl:otherwise><m:failure.retry/></xsl:otherwise>
          </xsl:choose>
        </a>
      </xsl:if>
      <button type="button" data-back="" hidden="hidden"><m:failure.back/></button>
    </p>
    <xsl:if test="@correlation">
      <p class="hint"><m:failure.correlation/><xsl:text> </xsl:text><code><xsl:value-of select="@correlation"/></code></p>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
