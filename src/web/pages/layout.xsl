<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!--
  What every page is made of. A page's own stylesheet includes this one and gives two templates:
  "title" (text) and "main".
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="urn:farthing:message" exclude-result-prefixes="m">
  <xsl:output method="html" encoding="UTF-8"/>

  <xsl:template match="/page">
    <html>
      <xsl:attribute name="lang"><m:language/></xsl:attribute>
      <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="robots" content="noindex"/>
        <title><xsl:call-template name="title"/> · <m:provider/></title>
        <link rel="stylesheet"><xsl:attribute name="href"><m:stylesheet/></xsl:attribute></link>
        <link rel="icon" type="image/svg+xml"><xsl:attribute name="href"><m:icon/></xsl:attribute></link>
        <script defer="defer"><xsl:attribute name="src"><m:script/></xsl:attribute></script>
        <xsl:if test="@refresh"><meta http-equiv="refresh" content="0;url={@refresh}"/></xsl:if>
      </head>
      <body>
        <a class="skip" href="#main"><m:layout.skip/></a>
        <header>
          <a class="brand" href="/"><img alt="" width="24" height="24"><xsl:attribute name="src"><m:icon/></xsl:attribute></img><m:provider/></a>
          <xsl:call-template name="navigation"/>
        </header>
        <main id="main">
          <xsl:if test="@sandbox">
            <p class="sandbox" role="note"><m:layout.sandbox/></p>
          </xsl:if>
          <xsl:call-template name="main"/>
        </main>
        <footer>
          <nav>
            <xsl:attribute name="aria-label"><m:layout.languages/></xsl:attribute>
            <ul>
              <li><a lang="en" hreflang="en" href="{@here}en"><m:only language="en"><xsl:attribute name="aria-current">true</xsl:attribute></m:only>English</a></li>
              <li><a lang="de" hreflang="de" href="{@here}de"><m:only language="de"><xsl:attribute name="aria-current">true</xsl:attribute></m:only>Deutsch</a></li>
            </ul>
          </nav>
          <a><xsl:attribute name="href">mailto:<m:support/></xsl:attribute><m:layout.contact/></a>
        </footer>
      </body>
    </html>
  </xsl:template>

  <!-- Beside a form there is no link to log in: it would lose the purchase, or lead to itself. -->
  <xsl:template name="navigation">
    <xsl:choose>
      <xsl:when test="@logout-token">
        <nav>
          <xsl:attribute name="aria-label"><m:layout.navigation/></xsl:attribute>
          <ul>
            <li><a href="/content"><m:layout.content/></a></li>
            <li><a href="/account"><m:layout.account/></a></li>
            <li>
              <form method="post" action="/logout">
                <input type="hidden" name="form_token" value="{@logout-token}"/>
                <button class="link"><m:layout.logout/></button>
              </form>
            </li>
          </ul>
        </nav>
      </xsl:when>
      <xsl:when test="not(form)">
        <nav>
          <xsl:attribute name="aria-label"><m:layout.navigation/></xsl:attribute>
          <ul>
            <li><a href="/login"><m:layout.login/></a></li>
          </ul>
        </nav>
      </xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
