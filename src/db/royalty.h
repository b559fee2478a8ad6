/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrappers of schema/royalty: what the provider and content owners are due of sales. */
#ifndef FARTHING_DB_ROYALTY_H
#define FARTHING_DB_ROYALTY_H

#include "core/money.h"
#include "core/time.h"
#include "db/db.h"

/* One of share_ppm and amount is 0. */
struct royalty_owner {
    const char *owner_id;
    int share_ppm;  /* parts per million of the price */
    money_t amount; /* of each sale */
};

struct royalty_owner_list {
    const char *content_url; /* an item, or what begins with a prefix that ends in "/" */
    const struct royalty_owner *owners;
    int owners_count;     /* 0: nobody is due anything */
    time_us_t valid_from; /* 0, or what is past: from now on */
};

struct royalty_setting {
    struct royalty_owner_list list;
    const char *content_origin; /* of content_url, as db/purchase.h has them */
    const char *content_path;
    const char *request_id; /* NULL: none */
};

/*
 * A new list of owners; earlier ones stay for sales that were made under them (V14, O5). Gives the
 * list with the time from which it is valid; a repeated request_id gives the first answer.
 * FT_CREDENTIAL_CHANGED, FT_VENDOR_DISABLED, FT_URL_NOT_REGISTERED, FT_IDEMPOTENCY_CONFLICT,
 * FT_INVALID_PARAMETER (shares of more than the whole).
 */
enum ft_error db_royalty_set_content_owners(struct db *db, struct call *call, int vendor_id,
                                            int credential_version,
                                            const struct royalty_setting *setting,
                                            struct royalty_owner_list *list_r);

/*
 * Accrues at most size sales, refunds and deposits each, in one commit; gives how many sales,
 * refunds and commissions it covered, 0: nothing is left (O4, O5, O9). *below, at first 0, is set
 * to where that ends, whatever is sold meanwhile. FT_ROLLUP_AHEAD.
 */
enum ft_error db_royalty_roll_up(struct db *db, struct call *call, int size, int64_t *below,
                                 int64_t *count_r);
/* When the oldest sale was made that no rollup has covered; 0: none. */
enum ft_error db_royalty_waiting_since(struct db *db, struct call *call, time_us_t *since_r);

/* What a vendor's royalty schedule says (O4). */
struct royalty_tier {
    money_t from_volume; /* sold in the period; the lowest is 0 */
    int rate_ppm;
    money_t fixed_amount; /* of each sale that begins in the tier */
};

struct royalty_schedule {
    const char *period; /* "week", "month", "quarter", "year" */
    const struct royalty_tier *tiers;
    int tiers_count;
    time_us_t valid_from; /* 0, or what is past: from now on */
};

/* --- for operators --- */
/* Gives when it becomes valid. FT_VENDOR_NOT_FOUND, FT_INVALID_PARAMETER. */
enum ft_error db_royalty_set_schedule(struct db *db, struct call *call, int vendor_id,
                                      const struct royalty_schedule *schedule,
                                      time_us_t *valid_from_r);
/* What a vendor gets for a user's first deposit, and of each (O9). Likewise. */
enum ft_error db_royalty_set_commission(struct db *db, struct call *call, int vendor_id,
                                        money_t per_user, int deposit_rate_ppm,
                                        time_us_t valid_from, time_us_t *valid_from_r);
/* As db_royalty_set_content_owners, but without a vendor's password. FT_VENDOR_NOT_FOUND,
 * FT_URL_NOT_REGISTERED, FT_INVALID_PARAMETER. */
enum ft_error db_royalty_set_owners(struct db *db, struct call *call, int vendor_id,
                                    const struct royalty_setting *setting,
                                    struct royalty_owner_list *list_r);

/* One tier of a vendor's schedules; they come by time, then by volume. */
struct royalty_term {
    time_us_t valid_from;
    const char *period;
    struct royalty_tier tier;
    money_t volume; /* sold so far in the schedule's period of now */
};
struct royalty_commission {
    time_us_t valid_from;
    money_t per_user;
    int deposit_rate_ppm;
};
enum ft_error db_royalty_show(struct db *db, struct call *call, int vendor_id,
                              struct royalty_term **terms_r, int *terms_count_r,
                              struct royalty_commission **commissions_r, int *commissions_count_r);

/* A content owner and an account: owners have one for each currency, or none yet. */
struct royalty_owner_account {
    int64_t owner_number;
    const char *owner_id;
    const char *name; /* NULL: only named by a vendor so far */
    const char *time_zone;
    time_us_t registered_at; /* 0: not */
    const char *currency;    /* NULL: no account yet */
    money_t balance;
};

/* A repeat changes name and time zone. FT_INVALID_PARAMETER (no such time zone). */
enum ft_error db_royalty_register_owner(struct db *db, struct call *call, const char *owner_id,
                                        const char *name, const char *time_zone,
                                        int64_t *owner_number_r);
/* Of one owner; owner_id NULL: of all, in the order of their IDs. */
enum ft_error db_royalty_list_owners(struct db *db, struct call *call, const char *owner_id,
                                     struct royalty_owner_account **accounts_r, int *count_r);
/* Credits owners with what vendors withheld of size transactions of the database; gives how many
 * these were, 0: nothing is left (267). *until as in db_royalty_roll_up. */
enum ft_error db_royalty_collect(struct db *db, struct call *call, int size, int64_t *until,
                                 int64_t *count_r);

#endif
