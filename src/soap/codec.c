/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One struct soap for each call that is being read or answered, its limits, and envelopes without
 * gSOAP's HTTP. It takes 110 KB: a call that waits leaves it to others, so that few are in use, and
 * those are in the caches.
 *
 * Half of gSOAP's time for a small message goes into its tables of ids, 32 KiB that soap_begin,
 * soap_begin_recv, soap_end_recv and soap_end walk through, each once or twice. Messages here
 * are trees without ids (SOAP_XML_TREE), so once is enough: soap_begin_recv does it, and leaves
 * nothing for the others but memory to free, which soap_dealloc does, and namespaces, which an
 * answer begins with anew.
 */
#include "soap/codec.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/xmlregexp.h>
#include <pthread.h>
#include <string.h>

#include "core/secret.h"
#include "soap/vendor1.nsmap"

#define LEVEL_MAX 32
#define STRING_MAX 65536 /* characters, where the schema sets no length */
#define OCCURS_MAX 100

/* The library wants a table of this name; soap_set_namespaces takes the place of it. */
struct Namespace namespaces[] = {{NULL, NULL, NULL, NULL}};

/* What the hooks work on; soap->user. */
struct codec {
    struct codec *next; /* while it is kept */
    struct soap *soap;
    struct call *call;
    const char *body; /* not yet read */
    size_t body_bytes;
    size_t secret_bytes; /* of a request or answer; gSOAP's buffers begin with as many at most */
    char *answer;        /* so far */
    size_t answer_bytes;
    const char *refused; /* in the call's arena, or gSOAP's */
    const char *pattern; /* of which regexp was made */
    xmlRegexpPtr regexp;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER; /* gSOAP's first one starts OpenSSL */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;     /* of kept */
/* As many as threads had one at once. What was used last is used next: it is in the caches. */
static struct codec *kept;

static size_t receive(struct soap *soap, char *buffer, size_t capacity)
{
    struct codec *codec = soap->user;
    size_t bytes = codec->body_bytes < capacity ? codec->body_bytes : capacity;
    memcpy(buffer, codec->body, bytes);
    codec->body += bytes;
    codec->body_bytes -= bytes;
    return bytes;
}

/* gSOAP fills its 64 KiB buffer before it sends, so this is called once for all but giants. */
static int transmit(struct soap *soap, const char *data, size_t bytes)
{
    struct codec *codec = soap->user;
    char *answer = realloc(codec->answer, codec->answer_bytes + bytes);
    if (answer == NULL)
        return SOAP_EOM;
    codec->answer = answer;
    memcpy(codec->answer + codec->answer_bytes, data, bytes);
    codec->answer_bytes += bytes;
    codec->secret_bytes = codec->answer_bytes;
    return SOAP_OK;
}

static int close_nothing(struct soap *soap)
{
    (void)soap;
    return SOAP_OK;
}

/* As long as the schema has one pattern, it is compiled once. */
static int validate(struct soap *soap, const char *pattern, const char *text)
{
    struct codec *codec = soap->user;
    if (codec->pattern != pattern) {
        xmlRegFreeRegexp(codec->regexp);
        codec->regexp = xmlRegexpCompile((const xmlChar *)pattern);
        codec->pattern = codec->regexp != NULL ? pattern : NULL;
    }
    if (codec->regexp == NULL)
        return soap->error = SOAP_EOM;
    if (xmlRegexpExec(codec->regexp, (const xmlChar *)text) != 1)
        return soap->error = SOAP_TYPE;
    return SOAP_OK;
}

static void codec_free(struct codec *codec)
{
    if (codec->soap != NULL) {
        soap_end(codec->soap);
        soap_free(codec->soap);
    }
    xmlRegFreeRegexp(codec->regexp);
    free(codec->answer);
    free(codec);
}

static struct codec *take_kept(void)
{
    pthread_mutex_lock(&lock);
    struct codec *codec = kept;
    if (codec != NULL)
        kept = codec->next;
    pthread_mutex_unlock(&lock);
    return codec;
}

static void keep(struct codec *codec)
{
    pthread_mutex_lock(&lock);
    assert(codec != kept);
    codec->next = kept;
    kept = codec;
    pthread_mutex_unlock(&lock);
}

static void free_kept(void)
{
    struct codec *codec;
    while ((codec = take_kept()) != NULL)
        codec_free(codec);
}

static void prepare(void)
{
    xmlInitParser();
    (void)atexit(free_kept);
}

static struct soap *soap_make(void)
{
    pthread_mutex_lock(&creation);
    struct soap *soap =
        soap_new2(SOAP_ENC_PLAIN | SOAP_C_UTFSTRING | SOAP_XML_STRICT | SOAP_XML_TREE,
                  SOAP_ENC_PLAIN | SOAP_C_UTFSTRING | SOAP_XML_TREE | SOAP_IO_BUFFER);
    pthread_mutex_unlock(&creation);
    if (soap == NULL)
        return NULL;
    soap->frecv = receive;
    soap->fsend = transmit;
    soap->fclose = close_nothing;
    soap->fsvalidate = validate;
    soap->maxlevel = LEVEL_MAX;
    soap->maxlength = STRING_MAX;
    soap->maxoccurs = OCCURS_MAX;
    soap_set_namespaces(soap, vendor1_namespaces);
    return soap;
}

static struct codec *codec_new(void)
{
    struct codec *codec = calloc(1, sizeof(*codec));
    if (codec == NULL)
        return NULL;
    codec->soap = soap_make();
    if (codec->soap == NULL) {
        codec_free(codec);
        return NULL;
    }
    codec->soap->user = codec;
    return codec;
}

struct soap *codec_acquire(struct call *call)
{
    pthread_once(&once, prepare);
    struct codec *codec = take_kept();
    if (codec == NULL)
        codec = codec_new();
    if (codec == NULL)
        return NULL;
    codec->call = call;
    return codec->soap;
}

void codec_release(struct soap *soap)
{
    struct codec *codec = soap->user;
    const size_t bytes = codec->secret_bytes;
    secret_wipe(soap->buf, bytes < sizeof(soap->buf) ? bytes : sizeof(soap->buf));
    if (soap->labbuf != NULL) /* where texts are decoded */
        secret_wipe(soap->labbuf, bytes < soap->lablen ? bytes : soap->lablen);
    if (codec->answer != NULL)
        secret_wipe(codec->answer, codec->answer_bytes);
    codec->secret_bytes = 0;
    free(codec->answer);
    codec->answer = NULL;
    codec->answer_bytes = 0;
    codec->refused = NULL;
    soap_dealloc(soap, NULL);
    soap->error = SOAP_OK;
    keep(codec);
}

void *codec_malloc(struct soap *soap, size_t bytes)
{
    const struct codec *codec = soap->user;
    void *memory = arena_alloc(codec->call->arena, bytes);
    if (memory == NULL)
        soap->error = SOAP_EOM;
    return memory;
}

char *codec_keep(struct soap *soap, char *text)
{
    if (text == NULL)
        return NULL;
    const size_t size = strlen(text) + 1;
    char *copy = codec_malloc(soap, size);
    if (copy != NULL)
        memcpy(copy, text, size);
    secret_wipe(text, size);
    return copy;
}

int codec_begin_request(struct soap *soap, const char *body, size_t bytes)
{
    struct codec *codec = soap->user;
    codec->body = body;
    codec->body_bytes = bytes;
    codec->secret_bytes = bytes;
    if (soap_begin_recv(soap) != SOAP_OK || soap_envelope_begin_in(soap) != SOAP_OK)
        return soap->error;
    if (soap->version == 0) { /* gSOAP would go on with XML that is no SOAP */
        const char *colon = strchr(soap->tag, ':');
        bool is_envelope = strcmp(colon != NULL ? colon + 1 : soap->tag, "Envelope") == 0;
        return soap->error = is_envelope ? SOAP_VERSIONMISMATCH : SOAP_NO_DATA;
    }
    if (soap_recv_header(soap) == SOAP_OK && soap_body_begin_in(soap) == SOAP_OK)
        soap_peek_element(soap);
    if (soap->error == SOAP_TAG_MISMATCH || soap->error == SOAP_NO_TAG)
        soap->error = SOAP_NO_DATA;
    return soap->error;
}

int codec_end_request(struct soap *soap)
{
    if (soap_peek_element(soap) == SOAP_OK)
        return soap->error = SOAP_END_TAG;
    if (soap_body_end_in(soap) != SOAP_OK || soap_envelope_end_in(soap) != SOAP_OK)
        return soap->error;
    soap_wchar character;
    do {
        character = soap_get(soap);
    } while (character > 0 && character <= ' ');
    if (character != EOF)
        return soap->error = SOAP_SYNTAX_ERROR;
    return soap->error = SOAP_OK;
}

/*
 * What the codec read last, for another call perhaps, has changed the table of namespaces: an
 * answer begins with one of its own. And literal, without an encodingStyle.
 */
static bool set_version(struct soap *soap, short version)
{
    if (soap_set_namespaces(soap, vendor1_namespaces) != SOAP_OK)
        return false;
    soap->version = 0; /* or soap_set_version takes the new table for one of that version */
    soap_set_version(soap, version);
    return soap->version == version;
}

struct soap *codec_begin_answer(struct call *call, const struct soap_exchange *exchange)
{
    struct soap *soap = codec_acquire(call);
    if (soap == NULL)
        return NULL;
    if (soap_begin_send(soap) == SOAP_OK && set_version(soap, (short)exchange->version) &&
        soap_envelope_begin_out(soap) == SOAP_OK && soap_body_begin_out(soap) == SOAP_OK)
        return soap;
    codec_release(soap);
    return NULL;
}

enum ft_error codec_end_answer(struct soap *soap, struct soap_exchange *exchange)
{
    if (soap == NULL)
        return FT_INTERNAL;
    const struct codec *codec = soap->user;
    const bool whole = soap->error == SOAP_OK && soap_body_end_out(soap) == SOAP_OK &&
                       soap_envelope_end_out(soap) == SOAP_OK && soap_end_send(soap) == SOAP_OK;
    exchange->answer =
        whole ? arena_strndup(codec->call->arena, codec->answer, codec->answer_bytes) : NULL;
    exchange->answer_bytes = codec->answer_bytes;
    exchange->answer_type =
        exchange->version == 2 ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8";
    codec_release(soap);
    return exchange->answer != NULL ? FT_OK : FT_INTERNAL;
}

int codec_refuse(struct soap *soap, int error, const char *text)
{
    struct codec *codec = soap->user;
    codec->refused = text;
    return soap->error = error;
}

const char *codec_refused(const struct soap *soap)
{
    const struct codec *codec = soap->user;
    return codec->refused;
}

const char *codec_value(struct soap *soap)
{
    const char *text = soap_value(soap);
    bool is_long = text == NULL && soap->error == SOAP_LENGTH; /* its beginning is in the buffer */
    codec_refuse(soap, soap->error, is_long ? soap->tmpbuf : text);
    return text;
}

char *codec_text(const char *text)
{
    union {
        const char *in;
        char *out;
    } both = {.in = text};
    return both.out;
}

void codec_wipe(char *text)
{
    if (text != NULL)
        secret_wipe(text, strlen(text));
}
