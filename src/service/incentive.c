/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Issuing incentive tokens (V14, U15). */
#include "service/incentive.h"

#include <string.h>

#include "core/secret.h"
#include "service/check.h"
#include "service/internal.h"

/* Without those that are read for another: 0 O, 1 I L, 2 Z, 5 S, 8 B. */
static const char letters[] = "34679ACDEFGHJKMNPQRTUVWXY";
#define LETTERS (sizeof letters - 1)
#define GROUPS 4
#define GROUP_LETTERS 4 /* 16 of 25 letters: 74 bits */
#define CODE_LETTERS (GROUPS * GROUP_LETTERS)
#define PREFIX_MAX 16
#define CODE_SIZE (PREFIX_MAX + GROUPS * (1 + GROUP_LETTERS) + 1)

/* Every letter is as likely as any other: a byte beyond the last whole multiple counts for none. */
static bool draw(char drawn_r[CODE_LETTERS])
{
    unsigned char bytes[2 * CODE_LETTERS];
    size_t count = 0;
    while (count < CODE_LETTERS) {
        if (!secret_random(bytes, sizeof bytes))
            return false;
        for (size_t i = 0; i < sizeof bytes && count < CODE_LETTERS; i++)
            if (bytes[i] < 256 / LETTERS * LETTERS)
                drawn_r[count++] = letters[bytes[i] % LETTERS];
    }
    return true;
}

/* "SPRING-34AC-…"; NULL: no memory or entropy. */
static const char *make_code(struct call *call, const char *prefix)
{
    char drawn[CODE_LETTERS];
    char *code = arena_alloc(call->arena, CODE_SIZE);
    if (code == NULL || !draw(drawn))
        return NULL;
    char *end = stpcpy(code, prefix);
    for (int group = 0; group < GROUPS; group++) {
        if (end != code)
            *end++ = '-';
        end = mempcpy(end, drawn + group * GROUP_LETTERS, GROUP_LETTERS);
    }
    *end = '\0';
    return code;
}

enum ft_error incentive_codes_make(struct call *call, const char *prefix, int count,
                                   const char *const **codes_r)
{
    if (prefix == NULL)
        prefix = "";
    size_t length = strlen(prefix);
    if (length > PREFIX_MAX || strspn(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") < length)
        return call_invalid(call, "CodePrefix", "at most 16 capital letters, digits and hyphens",
                            prefix);
    if (count < 1 || count > INCENTIVE_CODES_MAX)
        return call_invalid(call, "Count", "from 1 to 1000",
                            arena_printf(call->arena, "%d", count));
    const char **codes = arena_alloc(call->arena, (size_t)count * sizeof *codes);
    if (codes == NULL)
        return FT_INTERNAL;
    for (int i = 0; i < count; i++) {
        codes[i] = make_code(call, prefix);
        if (codes[i] == NULL)
            return FT_INTERNAL;
    }
    *codes_r = codes;
    return FT_OK;
}

struct issuing {
    struct incentive_issue issue;
    struct incentive_issued *issued_r;
};

static enum ft_error issue(struct service *service, struct call *call, int vendor_id,
                           int credential_version, void *context)
{
    const struct issuing *issuing = context;
    return db_incentive_issue(service->db, call, vendor_id, credential_version, &issuing->issue,
                              issuing->issued_r);
}

static enum ft_error check_request(struct call *call, const struct incentive_issue_request *request)
{
    const struct check_text request_id = {
        .parameter = "RequestID", .text = request->request_id, .max = 64};
    enum ft_error error = check_amount(call, "Amount", request->amount);
    return error == FT_OK ? check_texts(call, &request_id, 1) : error;
}

enum ft_error service_incentive_issue(struct service *service, struct call *call,
                                      const struct incentive_issue_request *request,
                                      struct incentive_issued *issued_r)
{
    struct issuing context = {
        .issue = {.amount = request->amount,
                  .expires_at = request->expires_at,
                  .codes_count = request->count,
                  .prefix = check_optional(request->code_prefix),
                  .request_id = check_optional(request->request_id)},
        .issued_r = issued_r,
    };
    *issued_r = (struct incentive_issued){0};
    enum ft_error error = check_request(call, request);
    if (error == FT_OK)
        error =
            incentive_codes_make(call, request->code_prefix, request->count, &context.issue.codes);
    if (error != FT_OK)
        return error;
    return service_vendor_act(service, call, &request->vendor, issue, &context);
}
