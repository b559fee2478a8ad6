<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- An order that can no longer be paid: paid, refunded, or too late (V12). -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:closed.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:closed.title/></h1>
    <p><m:closed.text/></p>
    <xsl:apply-templates select="item" mode="brief"/>
    <p class="actions"><xsl:apply-templates select="item" mode="back"/></p>
  </xsl:template>
</xsl:stylesheet>
