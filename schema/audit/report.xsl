<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- An audit as a page that stands alone: it can be mailed, printed and kept. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat" indent="yes"/>

  <xsl:template match="/audit">
    <html lang="en">
      <head>
        <title>Audit <xsl:value-of select="@made-at"/></title>
        <meta name="viewport" content="width=device-width"/>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem;
                 margin: 2rem auto; padding: 0 1rem; }
          h1 { font-size: 1.5rem; margin: 0; }
          .verdict { font-size: 1.15rem; font-weight: 600; border-left: .4rem solid #1b6e3c;
                     padding: .5rem 1rem; background: #eef7f0; }
          .bad .verdict { border-color: #a11; background: #fbeeee; }
          table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
          th, td { text-align: left; padding: .35rem .75rem .35rem 0; vertical-align: top;
                   border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
          .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
          .wrong { color: #a11; font-weight: 600; }
          code { font-size: .85em; overflow-wrap: anywhere; }
          @media print { body { margin: 0; max-width: none; } }
        </style>
      </head>
      <body>
        <xsl:if test="check/finding"><xsl:attribute name="class">bad</xsl:attribute></xsl:if>
        <h1>
          <xsl:choose>
            <xsl:when test="@kind = 'full'">Full audit</xsl:when>
            <xsl:otherwise>Audit since the last closing</xsl:otherwise>
          </xsl:choose>
        </h1>
        <p><xsl:value-of select="@made-at"/></p>
        <p class="verdict">
          <xsl:choose>
            <xsl:when test="check/finding">
              <xsl:value-of select="count(check/finding)"/> finding<xsl:if
                test="count(check/finding) &gt; 1">s</xsl:if>: the books are not right.
            </xsl:when>
            <xsl:otherwise>Nothing wrong was found.</xsl:otherwise>
          </xsl:choose>
        </p>
        <xsl:if test="check/finding">
          <h2>Findings</h2>
          <table>
            <tr><th>Finding</th><th>Where</th><th>Expected</th><th>Found</th></tr>
            <xsl:for-each select="check/finding">
              <tr>
                <td class="wrong"><xsl:value-of select="translate(@name, '_', ' ')"/></td>
                <td><xsl:value-of select="@subject"/></td>
                <td><xsl:value-of select="@expected"/></td>
                <td><xsl:value-of select="@actual"/></td>
              </tr>
            </xsl:for-each>
          </table>
        </xsl:if>
        <h2>What was read</h2>
        <table>
          <tr><th>Sales</th><td class="number"><xsl:value-of select="@sales"/></td></tr>
          <tr><th>Accruals</th><td class="number"><xsl:value-of select="@accruals"/></td></tr>
          <tr><th>Other entries</th><td class="number"><xsl:value-of select="@entries"/></td></tr>
          <tr><th>Read per second</th><td class="number"><xsl:value-of select="@facts-per-second"/></td></tr>
          <xsl:if test="@hash">
            <tr>
              <th>Newest link of the chain</th>
              <td>number <xsl:value-of select="@links"/>, closed <xsl:value-of select="@closed-at"/><br/>
                <code><xsl:value-of select="@hash"/></code></td>
            </tr>
          </xsl:if>
        </table>
        <h2>What was proved</h2>
        <table>
          <tr><th>Result</th><th>Check</th><th class="number">ms</th></tr>
          <xsl:for-each select="check">
            <tr>
              <td>
                <xsl:choose>
                  <xsl:when test="finding"><span class="wrong">wrong</span></xsl:when>
                  <xsl:otherwise>right</xsl:otherwise>
                </xsl:choose>
              </td>
              <td><xsl:value-of select="@proves"/></td>
              <td class="number"><xsl:value-of select="@duration-ms"/></td>
            </tr>
          </xsl:for-each>
        </table>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
