<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- The fields of registration; the context is the form. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:farthing:message" exclude-result-prefixes="m">
  <xsl:template name="login-fields">
    <div class="field required">
      <label for="login_name"><m:login.name/></label>
      <input id="login_name" name="login_name" required="required" minlength="3" maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false" value="{@login_name}">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'login_name'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'login_name'"/></xsl:call-template>
        <xsl:choose>
          <xsl:when test="@error = 'LOGIN_NAME_TAKEN'"><m:register.name.taken/></xsl:when>
          <xsl:otherwise><m:register.name.hint/></xsl:otherwise>
        </xsl:choose>
      </p>
    </div>
    <div class="field required">
      <label for="password"><m:login.password/></label>
      <input id="password" name="password" type="password" required="required" minlength="{@password-min-length}" maxlength="128" autocomplete="new-password">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'password'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'password'"/></xsl:call-template>
        <m:register.password.hint min="@password-min-length"/>
      </p>
    </div>
    <div class="field required">
      <label for="password_again"><m:register.password-again/></label>
      <input id="password_again" name="password_again" type="password" required="required" maxlength="128" autocomplete="new-password">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'password_again'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'password_again'"/></xsl:call-template>
        <xsl:choose>
          <xsl:when test="@field = 'password_again'"><m:register.password-again.differs/></xsl:when>
          <xsl:otherwise><m:register.password-again.hint/></xsl:otherwise>
        </xsl:choose>
      </p>
    </div>
  </xsl:template>

  <xsl:template name="person-fields">
    <div class="field required">
      <label for="full_name"><m:register.full-name/></label>
      <input id="full_name" name="full_name" required="required" maxlength="200" autocomplete="name" value="{@full_name}">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'full_name'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'full_name'"/></xsl:call-template>
        <m:register.full-name.hint/>
      </p>
    </div>
    <div class="field required">
      <label for="email"><m:register.email/></label>
      <input id="email" name="email" type="email" required="required" minlength="3" maxlength="254" autocomplete="email" value="{@email}">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'email'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'email'"/></xsl:call-template>
        <m:register.email.hint/>
      </p>
    </div>
    <div class="field">
      <label for="address"><m:register.address/></label>
      <textarea id="address" name="address" rows="3" maxlength="500" autocomplete="street-address">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'address'"/></xsl:call-template>
        <xsl:value-of select="@address"/>
      </textarea>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'address'"/></xsl:call-template>
        <m:register.address.hint/>
      </p>
    </div>
  </xsl:template>

  <xsl:template name="payment-fields">
    <div class="field required">
      <label for="currency"><m:register.currency/></label>
      <select id="currency" name="currency" required="required">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'currency'"/></xsl:call-template>
        <xsl:for-each select="currency">
          <option value="{@code}"><xsl:if test="@code = ../@currency"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><xsl:value-of select="@code"/></option>
        </xsl:for-each>
      </select>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'currency'"/></xsl:call-template>
        <xsl:choose>
          <xsl:when test="../@bonus-currency"><m:register.currency.bonus currency="../@bonus-currency"/></xsl:when>
          <xsl:otherwise><m:register.currency.hint/></xsl:otherwise>
        </xsl:choose>
      </p>
    </div>
    <div class="field required">
      <label for="payment_method"><m:register.payment-method/></label>
      <select id="payment_method" name="payment_method" required="required">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'payment_method'"/></xsl:call-template>
        <option value="bank_transfer"><xsl:if test="@payment_method = 'bank_transfer'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:method.bank-transfer/></option>
        <option value="check"><xsl:if test="@payment_method = 'check'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:method.check/></option>
        <option value="money_order"><xsl:if test="@payment_method = 'money_order'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:method.money-order/></option>
        <option value="purchase_order"><xsl:if test="@payment_method = 'purchase_order'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:method.purchase-order/></option>
      </select>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'payment_method'"/></xsl:call-template>
        <m:register.payment-method.hint/>
      </p>
    </div>
  </xsl:template>

  <xsl:template name="identifier-fields">
    <div class="field required">
      <label for="question"><m:register.question/></label>
      <select id="question" name="question" required="required">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'question'"/></xsl:call-template>
        <option value="mothers_maiden_name"><xsl:if test="@question = 'mothers_maiden_name'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:question.mothers-maiden-name/></option>
        <option value="first_pet"><xsl:if test="@question = 'first_pet'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:question.first-pet/></option>
        <option value="siblings"><xsl:if test="@question = 'siblings'"><xsl:attribute name="selected">selected</xsl:attribute></xsl:if><m:question.siblings/></option>
      </select>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'question'"/></xsl:call-template>
        <m:register.question.hint/>
      </p>
    </div>
    <div class="field required">
      <label for="answer"><m:register.answer/></label>
      <input id="answer" name="answer" required="required" maxlength="200" autocomplete="off">
        <xsl:call-template name="describe"><xsl:with-param name="field" select="'answer'"/></xsl:call-template>
      </input>
      <p>
        <xsl:call-template name="hint"><xsl:with-param name="field" select="'answer'"/></xsl:call-template>
        <m:register.answer.hint/>
      </p>
    </div>
  </xsl:template>
</xsl:stylesheet>
