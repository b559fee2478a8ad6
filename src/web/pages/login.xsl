<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The login window (B2), for a purchase or on its own. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:m="urn:farthing:message"
    exclude-result-prefixes="m xi">
  <xi:include href="layout.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="item.xsl" xpointer="xpointer(/*/*)"/>
  <xi:include href="form.xsl" xpointer="xpointer(/*/*)"/>

  <xsl:template name="title"><m:login.title/></xsl:template>

  <xsl:template name="main">
    <h1><m:login.title/></h1>
    <xsl:apply-templates select="item" mode="brief"/>
    <xsl:apply-templates select="form" mode="problem"/>
    <xsl:apply-templates select="form" mode="refusal"/>
    <xsl:apply-templates select="form"/>
    <p class="aside">
      <m:login.no-account/>
      <xsl:text> </xsl:text>
      <a>
        <xsl:attribute name="href">/register<xsl:if test="item">?transaction=<xsl:value-of select="item/@transaction"/></xsl:if></xsl:attribute>
        <m:login.register/>
      </a>
    </p>
  </xsl:template>

  <xsl:template match="form" mode="refusal">
    <xsl:choose>
      <xsl:when test="@error = 'AUTHENTICATION_FAILED'"><p class="problem" id="refusal" role="alert"><m:login.failed/></p></xsl:when>
      <xsl:when test="@error = 'ACCOUNT_DISABLED'"><p class="problem" id="refusal" role="alert"><m:refused.account/></p></xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Name and password are wrong together: nobody learns which of them exists. -->
  <xsl:template name="credential">
    <xsl:if test="@error = 'AUTHENTICATION_FAILED'">
      <xsl:attribute name="aria-invalid">true</xsl:attribute>
      <xsl:attribute name="aria-describedby">refusal</xsl:attribute>
    </xsl:if>
  </xsl:template>

  <xsl:template match="form">
    <form method="post" action="/login">
      <input type="hidden" name="form_token" value="{@token}"/>
      <xsl:if test="../item"><input type="hidden" name="transaction" value="{../item/@transaction}"/></xsl:if>
      <xsl:apply-templates select="../item" mode="choice"/>
      <xsl:if test="@next"><input type="hidden" name="next" value="{@next}"/></xsl:if>
      <div class="field">
        <label for="login_name"><m:login.name/></label>
        <input id="login_name" name="login_name" required="required" maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false" value="{@login_name}">
          <xsl:if test="not(@login_name)"><xsl:attribute name="autofocus">autofocus</xsl:attribute></xsl:if>
          <xsl:call-template name="credential"/>
        </input>
      </div>
      <div class="field">
        <label for="password"><m:login.password/></label>
        <input id="password" name="password" type="password" required="required" maxlength="128" autocomplete="current-password">
          <xsl:if test="@login_name"><xsl:attribute name="autofocus">autofocus</xsl:attribute></xsl:if>
          <xsl:call-template name="credential"/>
        </input>
      </div>
      <div class="check">
        <input id="public_computer" name="public_computer" type="checkbox" value="1" aria-describedby="public_computer-hint">
          <xsl:if test="@public_computer"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
        </input>
        <label for="public_computer"><m:login.public/></label>
        <p id="public_computer-hint" class="hint"><m:login.public.hint/></p>
      </div>
      <xsl:call-template name="session"/>
      <p class="actions">
        <button class="primary">
          <xsl:choose>
            <xsl:when test="../item"><m:login.submit-and-buy/></xsl:when>
            <xsl:otherwise><m:login.submit/></xsl:otherwise>
          </xsl:choose>
        </button>
        <xsl:if test="../item">
          <a class="button" href="/buy/{../item/@transaction}"><m:login.back/></a>
        </xsl:if>
      </p>
    </form>
  </xsl:template>

  <!-- How long the login lasts, and from when (B3). -->
  <xsl:template name="session">
    <fieldset class="session">
      <legend><m:login.session/></legend>
      <div class="field minutes">
        <label for="minutes"><m:login.minutes/></label>
        <input id="minutes" name="minutes" type="number" inputmode="numeric" required="required" min="1" max="{@max-minutes}" value="{@minutes}">
          <xsl:call-template name="describe"><xsl:with-param name="field" select="'minutes'"/></xsl:call-template>
        </input>
        <p>
          <xsl:call-template name="hint"><xsl:with-param name="field" select="'minutes'"/></xsl:call-template>
          <m:login.minutes.hint max="@max-minutes"/>
        </p>
      </div>
      <div class="check">
        <input id="from_login" name="from_last_purchase" type="radio" value="0">
          <xsl:if test="not(@from_last_purchase)"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
        </input>
        <label for="from_login"><m:login.from-login/></label>
      </div>
      <div class="check">
        <input id="from_last_purchase" name="from_last_purchase" type="radio" value="1">
          <xsl:if test="@from_last_purchase"><xsl:attribute name="checked">checked</xsl:attribute></xsl:if>
        </input>
        <label for="from_last_purchase"><m:login.from-purchase/></label>
      </div>
    </fieldset>
  </xsl:template>
</xsl:stylesheet>
