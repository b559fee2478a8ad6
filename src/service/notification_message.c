/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body and signature of a notification. */
#include "service/notification_message.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL for what did not happen, which is then left out. */
static const char *time_or_null(time_us_t time, char text[TIME_TEXT_SIZE])
{
    return time != 0 ? time_format(time, text) : NULL;
}

/* Amounts are texts: a number would be read through a double. */
static json_t *describe_transaction(const struct notification_event *event)
{
    char price[MONEY_TEXT_SIZE], incentive[MONEY_TEXT_SIZE], refunded[MONEY_TEXT_SIZE];
    char purchased_at[TIME_TEXT_SIZE], refunded_at[TIME_TEXT_SIZE];
    bool is_order = strcmp(event->transaction_kind, "checkout") == 0;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "state", event->state,
                     "currency", event->currency, "price", money_format(event->price, price),
                     "incentive_amount", money_format(event->incentive_amount, incentive),
                     "refunded_amount", money_format(event->refunded_amount, refunded),
                     "purchased_at", time_or_null(event->purchased_at, purchased_at), "refunded_at",
                     time_or_null(event->refunded_at, refunded_at),
                     is_order ? "order_id" : "vendor_content_id", event->vendor_content_id,
                     "optional_data", event->optional_data);
}

static json_t *describe_settlement(const struct notification_event *event)
{
    char amount[MONEY_TEXT_SIZE];
    return json_pack("{s:s, s:s*}", "amount", money_format(event->price, amount), "currency",
                     event->currency);
}

const char *notification_body(struct call *call, const struct notification_event *event)
{
    char occurred_at[TIME_TEXT_SIZE];
    const char *body = NULL;
    bool settled = strcmp(event->kind, "settled") == 0;
    json_t *message =
        json_pack("{s:s, s:s, s:s, s:s}", "event_id", event->event_id, "kind", event->kind,
                  "occurred_at", time_format(event->occurred_at, occurred_at),
                  settled ? "settlement_id" : "transaction_id", event->transaction_id);
    json_t *subject = settled                ? describe_settlement(event)
                      : event->state != NULL ? describe_transaction(event)
                                             : json_object();
    char *text = NULL;
    if (message != NULL && subject != NULL && json_object_update(message, subject) == 0)
        text = json_dumps(message, JSON_COMPACT);
    if (text != NULL)
        body = arena_strdup(call->arena, text);
    free(text);
    json_decref(subject);
    json_decref(message);
    return body;
}

bool notification_sign(struct call *call, const struct secret_key *secret, const char *timestamp,
                       const char *body, char signature_r[NOTIFICATION_SIGNATURE_SIZE])
{
    unsigned char mac[SECRET_HMAC_BYTES];
    const char *signed_text = arena_printf(call->arena, "%s.%s", timestamp, body);
    if (signed_text == NULL || !secret_hmac(secret, signed_text, strlen(signed_text), mac))
        return false;
    char *end = stpcpy(signature_r, "v1=");
    for (size_t i = 0; i < sizeof mac; i++)
        end += sprintf(end, "%02x", mac[i]);
    return true;
}

int notification_retry_s(const struct config *config, int attempts, int tried_s)
{
    int64_t retry_s = config->notifications.retry_first_s;
    for (int i = 1; i < attempts && retry_s < config->notifications.retry_last_s; i++)
        retry_s *= 2;
    if (retry_s > config->notifications.retry_last_s)
        retry_s = config->notifications.retry_last_s;
    return tried_s + retry_s <= config->notifications.give_up_hours * 3600LL ? (int)retry_s : -1;
}
