/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The byte scanner of prescan.h, and libxml2 for the few documents that gSOAP would misread. */
#include "soap/prescan.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NOT_TEXT "The request has bytes that are not UTF-8 or characters that XML forbids."
#define NOT_WELL_FORMED "The request is not well-formed XML."
#define NO_DTD "The request has a document type declaration, which SOAP forbids."
#define NO_ENTITY "The request refers to an entity that XML does not define."
#define NO_CHARACTER "The request refers to a character that XML forbids."
#define NO_ENCODING "The request declares an encoding other than UTF-8."

/* gSOAP reads no more of a reference, and takes those beyond ASCII for bytes in numbers. */
#define REFERENCE_MAX 6

enum place { TEXT, TAG, QUOTED, APOSTROPHED, COMMENT, CDATA, INSTRUCTION };

struct scan {
    const unsigned char *begin;
    const unsigned char *at;
    const unsigned char *end;
    enum place place;
    bool misread; /* legal, but not for gSOAP */
    const char *problem;
};

/* Bytes that may mean something; the others are text wherever they stand. */
static const bool special[256] = {
    [0x00 ... 0x08] = true, [0x0b ... 0x0c] = true, [0x0e ... 0x1f] = true, ['"'] = true,
    ['&'] = true,           ['\''] = true,          ['-'] = true,           ['<'] = true,
    ['>'] = true,           ['?'] = true,           [']'] = true,           [0x80 ... 0xff] = true,
};

static bool starts(const struct scan *scan, const char *text)
{
    size_t bytes = strlen(text);
    return (size_t)(scan->end - scan->at) >= bytes && memcmp(scan->at, text, bytes) == 0;
}

static bool is_xml_character(unsigned long code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

/* How many bytes the character at scan->at has; 0: none that is allowed. */
static size_t character(const struct scan *scan)
{
    const unsigned char *at = scan->at;
    if (*at < 0x80)
        return is_xml_character(*at) ? 1 : 0;
    size_t bytes = *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2;
    if (*at < 0xc2 || *at > 0xf4 || (size_t)(scan->end - at) < bytes)
        return 0;
    unsigned long code = *at & (0x7fU >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3fU);
    }
    bool overlong = code < (bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000);
    return !overlong && is_xml_character(code) ? bytes : 0;
}

/* The number of "#65;" or "#x41;", whose ";" is there; a forbidden one: 0. */
static unsigned long reference_number(const char *text)
{
    bool hexadecimal = text[1] == 'x';
    const char *digits = text + (hexadecimal ? 2 : 1);
    size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    unsigned long code = strtoul(digits, NULL, hexadecimal ? 16 : 10);
    return length > 0 && digits[length] == ';' && is_xml_character(code) ? code : 0;
}

static void scan_reference(struct scan *scan)
{
    static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (starts(scan, entities[i])) {
            scan->at += strlen(entities[i]);
            return;
        }
    }
    const unsigned char *name = scan->at + 1;
    const unsigned char *end = memchr(name, ';', (size_t)(scan->end - name));
    if (end == NULL || *name != '#') {
        scan->problem = NO_ENTITY;
        return;
    }
    unsigned long code = reference_number((const char *)name);
    if (code == 0)
        scan->problem = NO_CHARACTER;
    else if (code >= 0x80 || end - name > REFERENCE_MAX)
        scan->misread = true;
    scan->at = end + 1;
}

static bool is_space(unsigned char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The value of "encoding" in an XML declaration must be UTF-8. */
static bool encoding_is_utf8(const unsigned char *declaration, size_t bytes)
{
    const unsigned char *at = memmem(declaration, bytes, "encoding", 8);
    if (at == NULL)
        return true;
    const unsigned char *end = declaration + bytes;
    for (at += 8; at < end && (is_space(*at) || *at == '='); at++)
        ;
    return end - at >= 7 && (*at == '"' || *at == '\'') && at[6] == *at &&
           strncasecmp((const char *)at + 1, "utf-8", 5) == 0;
}

/* "<?xml " belongs at the very beginning; other instructions are left out for gSOAP. */
static void scan_instruction(struct scan *scan, bool first)
{
    const unsigned char *close = memmem(scan->at, (size_t)(scan->end - scan->at), "?>", 2);
    bool declares = starts(scan, "<?xml") && scan->end - scan->at > 5 && is_space(scan->at[5]);
    if (close == NULL || (declares && !first))
        scan->problem = NOT_WELL_FORMED;
    else if (!declares)
        scan->misread = true;
    else if (!encoding_is_utf8(scan->at, (size_t)(close - scan->at)))
        scan->problem = NO_ENCODING;
    scan->place = INSTRUCTION;
    scan->at += 2;
}

static void scan_markup(struct scan *scan, bool first)
{
    if (starts(scan, "<!--")) {
        scan->place = COMMENT;
        scan->at += 4;
    } else if (starts(scan, "<![CDATA[")) {
        scan->place = CDATA;
        scan->at += 9;
    } else if (starts(scan, "<?")) {
        scan_instruction(scan, first);
    } else if (starts(scan, "<!")) {
        scan->problem = NO_DTD;
    } else if (scan->end - scan->at > 1 &&
               (scan->at[1] >= 'A' || scan->at[1] == '/' || scan->at[1] == ':')) {
        scan->place = TAG;
        scan->at += 1;
    } else {
        scan->problem = NOT_WELL_FORMED;
    }
}

/* Leaves a tag, value, comment, section or instruction; true: it moved. */
static bool scan_end(struct scan *scan)
{
    static const struct {
        const char *end;
        enum place after;
    } ends[] = {[TAG] = {">", TEXT},      [QUOTED] = {"\"", TAG},  [APOSTROPHED] = {"'", TAG},
                [COMMENT] = {"--", TEXT}, [CDATA] = {"]]>", TEXT}, [INSTRUCTION] = {"?>", TEXT}};
    if (scan->place == TEXT || !starts(scan, ends[scan->place].end))
        return false;
    scan->at += strlen(ends[scan->place].end);
    if (scan->place == COMMENT) { /* "--" within a comment is forbidden */
        if (!starts(scan, ">"))
            scan->problem = NOT_WELL_FORMED;
        scan->at++;
    }
    scan->place = ends[scan->place].after;
    return true;
}

static void scan_step(struct scan *scan, bool first)
{
    if (scan_end(scan))
        return;
    bool in_markup = scan->place == TAG || scan->place == QUOTED || scan->place == APOSTROPHED;
    unsigned char byte = *scan->at;
    if (byte == '<' && scan->place == TEXT) {
        scan_markup(scan, first);
    } else if (byte == '&' && (scan->place == TEXT || (in_markup && scan->place != TAG))) {
        scan_reference(scan);
    } else if ((in_markup && (byte == '<' || byte == '&')) ||
               (scan->place == TEXT && starts(scan, "]]>"))) {
        scan->problem = NOT_WELL_FORMED;
    } else {
        if (scan->place == TAG && byte == '"')
            scan->place = QUOTED;
        else if (scan->place == TAG && byte == '\'')
            scan->place = APOSTROPHED;
        size_t bytes = character(scan);
        if (bytes == 0)
            scan->problem = NOT_TEXT;
        scan->at += bytes;
    }
}

/* The same document without instructions, its references resolved. */
static void rewrite(struct arena *arena, struct prescan *result)
{
    xmlChar *text = NULL;
    int bytes = 0;
    xmlXPathContextPtr context = NULL;
    xmlXPathObjectPtr found = NULL;
    result->problem = NOT_WELL_FORMED;
    xmlDocPtr document = xmlReadMemory(result->text, (int)result->bytes, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (document == NULL)
        goto out;
    context = xmlXPathNewContext(document);
    if (context == NULL)
        goto out;
    found = xmlXPathEvalExpression(BAD_CAST "//processing-instruction()", context);
    if (found == NULL)
        goto out;
    for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++) {
        xmlUnlinkNode(found->nodesetval->nodeTab[i]);
        xmlFreeNode(found->nodesetval->nodeTab[i]);
        found->nodesetval->nodeTab[i] = NULL;
    }
    xmlDocDumpMemoryEnc(document, &text, &bytes, "UTF-8");
    result->text = text != NULL ? arena_strndup(arena, (const char *)text, (size_t)bytes) : NULL;
    result->bytes = (size_t)bytes;
    result->problem = NULL;
out:
    xmlFree(text);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
}

/* BOM or not, from its first byte to its last or to a problem. */
static struct scan scan_all(const char *text, size_t bytes)
{
    struct scan scan = {.at = (const unsigned char *)text};
    scan.end = scan.at + bytes;
    if (starts(&scan, "\xef\xbb\xbf"))
        scan.at += 3;
    const unsigned char *begin = scan.begin = scan.at;
    const unsigned char *first = begin;
    while (first < scan.end && is_space(*first))
        first++;
    if (first == scan.end || *first != '<') /* gSOAP also knows MIME, DIME and gzip */
        scan.problem = NOT_WELL_FORMED;
    while (scan.at < scan.end && scan.problem == NULL) {
        if (special[*scan.at])
            scan_step(&scan, scan.at == begin);
        else
            scan.at++;
    }
    if (scan.problem == NULL && scan.place != TEXT)
        scan.problem = NOT_WELL_FORMED;
    return scan;
}

/* libxml2 is scanned, too: it writes a namespace's name without escaping it. */
void soap_prescan(struct arena *arena, const char *body, size_t bytes, struct prescan *result_r)
{
    struct scan scan = scan_all(body, bytes);
    *result_r = (struct prescan){
        .text = (const char *)scan.begin,
        .bytes = (size_t)(scan.end - scan.begin),
        .problem = scan.problem,
    };
    if (scan.problem != NULL || !scan.misread)
        return;
    rewrite(arena, result_r);
    if (result_r->problem == NULL && result_r->text != NULL)
        result_r->problem = scan_all(result_r->text, result_r->bytes).problem;
}
