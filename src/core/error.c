/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and SQLSTATEs of the outcomes. */
#include "core/error.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    const char *sqlstate;
} errors[FT_ERROR_COUNT] = {[FT_OK] = {"OK", "00000"},
#define FT_ERROR_ROW(name, sqlstate) [FT_##name] = {#name, sqlstate},
                            FT_ERRORS(FT_ERROR_ROW)
#undef FT_ERROR_ROW
};

const char *ft_error_name(enum ft_error error)
{
    assert((unsigned)error < FT_ERROR_COUNT);
    return errors[error].name;
}

enum ft_error ft_error_from_sqlstate(const char *sqlstate)
{
    assert(sqlstate != NULL);
    for (int i = 0; i < FT_ERROR_COUNT; i++)
        if (errors[i].sqlstate[0] != '\0' && strcmp(errors[i].sqlstate, sqlstate) == 0)
            return (enum ft_error)i;
    return FT_INTERNAL;
}
