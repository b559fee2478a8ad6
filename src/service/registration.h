/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registering a user, for the pages and for the operator's command, which has no struct service:
 * it needs no keys and runs no maintenance.
 */
#ifndef FARTHING_SERVICE_REGISTRATION_H
#define FARTHING_SERVICE_REGISTRATION_H

#include "service/account.h"

/* Checks the application, hashes its secrets, stores it; errors as service_account_register, but
 * answer.question may be NULL: an operator need not know it. U1. */
enum ft_error service_registration_submit(const struct config *config, struct db *db,
                                          struct call *call,
                                          const struct account_application *application,
                                          int64_t *user_id_r);

#endif
