<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Registration (U1), directly or on the way from a vendor. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="form.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="register-fields.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:register.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:register.title/></h1>
    <xsl:if test="@bonus"><p class="bonus"><m:register.bonus amount="@bonus"/></p></xsl:if>
    <xsl:if test="item">
      <p><m:register.via vendor="item/@vendor"/></p>
      <xsl:apply-templates select="item" mode="brief"/>
    </xsl:if>
    <xsl:apply-templates select="form" mode="problem"/>
    <xsl:apply-templates select="form"/>
    <p class="aside">
      <m:register.have-account/>
      <xsl:text> </xsl:text>
      <a>
        <xsl:attribute name="href">/login<xsl:if test="item">?transaction=<xsl:value-of select="item/@transaction"/></xsl:if></xsl:attribute>
        <m:register.login/>
      </a>
    </p>
  </xsl:template>

  <xsl:template match="form">
    <form method="post" action="/register">
      <input type="hidden" name="form_token" value="{@token}"/>
      <xsl:if test="../item"><input type="hidden" name="transaction" value="{../item/@transaction}"/></xsl:if>
      <p class="hint"><m:register.mandatory/></p>
      <fieldset>
        <legend><m:register.access/></legend>
        <xsl:call-template name="login-fields"/>
      </fieldset>
      <fieldset>
        <legend><m:register.person/></legend>
        <xsl:call-template name="person-fields"/>
      </fieldset>
      <fieldset>
        <legend><m:register.payment/></legend>
        <xsl:call-template name="payment-fields"/>
      </fieldset>
      <fieldset>
        <legend><m:register.identifier/></legend>
        <p class="hint"><m:register.identifier.hint/></p>
        <xsl:call-template name="identifier-fields"/>
      </fieldset>
      <p class="actions"><button class="primary"><m:register.submit/></button></p>
    </form>
  </xsl:template>
</xsl:stylesheet>
