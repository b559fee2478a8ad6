/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vendors choose the URL, so that it is not trusted: whatever it says, a connection is made to
 * public addresses only, without proxy, redirect or credentials of ours, and little is read.
 */
#include "service/notification_sender.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service/notification_message.h"
#include "service/public_address.h"

struct notification_sender {
    const struct config *config;
    CURLM *multi;
    struct delivery *under_way;
};

struct notification_sender *notification_sender_new(const struct config *config)
{
    struct notification_sender *sender = calloc(1, sizeof *sender);
    if (sender == NULL)
        return NULL;
    sender->config = config;
    sender->multi = curl_multi_init();
    if (sender->multi == NULL) {
        free(sender);
        return NULL;
    }
    curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS, (long)config->notifications.connections);
    return sender;
}

void delivery_free(struct delivery *delivery)
{
    if (delivery == NULL)
        return;
    curl_easy_cleanup(delivery->easy);
    curl_slist_free_all(delivery->headers);
    free(delivery);
}

static void take_out(struct notification_sender *sender, struct delivery *delivery)
{
    struct delivery **place = &sender->under_way;
    while (*place != delivery)
        place = &(*place)->next;
    *place = delivery->next;
    curl_multi_remove_handle(sender->multi, delivery->easy);
}

void notification_sender_free(struct notification_sender *sender)
{
    if (sender == NULL)
        return;
    while (sender->under_way != NULL) {
        struct delivery *delivery = sender->under_way;
        take_out(sender, delivery);
        delivery_free(delivery);
    }
    curl_multi_cleanup(sender->multi);
    free(sender);
}

/* The address that is connected to is what counts: a name may lead anywhere. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct delivery *delivery = context;
    (void)purpose;
    if (!delivery->allow_private && !address_is_public(&address->addr)) {
        delivery->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Nothing of the answer but its status is of use. */
static size_t ignore(char *data, size_t size, size_t count, void *context)
{
    size_t *left = context;
    (void)data;
    if (size * count > *left)
        return 0;
    *left -= size * count;
    return size * count;
}

static bool add_header(struct delivery *delivery, struct call *call, const char *name,
                       const char *value)
{
    const char *line = arena_printf(call->arena, "%s: %s", name, value);
    struct curl_slist *headers = line != NULL ? curl_slist_append(delivery->headers, line) : NULL;
    if (headers == NULL)
        return false;
    delivery->headers = headers;
    return true;
}

static bool write_message(struct delivery *delivery, struct call *call,
                          const struct notification_event *event, const struct secret_key *secret)
{
    char timestamp[24], signature[NOTIFICATION_SIGNATURE_SIZE];
    const char *body = notification_body(call, event);
    snprintf(timestamp, sizeof timestamp, "%lld", time_now_us() / TIME_SECOND);
    return body != NULL && notification_sign(call, secret, timestamp, body, signature) &&
           add_header(delivery, call, "Content-Type", "application/json") &&
           add_header(delivery, call, "Expect", "") &&
           add_header(delivery, call, "Farthing-Timestamp", timestamp) &&
           add_header(delivery, call, "Farthing-Signature", signature) &&
           curl_easy_setopt(delivery->easy, CURLOPT_HTTPHEADER, delivery->headers) == CURLE_OK &&
           curl_easy_setopt(delivery->easy, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK;
}

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static bool set_options(struct delivery *delivery, const struct config *config, const char *url)
{
    CURL *easy = delivery->easy;
    return SET(CURLOPT_URL, url) && SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
           SET(CURLOPT_PROXY, "") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
           SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(CURLOPT_OPENSOCKETDATA, delivery) &&
           SET(CURLOPT_TIMEOUT_MS, (long)config->notifications.timeout_ms) &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_QUICK_EXIT, 1L) && /* wait for no resolver */
           SET(CURLOPT_WRITEFUNCTION, ignore) && SET(CURLOPT_WRITEDATA, &delivery->answer_bytes) &&
           SET(CURLOPT_HEADERFUNCTION, ignore) &&
           SET(CURLOPT_HEADERDATA, &delivery->answer_bytes) &&
           SET(CURLOPT_ERRORBUFFER, delivery->problem_text) && SET(CURLOPT_USERAGENT, "Farthing") &&
           SET(CURLOPT_PRIVATE, delivery);
}

bool notification_sender_begin(struct notification_sender *sender, struct call *call,
                               const struct notification_event *event,
                               const struct secret_key *secret)
{
    struct delivery *delivery = calloc(1, sizeof *delivery);
    if (delivery == NULL)
        return false;
    snprintf(delivery->event_id, sizeof delivery->event_id, "%s", event->event_id);
    delivery->vendor_id = event->vendor_id;
    delivery->attempts = event->attempts;
    delivery->tried_s = event->tried_s;
    delivery->allow_private = sender->config->notifications.allow_private;
    delivery->answer_bytes = (size_t)sender->config->notifications.answer_bytes;
    delivery->easy = curl_easy_init();
    if (delivery->easy == NULL || !set_options(delivery, sender->config, event->url) ||
        !write_message(delivery, call, event, secret) ||
        curl_multi_add_handle(sender->multi, delivery->easy) != CURLM_OK) {
        delivery_free(delivery);
        return false;
    }
    delivery->next = sender->under_way;
    sender->under_way = delivery;
    return true;
}

void notification_sender_wait(struct notification_sender *sender, int timeout_ms)
{
    int running = 0;
    curl_multi_perform(sender->multi, &running);
    int left = 0;
    for (struct delivery *delivery = sender->under_way; delivery != NULL; delivery = delivery->next)
        left++;
    if (running == left) /* none has ended */
        curl_multi_poll(sender->multi, NULL, 0, timeout_ms, NULL);
    curl_multi_perform(sender->multi, &running);
}

void notification_sender_wake(struct notification_sender *sender)
{
    curl_multi_wakeup(sender->multi);
}

/* A long answer is cut off; its status has come before. */
static const char *problem_of(struct delivery *delivery, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(delivery->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0)) {
        if (status >= 200 && status < 300)
            return NULL;
        snprintf(delivery->problem_text, sizeof delivery->problem_text, "status %ld", status);
    } else if (delivery->refused) {
        return "the host's address is not of the public internet";
    } else if (delivery->problem_text[0] == '\0') {
        return curl_easy_strerror(code);
    }
    return delivery->problem_text;
}

struct delivery *notification_sender_take(struct notification_sender *sender, bool broken_off)
{
    struct delivery *delivery = NULL;
    int waiting = 0;
    CURLMsg *message = curl_multi_info_read(sender->multi, &waiting);
    if (message != NULL) {
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&delivery);
        delivery->problem = problem_of(delivery, code);
    } else if (broken_off && sender->under_way != NULL) {
        delivery = sender->under_way;
        delivery->problem = "broken off";
    }
    if (delivery != NULL)
        take_out(sender, delivery);
    return delivery;
}

int notification_sender_vendors(const struct notification_sender *sender, int *vendors_r,
                                int capacity)
{
    int count = 0;
    for (struct delivery *delivery = sender->under_way; delivery != NULL;
         delivery = delivery->next) {
        assert(count < capacity);
        vendors_r[count++] = delivery->vendor_id;
    }
    return count;
}
