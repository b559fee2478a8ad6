/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds the link as a tree, so that libxml2 escapes what needs it. */
#include "service/buy_fragment.h"

#include <libxml/tree.h>

/* Opened on the click itself, else browsers refuse the popup; refused, the link is followed. */
#define OPEN_POPUP "return !window.open(this.href,'farthing','popup,width=520,height=720')"

static bool add_attribute(xmlNode *node, const char *name, const char *value)
{
    return xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value) != NULL;
}

const char *buy_fragment_make(struct call *call, const char *buy_url, const char *title,
                              money_t price, const char *currency)
{
    char amount[MONEY_TEXT_SIZE];
    const char *html = NULL;
    xmlBuffer *buffer = NULL;
    xmlNode *link = NULL;
    xmlNode *text = NULL;
    money_format_padded(price, money_currency_digits(currency), amount);
    const char *label = arena_printf(call->arena, "Buy for %s %s", amount, currency);

    link = xmlNewNode(NULL, (const xmlChar *)"a");
    text = xmlNewText((const xmlChar *)label);
    buffer = xmlBufferCreate();
    if (label == NULL || link == NULL || text == NULL || buffer == NULL ||
        !add_attribute(link, "class", "farthing-buy") || !add_attribute(link, "href", buy_url) ||
        !add_attribute(link, "title", title) || !add_attribute(link, "onclick", OPEN_POPUP))
        goto out;
    xmlAddChild(link, text);
    text = NULL;
    if (xmlNodeDump(buffer, NULL, link, 0, 0) > 0)
        html = arena_strdup(call->arena, (const char *)xmlBufferContent(buffer));
out:
    xmlFreeNode(text);
    xmlFreeNode(link);
    xmlBufferFree(buffer);
    return html;
}
