<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The front page. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:home.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:home.title/></h1>
    <p class="lead"><m:home.lead/></p>
    <xsl:if test="@bonus and not(@logout-token)"><p class="bonus"><m:register.bonus amount="@bonus"/></p></xsl:if>
    <p class="actions">
      <xsl:choose>
        <xsl:when test="@logout-token">
          <a class="button primary" href="/account"><m:layout.account/></a>
          <a class="button" href="/content"><m:layout.content/></a>
        </xsl:when>
        <xsl:otherwise>
          <a class="button primary" href="/register"><m:login.register/></a>
          <a class="button" href="/login"><m:layout.login/></a>
        </xsl:otherwise>
      </xsl:choose>
    </p>
    <ul class="promises">
      <li><m:home.once/></li>
      <li><m:home.private/></li>
      <li><m:home.limits/></li>
    </ul>
  </xsl:template>
</xsl:stylesheet>
