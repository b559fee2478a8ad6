<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The user cancelled this purchase, just now or earlier. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:cancelled.title/></xsl:template>

  <xsl:template name="main">
    <xsl:if test="@just-now and not(@order)"><div data-close-window=""></div></xsl:if>
    <h1><m:cancelled.title/></h1>
    <p>
      <xsl:choose>
        <xsl:when test="@order"><m:cancelled.order/></xsl:when>
        <xsl:otherwise><m:cancelled.text/></xsl:otherwise>
      </xsl:choose>
    </p>
    <xsl:apply-templates select="item" mode="brief"/>
    <form class="actions" method="post" action="/buy/{item/@transaction}">
      <input type="hidden" name="form_token" value="{form/@token}"/>
      <xsl:if test="not(@order)"><button name="action" value="again"><m:cancelled.again/></button></xsl:if>
      <xsl:apply-templates select="item" mode="back"/>
    </form>
  </xsl:template>
</xsl:stylesheet>
