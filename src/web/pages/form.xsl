<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  Fields of a form. Each has a line that says what belongs into it; when the field was wrong that
  line becomes the alert.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:farthing:message" exclude-result-prefixes="m">
  <!-- Attributes of the input element of a field. -->
  <xsl:template name="describe">
    <xsl:param name="field"/>
    <xsl:attribute name="aria-describedby"><xsl:value-of select="$field"/>-hint</xsl:attribute>
    <xsl:if test="/page/form/@field = $field">
      <xsl:attribute name="aria-invalid">true</xsl:attribute>
      <xsl:attribute name="autofocus">autofocus</xsl:attribute>
    </xsl:if>
  </xsl:template>

  <!-- Attributes of the line that describes it. -->
  <xsl:template name="hint">
    <xsl:param name="field"/>
    <xsl:attribute name="id"><xsl:value-of select="$field"/>-hint</xsl:attribute>
    <xsl:choose>
      <xsl:when test="/page/form/@field = $field">
        <xsl:attribute name="class">problem</xsl:attribute>
        <xsl:attribute name="role">alert</xsl:attribute>
      </xsl:when>
      <xsl:otherwise><xsl:attribute name="class">hint</xsl:attribute></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What concerns the form as a whole. -->
  <xsl:template match="form" mode="problem">
    <xsl:choose>
      <xsl:when test="@error = 'FORM_EXPIRED'"><p class="problem" role="alert"><m:form.expired/></p></xsl:when>
      <xsl:when test="@error = 'RATE_LIMITED'"><p class="problem" role="alert"><m:form.rate-limited/></p></xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
