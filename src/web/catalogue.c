/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replaces the placeholders of stylesheets by a language's texts. */
#include "web/catalogue.h"

#include <libxml/hash.h>
#include <libxml/parser.h>
#include <libxslt/xslt.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"

struct catalogue {
    char *path;
    xmlDoc *document;       /* owns the messages */
    xmlHashTable *messages; /* by key; _private is set once a message was used */
};

static bool refuse(const struct catalogue *catalogue, const char *problem, const xmlChar *key)
{
    log_event(LOG_ERROR, "web_messages", "file", LOG_TEXT(catalogue->path), "problem",
              LOG_TEXT(problem), "key", LOG_TEXT((const char *)key), NULL);
    return false;
}

/* Every element child of the root is a message with a key of its own. */
static bool index_messages(struct catalogue *catalogue)
{
    const xmlNode *root = xmlDocGetRootElement(catalogue->document);
    for (xmlNode *node = root->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *key = xmlGetNoNsProp(node, BAD_CAST "key");
        const bool is_new = key != NULL && xmlHashAddEntry(catalogue->messages, key, node) == 0;
        if (!is_new)
            refuse(catalogue, "a message without a key, or with one that stands twice", key);
        xmlFree(key);
        if (!is_new)
            return false;
    }
    return true;
}

struct catalogue *catalogue_load(const char *path)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (catalogue == NULL)
        return NULL;
    catalogue->path = strdup(path);
    catalogue->document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    catalogue->messages = xmlHashCreate(256);
    if (catalogue->path == NULL || catalogue->messages == NULL || catalogue->document == NULL ||
        xmlDocGetRootElement(catalogue->document) == NULL) {
        refuse(catalogue, "cannot be read", NULL);
        goto fail;
    }
    if (!index_messages(catalogue))
        goto fail;
    return catalogue;
fail:
    catalogue_free(catalogue);
    return NULL;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    xmlHashFree(catalogue->messages, NULL);
    xmlFreeDoc(catalogue->document);
    free(catalogue->path);
    free(catalogue);
}

bool catalogue_define(struct catalogue *catalogue, const char *key, const char *text)
{
    const xmlChar *name = (const xmlChar *)key;
    xmlNode *message = NULL;
    if (xmlCheckUTF8((const xmlChar *)text))
        message = xmlNewTextChild(xmlDocGetRootElement(catalogue->document), NULL,
                                  BAD_CAST "message", (const xmlChar *)text);
    if (message != NULL && xmlNewProp(message, BAD_CAST "key", name) != NULL &&
        xmlHashAddEntry(catalogue->messages, name, message) == 0)
        return true;
    xmlUnlinkNode(message);
    xmlFreeNode(message);
    return refuse(catalogue, "stands twice, or is no UTF-8", name);
}

static xmlNode *find_message(const struct catalogue *catalogue, const xmlChar *key)
{
    xmlNode *message = key != NULL ? xmlHashLookup(catalogue->messages, key) : NULL;
    if (message != NULL)
        message->_private = message;
    return message;
}

/* What stands for one piece of a message: its text, or the value that it names. */
static xmlNode *translate_piece(const struct catalogue *catalogue, const xmlNode *piece,
                                xmlNode *placeholder)
{
    if (piece->type != XML_ELEMENT_NODE)
        return xmlNewDocText(placeholder->doc, piece->content);
    xmlNode *value = NULL;
    const xmlNode *defined = NULL;
    xmlChar *name = xmlGetNoNsProp(piece, BAD_CAST "name");
    xmlChar *select = name != NULL ? xmlGetNoNsProp(placeholder, name) : NULL;
    xmlNs *xslt = xmlSearchNsByHref(placeholder->doc, placeholder, XSLT_NAMESPACE);
    if (select != NULL && xslt != NULL) {
        value = xmlNewDocNode(placeholder->doc, xslt, BAD_CAST "value-of", NULL);
        xmlNewProp(value, BAD_CAST "select", select);
    } else if ((defined = find_message(catalogue, name)) != NULL) {
        value = xmlNewDocText(placeholder->doc,
                              defined->children != NULL ? defined->children->content : NULL);
    }
    xmlFree(select);
    xmlFree(name);
    return value;
}

static bool translate_placeholder(struct catalogue *catalogue, xmlNode *placeholder)
{
    const xmlNode *message = find_message(catalogue, placeholder->name);
    if (message == NULL)
        return refuse(catalogue, "no such message", placeholder->name);
    for (const xmlNode *piece = message->children; piece != NULL; piece = piece->next) {
        if (piece->type == XML_COMMENT_NODE)
            continue;
        xmlNode *translated = translate_piece(catalogue, piece, placeholder);
        if (translated == NULL || xmlAddPrevSibling(placeholder, translated) == NULL) {
            xmlFreeNode(translated);
            return refuse(catalogue, "a value that the page does not give", placeholder->name);
        }
    }
    xmlUnlinkNode(placeholder);
    xmlFreeNode(placeholder);
    return true;
}

static bool is_placeholder(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           xmlStrEqual(node->ns->href, BAD_CAST CATALOGUE_NAMESPACE);
}

/* What stands in it stays where the catalogue's language is the one that it names. */
static void translate_only(struct catalogue *catalogue, xmlNode *only)
{
    const xmlNode *own = find_message(catalogue, BAD_CAST "language");
    xmlChar *language = xmlGetNoNsProp(only, BAD_CAST "language");
    if (own != NULL && own->children != NULL && xmlStrEqual(language, own->children->content))
        while (only->children != NULL)
            xmlAddPrevSibling(only, only->children);
    xmlFree(language);
    xmlUnlinkNode(only);
    xmlFreeNode(only);
}

static bool translate_children(struct catalogue *catalogue, const xmlNode *parent)
{
    xmlNode *next = NULL;
    for (xmlNode *node = parent->children; node != NULL; node = next) {
        next = node->next;
        const bool is_only = is_placeholder(node) && xmlStrEqual(node->name, BAD_CAST "only");
        if (is_placeholder(node) && !is_only
                ? !translate_placeholder(catalogue, node)
                : node->type == XML_ELEMENT_NODE && !translate_children(catalogue, node))
            return false;
        if (is_only)
            translate_only(catalogue, node);
    }
    return true;
}

bool catalogue_translate(struct catalogue *catalogue, xmlDoc *stylesheet)
{
    return translate_children(catalogue, xmlDocGetRootElement(stylesheet));
}

const char *catalogue_unused_key(const struct catalogue *catalogue)
{
    const xmlNode *root = xmlDocGetRootElement(catalogue->document);
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && node->_private == NULL) {
            const xmlAttr *key = xmlHasProp(node, BAD_CAST "key");
            return (const char *)key->children->content;
        }
    }
    return NULL;
}
