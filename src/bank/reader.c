/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bank/reader.h"

#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE "urn:iso:std:iso:20022:tech:xsd:"
#define PATH_SIZE 512
#define PROBLEM_SIZE 256
#define BLANKS " \t\r\n"

struct bank_reader {
    xmlTextReaderPtr xml;
    char space[64]; /* the message's namespace */
    char path[PATH_SIZE];
    size_t path_length;
    char text[BANK_TEXT_BYTES + 1];
    size_t text_length;
    bool is_leaf; /* no element inside so far */
    char currency[BANK_CURRENCY_SIZE];
    char problem[PROBLEM_SIZE];
};

static void take_error(void *context, xmlErrorPtr error)
{
    struct bank_reader *reader = context;
    if (reader->problem[0] != '\0' || error->level < XML_ERR_ERROR)
        return;
    snprintf(reader->problem, sizeof reader->problem, "line %d: %s", error->line,
             error->message != NULL ? error->message : "not XML");
    reader->problem[strcspn(reader->problem, "\r\n")] = '\0';
}

/* Without a line or an end: the reading fails, and that is what counts. */
static void take_words(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

/* xml NULL: no memory. */
static struct bank_reader *begin(xmlTextReaderPtr xml)
{
    struct bank_reader *reader = xml != NULL ? calloc(1, sizeof *reader) : NULL;
    if (reader == NULL) {
        xmlFreeTextReader(xml);
        return NULL;
    }
    reader->xml = xml;
    xmlTextReaderSetStructuredErrorHandler(xml, take_error, reader);
    /* What is wrong with an encoding, libxml2 says elsewhere. */
    xmlSetStructuredErrorFunc(reader, take_error);
    xmlSetGenericErrorFunc(reader, take_words);
    return reader;
}

struct bank_reader *bank_reader_new(int file)
{
    return begin(xmlReaderForFd(file, NULL, NULL, XML_PARSE_NONET));
}

struct bank_reader *bank_reader_new_for(const char *bytes, size_t count)
{
    return begin(xmlReaderForMemory(bytes, (int)count, NULL, NULL, XML_PARSE_NONET));
}

void bank_reader_free(struct bank_reader *reader)
{
    if (reader != NULL)
        xmlFreeTextReader(reader->xml);
    xmlSetStructuredErrorFunc(NULL, NULL);
    xmlSetGenericErrorFunc(NULL, NULL);
    free(reader);
}

const char *bank_reader_problem(const struct bank_reader *reader)
{
    return reader->problem;
}

bool bank_reader_refuse(struct bank_reader *reader, const char *problem)
{
    if (reader->problem[0] == '\0')
        snprintf(reader->problem, sizeof reader->problem, "line %d: %s",
                 xmlTextReaderGetParserLineNumber(reader->xml), problem);
    return false;
}

/* Moves to the next node. False: the end, or a problem. */
static bool step(struct bank_reader *reader)
{
    int moved = xmlTextReaderRead(reader->xml);
    if (moved < 0)
        return bank_reader_refuse(reader, "not XML");
    if (moved == 0 || reader->problem[0] != '\0')
        return false;
    switch (xmlTextReaderNodeType(reader->xml)) {
    case XML_READER_TYPE_DOCUMENT_TYPE:
        return bank_reader_refuse(reader, "a document type is not allowed");
    case XML_READER_TYPE_ENTITY_REFERENCE:
        return bank_reader_refuse(reader, "an entity is not allowed");
    default:
        return true;
    }
}

const char *bank_reader_message(struct bank_reader *reader)
{
    while (step(reader)) {
        if (xmlTextReaderNodeType(reader->xml) != XML_READER_TYPE_ELEMENT)
            continue;
        const char *space = (const char *)xmlTextReaderConstNamespaceUri(reader->xml);
        const char *name = (const char *)xmlTextReaderConstLocalName(reader->xml);
        if (space == NULL || strncmp(space, NAMESPACE, strlen(NAMESPACE)) != 0 ||
            strlen(space) >= sizeof reader->space || strcmp(name, "Document") != 0) {
            bank_reader_refuse(reader, "no message of ISO 20022");
            return NULL;
        }
        snprintf(reader->space, sizeof reader->space, "%s", space);
        snprintf(reader->path, sizeof reader->path, "Document");
        reader->path_length = strlen(reader->path);
        return reader->space + strlen(NAMESPACE);
    }
    bank_reader_refuse(reader, "empty");
    return NULL;
}

static bool enter(struct bank_reader *reader, const struct bank_handler *handler, void *context)
{
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(reader->xml);
    const char *name = (const char *)xmlTextReaderConstLocalName(reader->xml);
    bool ours = space != NULL && strcmp(space, reader->space) == 0;
    size_t room = sizeof reader->path - reader->path_length;
    int length = snprintf(reader->path + reader->path_length, room, "/%s", ours ? name : "?");
    if (length < 0 || (size_t)length >= room)
        return bank_reader_refuse(reader, "elements inside elements without end");
    reader->path_length += (size_t)length;
    reader->text_length = 0;
    reader->is_leaf = true;
    reader->currency[0] = '\0';
    if (xmlTextReaderMoveToAttribute(reader->xml, (const xmlChar *)"Ccy") == 1) {
        const char *value = (const char *)xmlTextReaderConstValue(reader->xml);
        if (value == NULL || strlen(value) != BANK_CURRENCY_SIZE - 1)
            return bank_reader_refuse(reader, "Ccy must be three letters");
        memcpy(reader->currency, value, sizeof reader->currency);
        xmlTextReaderMoveToElement(reader->xml);
    }
    return handler->open(context, reader->path);
}

/* How many bytes of text, at most room, end between two characters. */
static size_t fitting(const char *text, size_t room)
{
    size_t length = strlen(text);
    if (length > room) {
        length = room;
        while (length > 0 && (text[length] & 0xC0) == 0x80)
            length--;
    }
    return length;
}

static void gather(struct bank_reader *reader)
{
    const char *value = (const char *)xmlTextReaderConstValue(reader->xml);
    size_t length = value != NULL ? fitting(value, BANK_TEXT_BYTES - reader->text_length) : 0;
    if (length > 0)
        memcpy(reader->text + reader->text_length, value, length);
    reader->text_length += length;
}

static char *trimmed(struct bank_reader *reader)
{
    reader->text[reader->text_length] = '\0';
    char *text = reader->text + strspn(reader->text, BLANKS);
    size_t length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL)
        text[--length] = '\0';
    for (char *c = text; *c != '\0'; c++)
        if (strchr(BLANKS, *c) != NULL)
            *c = ' ';
    return text;
}

static bool leave(struct bank_reader *reader, const struct bank_handler *handler, void *context)
{
    if (reader->is_leaf && !handler->leaf(context, reader->path, trimmed(reader), reader->currency))
        return false;
    if (!handler->close(context, reader->path))
        return false;
    reader->is_leaf = false;
    char *last = strrchr(reader->path, '/');
    if (last != NULL) {
        *last = '\0';
        reader->path_length = (size_t)(last - reader->path);
    }
    return true;
}

bool bank_reader_walk(struct bank_reader *reader, const struct bank_handler *handler, void *context)
{
    while (step(reader)) {
        switch (xmlTextReaderNodeType(reader->xml)) {
        case XML_READER_TYPE_ELEMENT: {
            bool empty = xmlTextReaderIsEmptyElement(reader->xml) == 1;
            if (!enter(reader, handler, context) || (empty && !leave(reader, handler, context)))
                return false;
            break;
        }
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
            if (reader->is_leaf)
                gather(reader);
            break;
        case XML_READER_TYPE_END_ELEMENT:
            if (strchr(reader->path, '/') != NULL && !leave(reader, handler, context))
                return false;
            break;
        default:
            break;
        }
    }
    return reader->problem[0] == '\0';
}

void bank_append(char *field, size_t size, const char *text)
{
    size_t used = strlen(field);
    if (used > 0 && used + 1 < size && text[0] != '\0')
        field[used++] = ' ';
    size_t length = fitting(text, size - 1 - used);
    memcpy(field + used, text, length);
    field[used + length] = '\0';
}
