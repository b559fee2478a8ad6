/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * answers: what the four answers of a purchase cost by themselves, without HTTP and database.
 * Writes a JSON object, microseconds of CPU by answer: the least of several rounds, in which
 * nothing else displaces them from the caches.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "soap_double.h"
#include "web/page.h"
#include "web/render.h"

#define CALLS 2000
#define ROUNDS 10
#define ARENA_BYTES (1 << 20)

#define VENDOR_SAYS                 \
    "<v:VendorID>1001</v:VendorID>" \
    "<v:VendorPassword>a-penny</v:VendorPassword>"
#define ITEM_URL "http://1001.vendor.example/item/17"
#define ENCRYPTED_USER_ID "AZq8_0pM-kXv1tJcW7yH3nDfGbLsTeRiUoQaZxCvBnMkLpOiUyTrEwQ0123456789abcdef"

/* One answer, made as often as it is to be measured; false: there was none. */
struct answer {
    const char *name;
    bool (*make)(const struct answer *answer, struct arena *arena);
    const char *request; /* of SOAP */
};

static struct render *render;
static struct page_frame frame = {.here = "/", .logout_token = "token"};

static bool make_soap(const struct answer *answer, struct arena *arena)
{
    struct call call = {.arena = arena, .correlation_id = "1", .remote_address = "127.0.0.1"};
    struct soap_exchange exchange = {.body = answer->request,
                                     .body_bytes = strlen(answer->request),
                                     .content_type = "text/xml; charset=utf-8"};
    soap_answer(NULL, &call, &exchange);
    return exchange.status == 200;
}

static bool make_page(enum render_page name, xmlDoc *document, struct arena *arena)
{
    const char *html;
    size_t bytes;
    bool made = document != NULL &&
                render_html(render, arena, name, frame.locale, document, &html, &bytes) == FT_OK;
    xmlFreeDoc(document);
    return made;
}

static bool make_buy_window(const struct answer *answer, struct arena *arena)
{
    (void)answer;
    static const struct purchase_view view = {
        .offer = {.title = "Item 17", .price = 10000, .content_url = ITEM_URL, .is_post = true},
        .currency = "EUR",
        .vendor_name = "Vendor 1",
        .vendor_home_url = "http://vendor.example/",
    };
    const struct page_buy buy = {.transaction = {.id = TRANSACTION, .view = &view},
                                 .form_token = "token"};
    frame.arena = arena;
    return make_page(RENDER_buy, page_buy(&frame, &buy), arena);
}

static bool make_return(const struct answer *answer, struct arena *arena)
{
    (void)answer;
    static const struct purchase_return back = {
        .content_url = ITEM_URL,
        .content_origin = "http://1001.vendor.example",
        .is_post = true,
        .encrypted_user_id = ENCRYPTED_USER_ID,
        .content_id = "item-17",
        .optional_data = "",
        .charged = true,
        .price = 10000,
        .currency = "EUR",
        .balance = 990000,
        .login_max_age_s = -1,
    };
    frame.arena = arena;
    return make_page(RENDER_return, page_return(&frame, &back), arena);
}

/* Exits when there is no answer. */
static double measure_round(const struct answer *answer)
{
    struct timespec begun, ended;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
    for (int i = 0; i < CALLS; i++) {
        struct arena *arena = arena_new(ARENA_BYTES);
        if (arena == NULL || !answer->make(answer, arena)) {
            fprintf(stderr, "no answer: %s\n", answer->name);
            exit(EXIT_FAILURE);
        }
        arena_free(arena);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    return ((double)(ended.tv_sec - begun.tv_sec) * 1e6 +
            (double)(ended.tv_nsec - begun.tv_nsec) / 1e3) /
           CALLS;
}

static double measure(const struct answer *answer)
{
    double least = measure_round(answer);
    for (int round = 1; round < ROUNDS; round++) {
        double taken = measure_round(answer);
        least = taken < least ? taken : least;
    }
    return least;
}

int main(void)
{
    static const struct render_site site = {.provider = "Farthing",
                                            .support = "help@pay.example",
                                            .stylesheet = "/static/farthing.css?v=1",
                                            .script = "/static/farthing.js?v=1",
                                            .icon = "/static/farthing.svg?v=1"};
#define ENVELOPE(operation, parameters)                                               \
    "<e:Envelope xmlns:e=\"" SOAP11 "\" xmlns:v=\"" VENDOR "\"><e:Body><v:" operation \
    ">" VENDOR_SAYS parameters "</v:" operation "></e:Body></e:Envelope>"
    static const struct answer answers[] = {
        {"initiate", make_soap,
         ENVELOPE("InitiateTransaction", "<v:ContentTitle>Item 17</v:ContentTitle>"
                                         "<v:Price>0.01</v:Price><v:ContentURL>" ITEM_URL
                                         "</v:ContentURL><v:IsPost>true</v:IsPost>"
                                         "<v:VendorContentID>item-17</v:VendorContentID>")},
        {"view", make_buy_window, NULL},
        {"buy", make_return, NULL},
        {"lock", make_soap,
         ENVELOPE("Lock_Content", "<v:EncryptedUserID>" ENCRYPTED_USER_ID "</v:EncryptedUserID>"
                                  "<v:ContentURL>" ITEM_URL "</v:ContentURL>")},
    };
    render = render_load(WEB_DIRECTORY, &site);
    frame.locale = locale_find("en");
    if (render == NULL || soap_double_setup(NULL) != 0)
        return EXIT_FAILURE;
    service_double.lock_answer.license.views_left = 5;
    service_double.lock_answer.license.transaction_id = TRANSACTION;
    json_t *result = json_object();
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        json_object_set_new(result, answers[i].name, json_real(measure(&answers[i])));
    int written = json_dumpf(result, stdout, JSON_REAL_PRECISION(4));
    json_decref(result);
    (void)soap_double_teardown(NULL);
    render_free(render);
    return written == 0 && putchar('\n') != EOF ? EXIT_SUCCESS : EXIT_FAILURE;
}
