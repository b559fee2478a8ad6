<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- How to add funds: where to, and what to write so that they arrive. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:farthing:message" exclude-result-prefixes="m">
  <xsl:template name="funds">
    <section class="funds" aria-labelledby="funds">
      <h2 id="funds"><m:funds.title/></h2>
      <p><m:funds.text/></p>
      <dl>
        <xsl:if test="@bank-account != ''">
          <div>
            <dt><m:funds.account/></dt>
            <dd><xsl:value-of select="@bank-account"/></dd>
          </div>
        </xsl:if>
        <xsl:if test="@payment-reference">
          <div>
            <dt><m:funds.reference/></dt>
            <dd><code><xsl:value-of select="@payment-reference"/></code></dd>
          </div>
        </xsl:if>
      </dl>
    </section>
  </xsl:template>
</xsl:stylesheet>
