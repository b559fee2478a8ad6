/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The WSDL as clients get it: at its address, and without SOAP 1.2 for those it confuses. */
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "soap/soap.h"

#define WSDL_SOAP11 "http://schemas.xmlsoap.org/wsdl/soap/"
#define WSDL_SOAP12 "http://schemas.xmlsoap.org/wsdl/soap12/"
#define ENDPOINT "/soap/vendor/1"

typedef bool node_action(xmlNodePtr node, const char *argument);

static bool set_location(xmlNodePtr node, const char *location)
{
    return xmlSetProp(node, BAD_CAST "location", (const xmlChar *)location) != NULL;
}

static bool remove_node(xmlNodePtr node, const char *unused)
{
    (void)unused;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    return true;
}

/* False: path found nothing, or the action failed. */
static bool each_node(xmlDocPtr document, const char *path, node_action *action,
                      const char *argument)
{
    bool done = false;
    xmlXPathObjectPtr found = NULL;
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    if (context == NULL ||
        xmlXPathRegisterNs(context, BAD_CAST "wsdl", BAD_CAST "http://schemas.xmlsoap.org/wsdl/") !=
            0 ||
        xmlXPathRegisterNs(context, BAD_CAST "soap", BAD_CAST WSDL_SOAP11) != 0 ||
        xmlXPathRegisterNs(context, BAD_CAST "soap12", BAD_CAST WSDL_SOAP12) != 0)
        goto out;
    found = xmlXPathEvalExpression((const xmlChar *)path, context);
    if (found == NULL || xmlXPathNodeSetIsEmpty(found->nodesetval))
        goto out;
    done = true;
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        done = action(found->nodesetval->nodeTab[i], argument) && done;
        found->nodesetval->nodeTab[i] = NULL;
    }
out:
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return done;
}

static char *text_of(xmlDocPtr document)
{
    xmlChar *text = NULL;
    int bytes;
    xmlDocDumpFormatMemoryEnc(document, &text, &bytes, "UTF-8", 1);
    char *copy = text != NULL ? strndup((const char *)text, (size_t)bytes) : NULL;
    xmlFree(text);
    return copy;
}

bool soap_wsdl_load(const char *path, const char *public_url, struct soap_wsdl *wsdl_r)
{
    char *location = NULL;
    *wsdl_r = (struct soap_wsdl){0};
    xmlDocPtr document = xmlReadFile(
        path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS);
    if (document == NULL || asprintf(&location, "%s" ENDPOINT, public_url) < 0)
        goto out;
    if (!each_node(document, "//soap:address | //soap12:address", set_location, location))
        goto out;
    wsdl_r->both = text_of(document);
    if (each_node(document, "//wsdl:port[soap12:address] | //wsdl:binding[soap12:binding]",
                  remove_node, NULL))
        wsdl_r->soap11 = text_of(document);
out:
    free(location);
    xmlFreeDoc(document);
    if (wsdl_r->both != NULL && wsdl_r->soap11 != NULL)
        return true;
    log_event(LOG_ERROR, "wsdl_refused", "path", LOG_TEXT(path), NULL);
    soap_wsdl_free(wsdl_r);
    return false;
}

void soap_wsdl_free(struct soap_wsdl *wsdl)
{
    free(wsdl->soap11);
    free(wsdl->both);
    *wsdl = (struct soap_wsdl){0};
}
