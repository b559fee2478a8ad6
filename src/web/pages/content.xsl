<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- My content (U7): what was bought, each with a button that opens it again. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="form.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:content.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:content.title/></h1>
    <xsl:apply-templates select="form" mode="problem"/>
    <xsl:choose>
      <xsl:when test="license">
        <ul class="rows"><xsl:apply-templates select="license"/></ul>
      </xsl:when>
      <xsl:otherwise><p><m:content.none/></p></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="@newer or @older">
      <nav class="pages">
        <xsl:attribute name="aria-label"><m:content.pages/></xsl:attribute>
        <xsl:if test="@newer"><a rel="prev" href="{@newer}"><m:content.newer/></a></xsl:if>
        <xsl:if test="@older"><a rel="next" href="{@older}"><m:content.older/></a></xsl:if>
      </nav>
    </xsl:if>
  </xsl:template>

  <xsl:template match="license">
    <li>
      <p class="title" id="title-{@content}"><xsl:value-of select="@title"/></p>
      <p class="detail">
        <xsl:value-of select="@vendor"/> · <time datetime="{@bought-iso}"><xsl:value-of select="@bought"/></time>
        <xsl:if test="@sandbox"> · <m:account.play-money/></xsl:if>
      </p>
      <xsl:if test="@valid and (@views-left or @expires)">
        <ul class="terms">
          <xsl:choose>
            <xsl:when test="@views-left = 1"><li><m:content.view/></li></xsl:when>
            <xsl:when test="@views-left"><li><m:content.views count="@views-left"/></li></xsl:when>
          </xsl:choose>
          <xsl:if test="@expires"><li><m:content.expires time="@expires"/></li></xsl:if>
        </ul>
      </xsl:if>
      <xsl:choose>
        <xsl:when test="@valid">
          <form method="post" action="/content/{@content}">
            <input type="hidden" name="form_token" value="{../form/@token}"/>
            <button id="open-{@content}" aria-labelledby="open-{@content} title-{@content}"><m:content.open/></button>
          </form>
        </xsl:when>
        <xsl:otherwise><p class="ended"><m:content.ended/></p></xsl:otherwise>
      </xsl:choose>
    </li>
  </xsl:template>
</xsl:stylesheet>
