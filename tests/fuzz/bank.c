/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bank's file says comes out in bounds, as text of UTF-8, and within its amounts. */
#include "bank/statement.h"
#include "bank/status.h"
#include "core/time.h"

#include "fuzz.h"

/* Whether text is UTF-8 that ends in its field, and on one line. */
static void check_text(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    MUST(length < size);
    MUST(strpbrk(text, "\r\n\t") == NULL);
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i++];
        int more = c < 0x80 ? 0 : c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        MUST(c < 0x80 || c >= 0xC2);
        while (more-- > 0)
            MUST(((unsigned char)text[i++] & 0xC0) == 0x80);
    }
}
#define CHECK(field) check_text(field, sizeof(field))

static bool begin(void *context, const struct bank_statement *statement)
{
    int *open = context;
    MUST((*open)++ == 0);
    CHECK(statement->iban);
    CHECK(statement->currency);
    CHECK(statement->statement_id);
    CHECK(statement->page);
    CHECK(statement->made_at);
    MUST(statement->iban[0] != '\0' && statement->statement_id[0] != '\0');
    return true;
}

static bool take(void *context, const struct bank_entry *entry)
{
    const int *open = context;
    char date[BANK_DATE_SIZE + 16];
    time_us_t unused;
    MUST(*open == 1 && entry->position > 0 && entry->part >= -1);
    CHECK(entry->key);
    CHECK(entry->amount_text);
    CHECK(entry->currency);
    CHECK(entry->end_to_end_id);
    CHECK(entry->batch_id);
    CHECK(entry->bank_reference);
    CHECK(entry->party_name);
    CHECK(entry->party_iban);
    CHECK(entry->remittance);
    CHECK(entry->reason);
    snprintf(date, sizeof date, "%sT00:00:00Z", entry->booked_on);
    MUST(entry->booked_on[0] == '\0' || time_parse(date, &unused));
    return true;
}

static bool finish(void *context)
{
    int *open = context;
    MUST((*open)-- == 1);
    return true;
}

static bool take_status(void *context, const struct bank_status *status)
{
    (void)context;
    CHECK(status->message_id);
    CHECK(status->end_to_end_id);
    CHECK(status->reason);
    MUST(status->message_id[0] != '\0');
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static const struct bank_statement_sink sink = {begin, take, finish};
    struct bank_statement_counts counts = {0};
    struct bank_reader *reader = bank_reader_new_for((const char *)data, bytes);
    int open = 0;
    if (reader == NULL)
        return 0;
    const char *message = bank_reader_message(reader);
    bool success = false;
    if (message != NULL && bank_statement_is(message))
        success = bank_statement_read(reader, message, &sink, &open, &counts);
    else if (message != NULL && bank_status_is(message))
        success = bank_status_read(reader, take_status, NULL);
    else
        bank_reader_refuse(reader, "another message");
    MUST(success == (bank_reader_problem(reader)[0] == '\0'));
    MUST(!success || open == 0);
    bank_reader_free(reader);
    return 0;
}
