/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ready link that a vendor puts on its page (V4). */
#ifndef FARTHING_SERVICE_BUY_FRAGMENT_H
#define FARTHING_SERVICE_BUY_FRAGMENT_H

#include "core/call.h"
#include "core/money.h"

/* NULL: no memory. */
const char *buy_fragment_make(struct call *call, const char *buy_url, const char *title,
                              money_t price, const char *currency);

#endif
