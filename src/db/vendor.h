/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/vendor. */
#ifndef FARTHING_DB_VENDOR_H
#define FARTHING_DB_VENDOR_H

#include <stdbool.h>

#include "core/money.h"
#include "db/db.h"

struct vendor_credential {
    int vendor_id;
    int credential_version; /* grows with every new password */
    const char *password_hash;
    bool disabled;
};

/* FT_VENDOR_NOT_FOUND. */
enum ft_error db_vendor_find_credential(struct db *db, struct call *call, int vendor_id,
                                        struct vendor_credential *credential_r);

/* What a vendor sold and is owed: payable is sales less incentives, refunds, royalties and what was
 * settled; and commissions. */
struct vendor_account {
    const char *currency;
    money_t sales;
    money_t refunds;    /* what was paid back of prices */
    money_t incentives; /* what the vendor's own codes paid, less what refunds gave back */
    money_t royalties;  /* due to the provider and content owners, less the same */
    money_t payable;
    money_t settlement_threshold; /* 0: none */
    const char *next_settlement;  /* "2026-12-31"; NULL: none is planned */
};

/* V14. FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED. */
enum ft_error db_vendor_account(struct db *db, struct call *call, int vendor_id,
                                int credential_version, struct vendor_account *account_r);
/* The vendor's own choice; the old password ends at once. Likewise. */
enum ft_error db_vendor_change_password(struct db *db, struct call *call, int vendor_id,
                                        int credential_version, const char *password_hash);

/* --- for operators --- */
/* A URL that is not the item's; those are checked with the offer. FT_URL_NOT_REGISTERED (V2). */
enum ft_error db_vendor_require_url(struct db *db, struct call *call, int vendor_id,
                                    const char *origin, const char *path);

struct vendor_url {
    const char *origin; /* "https://shop.example:8443"; the scheme's own port is left out */
    const char *path;   /* begins and ends with "/" */
};

struct vendor_registration {
    const char *name;
    const char *currency;
    const char *password_hash;
    const char *home_url;
    const char *time_zone; /* of its days and periods: "Europe/Berlin" */
    const struct vendor_url *urls;
    int urls_count;
};

/* FT_CURRENCY_UNKNOWN, FT_INVALID_PARAMETER (no such time zone). */
enum ft_error db_vendor_add(struct db *db, struct call *call,
                            const struct vendor_registration *registration, int *vendor_id_r);

/* FT_VENDOR_NOT_FOUND. */
enum ft_error db_vendor_set_password(struct db *db, struct call *call, int vendor_id,
                                     const char *password_hash);
enum ft_error db_vendor_set_disabled(struct db *db, struct call *call, int vendor_id,
                                     bool disabled);

#endif
