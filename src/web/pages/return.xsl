<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Hands the user over to the vendor (B6): these three parameters and nothing else. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:return.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:return.title/></h1>
    <xsl:for-each select="return">
      <xsl:choose>
        <xsl:when test="@post">
          <form class="actions" method="post" action="{@url}" data-submit="">
            <input type="hidden" name="EncryptedUserID" value="{@encrypted-user-id}"/>
            <input type="hidden" name="ContentID" value="{@content-id}"/>
            <input type="hidden" name="OptionalData" value="{@optional-data}"/>
            <button class="primary"><m:return.continue/></button>
          </form>
        </xsl:when>
        <xsl:otherwise>
          <p class="actions"><a class="button primary" href="{@url}"><m:return.continue/></a></p>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
