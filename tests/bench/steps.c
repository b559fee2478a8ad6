/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and answers of a purchase. */
#include "steps.h"

#include <stdio.h>
#include <string.h>

#define SOAP_PATH "/soap/vendor/1"
#define SOAP_TYPE "text/xml; charset=utf-8"
#define FORM_TYPE "application/x-www-form-urlencoded"

#define ENVELOPE(operation, parameters)                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"                                          \
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>" \
    "<" operation " xmlns=\"urn:farthing:vendor:1\">" parameters "</" operation ">"       \
    "</soap:Body></soap:Envelope>"

#define CONTENT_URL "http://%d.vendor.example/items/%d"

const char *const step_names[STEP_COUNT] = {"initiate", "view", "buy", "lock"};

static int vendor_of(const struct market *market, int item)
{
    return market->first_vendor_id + item % market->vendors;
}

static bool request_initiate(const struct market *market, const struct purchase *purchase,
                             struct client *client)
{
    int item = purchase->item, vendor_id = vendor_of(market, item);
    int price = 500 * (1 + item % 5000); /* 0.0005 to 2.50, in micro-units */
    char body[2048];
    int bytes = snprintf(
        body, sizeof(body),
        ENVELOPE("InitiateTransaction",
                 "<VendorID>%d</VendorID><VendorPassword>%s</VendorPassword>"
                 "<ContentTitle>Item %d of the catalogue</ContentTitle>"
                 "<Price>%d.%06d</Price><ContentURL>" CONTENT_URL "</ContentURL>"
                 "<IsPost>true</IsPost><VendorContentID>item-%d</VendorContentID>"
                 "<NumberOfTimesToView>%d</NumberOfTimesToView>"
                 "<ShortDescription>One of many things that cost little.</ShortDescription>"
                 "<OptionalData>visit=%d</OptionalData>"),
        vendor_id, market->vendor_password, item, price / 1000000, price % 1000000, vendor_id, item,
        item, market->views, item);
    return bytes > 0 && (size_t)bytes < sizeof(body) &&
           client_request(client, SOAP_PATH, NULL, SOAP_TYPE, body);
}

static bool request_lock(const struct market *market, const struct purchase *purchase,
                         struct client *client)
{
    int vendor_id = vendor_of(market, purchase->item);
    char body[2048];
    int bytes = snprintf(
        body, sizeof(body),
        ENVELOPE("Lock_Content", "<VendorID>%d</VendorID><VendorPassword>%s</VendorPassword>"
                                 "<EncryptedUserID>%s</EncryptedUserID>"
                                 "<ContentURL>" CONTENT_URL "</ContentURL>"),
        vendor_id, market->vendor_password, purchase->encrypted_user_id, vendor_id, purchase->item);
    return bytes > 0 && (size_t)bytes < sizeof(body) &&
           client_request(client, SOAP_PATH, NULL, SOAP_TYPE, body);
}

bool step_request(enum step step, const struct market *market, const struct purchase *purchase,
                  struct client *client)
{
    char path[128], body[512];
    snprintf(path, sizeof(path), "/buy/%s", purchase->transaction_id);
    snprintf(body, sizeof(body), "form_token=%s&action=buy", purchase->form_token);
    switch (step) {
    case STEP_INITIATE:
        return request_initiate(market, purchase, client);
    case STEP_VIEW:
        return client_request(client, path, purchase->cookie, NULL, NULL);
    case STEP_BUY:
        return client_request(client, path, purchase->cookie, FORM_TYPE, body);
    case STEP_LOCK:
        return request_lock(market, purchase, client);
    default:
        return false;
    }
}

/* Copies what stands between the first before and the next of stop. */
static bool cut(const char *text, const char *before, char stop, char *copy_r, size_t size)
{
    const char *begin = text != NULL ? strstr(text, before) : NULL;
    if (begin == NULL)
        return false;
    begin += strlen(before);
    const char *end = strchr(begin, stop);
    if (end == NULL || end == begin || (size_t)(end - begin) >= size)
        return false;
    memcpy(copy_r, begin, (size_t)(end - begin));
    copy_r[end - begin] = '\0';
    return true;
}

/* The value of the page's first input field of that name; its attributes stand in any order. */
static bool cut_field(const char *page, const char *name, char *value_r, size_t size)
{
    const char *field = page != NULL ? strstr(page, name) : NULL;
    if (field == NULL)
        return false;
    while (field > page && *field != '<')
        field--;
    const char *end = strchr(field, '>');
    return cut(field, " value=\"", '"', value_r, size) && strstr(field, " value=\"") < end;
}

bool step_answer(enum step step, const struct client *client, struct purchase *purchase)
{
    if (client->status != 200)
        return false;
    switch (step) {
    case STEP_INITIATE:
        return cut(client->body, "TransactionID>", '<', purchase->transaction_id,
                   sizeof(purchase->transaction_id));
    case STEP_VIEW:
        /* The buy form; other forms of the page have tokens of their own. */
        return cut_field(strstr(client->body, purchase->transaction_id), "name=\"form_token\"",
                         purchase->form_token, sizeof(purchase->form_token));
    case STEP_BUY:
        return cut_field(client->body, "name=\"EncryptedUserID\"", purchase->encrypted_user_id,
                         sizeof(purchase->encrypted_user_id));
    case STEP_LOCK:
        return strstr(client->body, "Authorized>true<") != NULL;
    default:
        return false;
    }
}
