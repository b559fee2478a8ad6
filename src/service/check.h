/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks of parameters against the API's contract. Lengths count characters; what is not UTF-8,
 * or holds a character that XML forbids, is refused. Each names the parameter in struct call.
 */
#ifndef FARTHING_SERVICE_CHECK_H
#define FARTHING_SERVICE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/call.h"
#include "core/money.h"

struct check_text {
    const char *parameter;
    const char *text;
    int min; /* 0: may be absent; NULL and "" are the same */
    int max;
    bool secret; /* never quoted */
};

/* FT_OK, or FT_INVALID_PARAMETER for the first that is wrong. */
enum ft_error check_texts(struct call *call, const struct check_text *texts, size_t count);

/* What a vendor may ask a user for. */
enum ft_error check_amount(struct call *call, const char *parameter, money_t amount);

/* NULL for "", so that absent and empty are one. */
const char *check_optional(const char *text);

bool check_is_uuid(const char *text);

#endif
