/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the literal parts of stylesheets as HTML, once. */
#include "web/fold.h"

#include <libxml/HTMLtree.h>
#include <libxml/xpathInternals.h>
#include <libxslt/xslt.h>
#include <stdbool.h>
#include <string.h>

/* Stand in the HTML for what is kept. No text has the first, whose < would be escaped. */
#define MARK "kept"
#define MARK_WRITTEN "<?" MARK ">"
#define MARK_ATTRIBUTE "kept-\ue000"
#define MARK_ATTRIBUTE_WRITTEN " " MARK_ATTRIBUTE "=\"\""

/* The element of the result that has the computed attributes of another. */
#define FOLD_ATTRIBUTES "attributes"

#define CALLS_MAX 16

static const char no_memory[] = "memory is short";

struct fold {
    const xmlNode *root;
    xmlDoc *html;
    xmlNodeSet *kept; /* in the order of their marks */
    const char *problem;
};

static bool is_xslt(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           xmlStrEqual(node->ns->href, XSLT_NAMESPACE) &&
           xmlStrEqual(node->name, (const xmlChar *)name);
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

static bool is_computed(const xmlChar *value)
{
    return xmlStrchr(value, '{') != NULL || xmlStrchr(value, '}') != NULL;
}

/* An <xsl:attribute> that gives the same each time. */
static bool is_constant_attribute(const xmlNode *node)
{
    if (!is_xslt(node, "attribute") || node->properties == NULL || node->properties->next != NULL ||
        is_computed(node->properties->children->content))
        return false;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type != XML_TEXT_NODE)
            return false;
    return true;
}

static xmlNode *find_called(const xmlNode *root, const xmlNode *call)
{
    xmlNode *found = NULL;
    xmlChar *name = xmlGetNoNsProp(call, BAD_CAST "name");
    for (xmlNode *node = root->children; node != NULL; node = node->next) {
        xmlChar *own = xmlGetNoNsProp(node, BAD_CAST "name");
        if (is_xslt(node, "template") && own != NULL && xmlStrEqual(own, name))
            found = node;
        xmlFree(own);
    }
    xmlFree(name);
    return found;
}

enum { ATTRIBUTES = 1, CONTENT = 2 };

/* Which of the two the children of a node could give. depth: of calls. */
static int children_give(const xmlNode *root, const xmlNode *parent, int depth);

static int gives(const xmlNode *root, const xmlNode *node, int depth)
{
    if (is_xslt(node, "attribute"))
        return ATTRIBUTES;
    if (is_xslt(node, "param"))
        return 0;
    if (is_transparent(node))
        return children_give(root, node, depth);
    if (is_xslt(node, "call-template")) {
        const xmlNode *called = depth < CALLS_MAX ? find_called(root, node) : NULL;
        return called != NULL ? children_give(root, called, depth + 1) : ATTRIBUTES | CONTENT;
    }
    /* Templates that match give no attributes; see check_templates(). */
    return is_literal(node) || node->type == XML_TEXT_NODE || is_xslt(node, "text") ||
                   is_xslt(node, "value-of") || is_xslt(node, "apply-templates")
               ? CONTENT
               : ATTRIBUTES | CONTENT;
}

static int children_give(const xmlNode *root, const xmlNode *parent, int depth)
{
    int given = 0;
    for (const xmlNode *node = parent->children; node != NULL; node = node->next)
        given |= gives(root, node, depth);
    return given;
}

static xmlNode *append(struct fold *fold, xmlNode *parent, xmlNode *node)
{
    xmlNode *added = node != NULL ? xmlAddChild(parent, node) : NULL;
    if (added == NULL)
        fold->problem = no_memory;
    return added;
}

static void set(struct fold *fold, xmlNode *element, const xmlChar *name, const xmlNode *value)
{
    xmlChar *text = xmlNodeGetContent(value);
    if (text == NULL || xmlSetProp(element, name, text) == NULL)
        fold->problem = no_memory;
    xmlFree(text);
}

static void keep(struct fold *fold, xmlNode *node)
{
    if (xmlXPathNodeSetAddUnique(fold->kept, node) != 0)
        fold->problem = no_memory;
}

static bool has_computed(const xmlNode *element)
{
    for (const xmlAttr *attribute = element->properties; attribute != NULL;
         attribute = attribute->next)
        if (attribute->children != NULL && is_computed(attribute->children->content))
            return true;
    return false;
}

/* Whether instructions give element attributes that differ, or replace one that is computed. */
static bool is_given_attributes(const xmlNode *root, const xmlNode *element)
{
    const xmlNode *node = element->children;
    while (node != NULL && is_constant_attribute(node) &&
           (!has_computed(element) ||
            xmlHasProp(element, node->properties->children->content) == NULL))
        node = node->next;
    return node != NULL && gives(root, node, 0) == ATTRIBUTES;
}

/*
 * Attributes that are the same each time go to the copy; from the first on that is computed, they
 * go to an element of their own. All do where an instruction may replace one.
 */
static void copy_attributes(struct fold *fold, xmlNode *from, xmlNode *to)
{
    xmlNode *own =
        xmlAddPrevSibling(from, xmlNewDocNode(from->doc, NULL, BAD_CAST FOLD_ATTRIBUTES, NULL));
    const bool is_given = is_given_attributes(fold->root, from);
    xmlNode *target = is_given ? own : to;
    if (own == NULL) {
        fold->problem = no_memory;
        return;
    }
    for (const xmlAttr *attribute = from->properties; attribute != NULL;
         attribute = attribute->next) {
        if (attribute->children != NULL && is_computed(attribute->children->content))
            target = own;
        set(fold, target, attribute->name, (const xmlNode *)attribute);
    }
    for (xmlNode *node = from->children; node != NULL && gives(fold->root, node, 0) == ATTRIBUTES;
         node = from->children) {
        xmlUnlinkNode(node);
        if (is_given) {
            append(fold, own, node);
        } else {
            set(fold, to, node->properties->children->content, node);
            xmlFreeNode(node);
        }
    }
    if (target == own) {
        xmlNewProp(to, BAD_CAST MARK_ATTRIBUTE, BAD_CAST "");
        keep(fold, own);
    }
}

/* Copies the children of from into parent, with a mark for each that is kept. */
static void copy(struct fold *fold, const xmlNode *from, xmlNode *parent)
{
    for (xmlNode *node = from->children; node != NULL && fold->problem == NULL; node = node->next) {
        if (node->type == XML_TEXT_NODE || is_xslt(node, "text")) {
            xmlChar *text = xmlNodeGetContent(node);
            append(fold, parent, xmlNewDocText(fold->html, text));
            xmlFree(text);
        } else if (is_literal(node)) {
            xmlNode *element =
                append(fold, parent, xmlNewDocNode(fold->html, NULL, node->name, NULL));
            if (element == NULL)
                return;
            copy_attributes(fold, node, element);
            copy(fold, node, element);
            /* What stands in these is not escaped. */
            if (node->children != NULL && (xmlStrEqual(node->name, BAD_CAST "script") ||
                                           xmlStrEqual(node->name, BAD_CAST "style")))
                fold->problem = "a script or style has content";
            if ((children_give(fold->root, node, 0) & ATTRIBUTES) != 0)
                fold->problem = "attributes stand behind what may be content";
        } else {
            append(fold, parent, xmlNewDocPI(fold->html, BAD_CAST MARK, NULL));
            keep(fold, node);
        }
    }
}

static void append_written(struct fold *fold, xmlNode *parent, xmlNs *xslt, const char *html,
                           size_t bytes)
{
    if (bytes == 0)
        return;
    if (memmem(html, bytes, MARK_ATTRIBUTE, strlen(MARK_ATTRIBUTE)) != NULL)
        fold->problem = "a text looks like a mark";
    xmlNode *text = append(fold, parent, xmlNewDocNode(parent->doc, xslt, BAD_CAST "text", NULL));
    if (text != NULL) {
        append(fold, text, xmlNewDocTextLen(parent->doc, (const xmlChar *)html, (int)bytes));
        xmlNewProp(text, BAD_CAST "disable-output-escaping", BAD_CAST "yes");
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
        const bool is_attribute = is_literal(fold->kept->nodeTab[i]);
        const char *mark = is_attribute ? MARK_ATTRIBUTE_WRITTEN : MARK_WRITTEN;
        const char *found = strstr(html, mark);
        append_written(fold, parent, xslt, html, found != NULL ? (size_t)(found - html) : 0);
        append(fold, parent, fold->kept->nodeTab[i]);
        if (found == NULL)
            fold->problem = "an element that is empty in HTML has content";
        html = found != NULL ? found + strlen(mark) : "";
    }
    append_written(fold, parent, xslt, html, strlen(html));
}

static const char *write_content(const xmlNode *root, xmlNode *parent)
{
    struct fold fold = {.root = root,
                        .html = htmlNewDocNoDtD(NULL, NULL),
                        .kept = xmlXPathNodeSetCreate(NULL),
                        .problem = no_memory};
    xmlOutputBuffer *output = xmlAllocOutputBuffer(NULL);
    if (fold.html != NULL && fold.kept != NULL && output != NULL) {
        fold.problem = NULL;
        xmlNode *body = append(&fold, (xmlNode *)fold.html,
                               xmlNewDocNode(fold.html, NULL, BAD_CAST "body", NULL));
        if (body != NULL)
            copy(&fold, parent, body);
        for (xmlNode *node = body != NULL ? body->children : NULL; node != NULL; node = node->next)
            htmlNodeDumpFormatOutput(output, fold.html, node, "UTF-8", 0);
        if (output->error != 0)
            fold.problem = no_memory;
    }
    if (fold.problem == NULL)
        replace_content(&fold, parent, (const char *)xmlOutputBufferGetContent(output));
    xmlOutputBufferClose(output);
    xmlXPathFreeNodeSet(fold.kept);
    xmlFreeDoc(fold.html);
    return fold.problem;
}

/* parent: what instructions and literal elements stand in. */
static const char *fold_content(const xmlNode *root, xmlNode *parent)
{
    bool has_literal = false;
    for (const xmlNode *node = parent->children; node != NULL; node = node->next)
        has_literal |= is_literal(node);
    const char *problem = has_literal ? write_content(root, parent) : NULL;
    for (xmlNode *node = parent->children; node != NULL && problem == NULL; node = node->next)
        if (is_transparent(node))
            problem = fold_content(root, node);
    return problem;
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

/* Whether the template has no parameters or variables, which would need a place of their own. */
static bool has_no_names(const xmlNode *template)
{
    for (const xmlNode *node = template->children; node != NULL; node = node->next)
        if (is_xslt(node, "param") || is_xslt(node, "variable"))
            return false;
    return true;
}

/* Puts templates in place of their calls. depth: of calls. */
static const char *inline_calls(const xmlNode *root, const xmlNode *parent, int depth)
{
    xmlNode *next = NULL;
    const char *problem = depth < CALLS_MAX ? NULL : "templates call each other";
    for (xmlNode *node = parent->children; node != NULL && problem == NULL; node = next) {
        next = node->next;
        xmlNode *called = is_xslt(node, "call-template") ? find_called(root, node) : NULL;
        if (called == NULL || !has_no_names(called)) {
            problem = inline_calls(root, node, depth);
            continue;
        }
        xmlNode *body = xmlDocCopyNode(called, root->doc, 1);
        problem = body != NULL ? inline_calls(root, body, depth + 1) : no_memory;
        while (body != NULL && body->children != NULL) {
            xmlNode *moved = xmlAddPrevSibling(node, body->children);
            if (moved->type == XML_ELEMENT_NODE)
                xmlReconciliateNs(root->doc, moved);
        }
        xmlFreeNode(body);
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }
    return problem;
}

const char *fold_stylesheet(xmlDoc *stylesheet)
{
    const xmlNode *root = xmlDocGetRootElement(stylesheet);
    remove_blanks(root);
    const char *problem = inline_calls(root, root, 0);
    for (const xmlNode *node = root->children; node != NULL && problem == NULL; node = node->next)
        if (xmlHasProp(node, BAD_CAST "match") != NULL &&
            (children_give(root, node, 0) & ATTRIBUTES) != 0)
            problem = "a template that matches gives attributes";
    for (xmlNode *node = root->children; node != NULL && problem == NULL; node = node->next)
        if (is_xslt(node, "template"))
            problem = fold_content(root, node);
    return problem;
}

void fold_write(xmlDoc *result, xmlOutputBuffer *output)
{
    for (xmlNode *node = result->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE) {
            htmlNodeDumpFormatOutput(output, result, node, "UTF-8", 0);
            continue;
        }
        for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
            htmlNodeDumpFormatOutput(output, result, (xmlNode *)attribute, "UTF-8", 0);
    }
}
