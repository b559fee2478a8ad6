/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What most commands need: the configuration, the database, a call. */
#ifndef FARTHING_FARTHING_SESSION_H
#define FARTHING_FARTHING_SESSION_H

#include "core/config.h"
#include "core/money.h"
#include "db/db.h"
#include "farthing/command.h"
#include "service/vendor_secret.h"

/* A command may take long over a large database; nobody else waits for it. */
#define SESSION_TIMEOUT_MS 600000

struct session {
    struct config *file; /* NULL: none was read */
    struct config config;
    struct db *db;
    struct call call;
};

/*
 * Reads the configuration, unless --conninfo was given without -c, and connects. False: said why.
 * Call session_close in either case. As farthing_dba, or as another role, unless --conninfo names
 * one.
 */
bool session_open(struct session *session, const struct invocation *invocation);
bool session_open_as(struct session *session, const struct invocation *invocation,
                     const char *role);
void session_close(struct session *session);
/* session_close for a command that is done; says what went wrong, unless session_open did: own, if
 * there is such a sentence, whatever the error. The exit status. */
int session_end(struct session *session, const struct invocation *invocation, enum ft_error error,
                const char *own);

/* --currency, or the configuration's; NULL: neither, said so. */
const char *session_currency(const struct session *session, const struct invocation *invocation);

/* Reads an amount of 0 or more. False: said what is wrong with the one of that name. */
bool session_amount(const struct invocation *invocation, const char *name, const char *text,
                    money_t *amount_r);

/* Reads "5%" or "0.0125%" as parts per million, exactly, at most the whole. False: said what is
 * wrong with the one of that name. */
bool session_share(const struct invocation *invocation, const char *name, const char *text,
                   int *share_ppm_r);

/* "2.50 EUR", in text. */
#define AMOUNT_TEXT_SIZE (MONEY_TEXT_SIZE + 8)
const char *amount_text(money_t amount, const char *currency, char text[AMOUNT_TEXT_SIZE]);

/* A secret for the vendor, sealed by the configuration's master key. False: said why. Owner wipes
 * text_r. */
bool session_vendor_secret(const struct session *session, const struct invocation *invocation,
                           const char *purpose, int vendor_id, char text_r[VENDOR_SECRET_TEXT_SIZE],
                           unsigned char sealed_r[VENDOR_SECRET_SEALED_BYTES]);

#endif
