/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the literal parts of stylesheets as HTML, once. */
#include "web/fold.h"

#include <libxml/HTMLtree.h>
#include <libxml/xpathInternals.h>
#include <libxslt/xslt.h>
#include <string.h>

/* Stands in the HTML for what is kept. Text cannot look like it: its < would be escaped. */
#define MARK "kept"
#define MARK_WRITTEN "<?" MARK ">"

#define CALLS_MAX 16

struct fold {
    xmlDoc *html;
    xmlNodeSet *kept; /* in the order of their marks */
    bool failed;
};

static bool is_xslt(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           xmlStrEqual(node->ns->href, XSLT_NAMESPACE) && xmlStrEqual(node->name, (const xmlChar *)name);
}

static bool is_literal(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE && node->ns == NULL;
}

/* Its content goes where it stands itself. */
static bool is_transparent(const xmlNode *node)
{
    return is_xslt(node, "if") || is_xslt(node, "for-each") || is_xslt(node, "choose") ||
           is_xslt(node, "when") || is_xslt(node, "otherwise");
}

/* An <xsl:attribute> that gives the same each time. */
static bool is_constant_attribute(const xmlNode *node)
{
    if (!is_xslt(node, "attribute") || node->properties->next != NULL ||
        xmlStrchr(node->properties->children->content, '{') != NULL)
        return false;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type != XML_TEXT_NODE)
            return false;
    return true;
}

/* Whether the nodes from first on could give attributes to the element that they stand in. */
static bool may_give_attributes(const xmlNode *first)
{
    for (const xmlNode *node = first; node != NULL; node = node->next) {
        if (is_literal(node))
            return false; /* after content there are no attributes */
        if (is_transparent(node) ? may_give_attributes(node->children)
                                 : node->type == XML_ELEMENT_NODE && !is_xslt(node, "value-of") &&
                                       !is_xslt(node, "text"))
            return true;
    }
    return false;
}

static xmlNode *after_constant_attributes(const xmlNode *element)
{
    xmlNode *node = element->children;
    while (node != NULL && is_constant_attribute(node))
        node = node->next;
    return node;
}

/* Whether both tags of the element are the same each time. */
static bool is_constant(const xmlNode *node)
{
    if (!is_literal(node))
        return false;
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next)
        if (attribute->ns != NULL ||
            (attribute->children != NULL && xmlStrchr(attribute->children->content, '{') != NULL))
            return false;
    /* What stands in <script> is not escaped. */
    if (node->children != NULL && xmlStrEqual(node->name, BAD_CAST "script"))
        return false;
    return !may_give_attributes(after_constant_attributes(node));
}

static xmlNode *append(struct fold *fold, xmlNode *parent, xmlNode *node)
{
    xmlNode *added = node != NULL ? xmlAddChild(parent, node) : NULL;
    fold->failed |= added == NULL;
    return added;
}

static void set(struct fold *fold, xmlNode *element, const xmlChar *name, const xmlNode *value)
{
    xmlChar *text = xmlNodeGetContent(value);
    fold->failed |= text == NULL || name == NULL || xmlSetProp(element, name, text) == NULL;
    xmlFree(text);
}

static void copy_attributes(struct fold *fold, const xmlNode *from, xmlNode *to)
{
    for (const xmlAttr *attribute = from->properties; attribute != NULL;
         attribute = attribute->next)
        set(fold, to, attribute->name, (const xmlNode *)attribute);
    const xmlNode *end = after_constant_attributes(from);
    for (const xmlNode *node = from->children; node != end; node = node->next)
        set(fold, to, node->properties->children->content, node);
}

/* Copies the nodes from first on into parent, with a mark for each that is kept. */
static void copy(struct fold *fold, xmlNode *first, xmlNode *parent)
{
    for (xmlNode *node = first; node != NULL && !fold->failed; node = node->next) {
        if (node->type == XML_TEXT_NODE || (is_xslt(node, "text") && node->properties == NULL)) {
            xmlChar *text = xmlNodeGetContent(node);
            append(fold, parent, xmlNewDocText(fold->html, text));
            xmlFree(text);
        } else if (is_constant(node)) {
            xmlNode *element =
                append(fold, parent, xmlNewDocNode(fold->html, NULL, node->name, NULL));
            if (element != NULL) {
                copy_attributes(fold, node, element);
                copy(fold, after_constant_attributes(node), element);
            }
        } else {
            append(fold, parent, xmlNewDocPI(fold->html, BAD_CAST MARK, NULL));
            fold->failed |= xmlXPathNodeSetAddUnique(fold->kept, node) != 0;
        }
    }
}

static void append_written(struct fold *fold, xmlNode *parent, xmlNs *xslt, const char *html,
                           size_t bytes)
{
    if (bytes == 0)
        return;
    xmlNode *text = append(fold, parent, xmlNewDocNode(parent->doc, xslt, BAD_CAST "text", NULL));
    if (text != NULL) {
        append(fold, text, xmlNewDocTextLen(parent->doc, (const xmlChar *)html, (int)bytes));
        fold->failed |=
            xmlNewProp(text, BAD_CAST "disable-output-escaping", BAD_CAST "yes") == NULL;
    }
}

/* Gives parent, instead of its content, what was written, and what was kept in place of marks. */
static void replace_content(struct fold *fold, xmlNode *parent, const char *html)
{
    xmlNs *xslt = xmlSearchNsByHref(parent->doc, parent, XSLT_NAMESPACE);
    for (int i = 0; i < fold->kept->nodeNr; i++)
        xmlUnlinkNode(fold->kept->nodeTab[i]);
    xmlFreeNodeList(parent->children);
    parent->children = parent->last = NULL;
    for (int i = 0; i < fold->kept->nodeNr; i++) {
        const char *mark = strstr(html, MARK_WRITTEN);
        append_written(fold, parent, xslt, html, mark != NULL ? (size_t)(mark - html) : 0);
        append(fold, parent, fold->kept->nodeTab[i]);
        fold->failed |= mark == NULL;
        html = mark != NULL ? mark + strlen(MARK_WRITTEN) : "";
    }
    append_written(fold, parent, xslt, html, strlen(html));
}

static bool write_content(xmlNode *parent)
{
    struct fold fold = {.html = htmlNewDocNoDtD(NULL, NULL), .kept = xmlXPathNodeSetCreate(NULL)};
    xmlOutputBuffer *output = xmlAllocOutputBuffer(NULL);
    fold.failed = fold.html == NULL || fold.kept == NULL || output == NULL;
    if (!fold.failed) {
        xmlNode *body = append(&fold, (xmlNode *)fold.html,
                               xmlNewDocNode(fold.html, NULL, BAD_CAST "body", NULL));
        if (body != NULL)
            copy(&fold, parent->children, body);
        for (xmlNode *node = body != NULL ? body->children : NULL; node != NULL; node = node->next)
            htmlNodeDumpFormatOutput(output, fold.html, node, "UTF-8", 0);
        fold.failed |= output->error != 0;
    }
    if (!fold.failed)
        replace_content(&fold, parent, (const char *)xmlOutputBufferGetContent(output));
    xmlOutputBufferClose(output);
    xmlXPathFreeNodeSet(fold.kept);
    xmlFreeDoc(fold.html);
    return !fold.failed;
}

/* parent: what instructions and literal elements stand in. */
static bool fold_content(xmlNode *parent)
{
    bool has_constant = false;
    for (const xmlNode *node = parent->children; node != NULL; node = node->next)
        has_constant |= is_constant(node);
    if (has_constant && !write_content(parent))
        return false;
    for (xmlNode *node = parent->children; node != NULL; node = node->next)
        if ((is_literal(node) || is_transparent(node)) && !fold_content(node))
            return false;
    return true;
}

/* Takes away what libxslt ignores, so that it is not mistaken for content. */
static void remove_blanks(const xmlNode *parent)
{
    xmlNode *next = NULL;
    for (xmlNode *node = parent->children; node != NULL; node = next) {
        next = node->next;
        if (node->type == XML_COMMENT_NODE || xmlIsBlankNode(node)) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        } else if (!is_xslt(node, "text")) {
            remove_blanks(node);
        }
    }
}

/* The template that a call without parameters names; NULL: none, or it has names of its own. */
static xmlNode *find_called(const xmlNode *root, const xmlNode *call)
{
    xmlNode *found = NULL;
    xmlChar *name = xmlGetNoNsProp(call, BAD_CAST "name");
    for (xmlNode *node = root->children; node != NULL && call->children == NULL;
         node = node->next) {
        xmlChar *own = xmlGetNoNsProp(node, BAD_CAST "name");
        if (is_xslt(node, "template") && own != NULL && xmlStrEqual(own, name))
            found = node;
        xmlFree(own);
    }
    xmlFree(name);
    for (const xmlNode *node = found != NULL ? found->children : NULL; node != NULL;
         node = node->next)
        if (is_xslt(node, "param") || is_xslt(node, "variable"))
            return NULL;
    return found;
}

/* Puts templates in place of their calls. depth: of calls, which end. */
static bool inline_calls(const xmlNode *root, const xmlNode *parent, int depth)
{
    xmlNode *next = NULL;
    bool done = depth < CALLS_MAX;
    for (xmlNode *node = parent->children; node != NULL && done; node = next) {
        next = node->next;
        xmlNode *called = is_xslt(node, "call-template") ? find_called(root, node) : NULL;
        if (called == NULL) {
            done = inline_calls(root, node, depth);
            continue;
        }
        xmlNode *body = xmlDocCopyNode(called, root->doc, 1);
        done = body != NULL && inline_calls(root, body, depth + 1);
        while (done && body->children != NULL) {
            xmlNode *moved = xmlAddPrevSibling(node, body->children);
            done = moved != NULL && (moved->type != XML_ELEMENT_NODE ||
                                     xmlReconciliateNs(root->doc, moved) >= 0);
        }
        xmlFreeNode(body);
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }
    return done;
}

bool fold_stylesheet(xmlDoc *stylesheet)
{
    const xmlNode *root = xmlDocGetRootElement(stylesheet);
    remove_blanks(root);
    if (!inline_calls(root, root, 0))
        return false;
    for (xmlNode *node = root->children; node != NULL; node = node->next)
        if (is_xslt(node, "template") && !fold_content(node))
            return false;
    return true;
}
