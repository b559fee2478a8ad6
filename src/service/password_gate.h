/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords cost 50 ms of CPU by intent. The gate lets few be worked on at once and few callers
 * wait, so that a flood of logins leaves processors and workers to purchases.
 */
#ifndef FARTHING_SERVICE_PASSWORD_GATE_H
#define FARTHING_SERVICE_PASSWORD_GATE_H

#include "core/call.h"
#include "core/secret.h"

struct password_gate;

/* running: at once; inside: running and waiting. NULL: no memory. */
struct password_gate *password_gate_new(int running, int inside);
void password_gate_free(struct password_gate *gate);

/*
 * Comes in to hash or verify; leaves afterwards if FT_OK.
 * FT_RATE_LIMITED: too many are inside. FT_UNAVAILABLE: the deadline passed while waiting.
 */
enum ft_error password_gate_enter(struct password_gate *gate, struct call *call);
void password_gate_leave(struct password_gate *gate);

/* Comes in, verifies, leaves. hash NULL (no such name) costs the same as a wrong password:
 * FT_AUTHENTICATION_FAILED. Errors of password_gate_enter. */
enum ft_error password_gate_verify(struct password_gate *gate, struct call *call,
                                   const char *password, const char *hash);

#endif
