/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Outcomes that every layer shares.
 *
 * FT_ERRORS lists each of them once: the C name, the SQLSTATE with which the database raises it
 * ("" when it never comes from there). schema/errors.sql and the fault table of src/soap are kept
 * equal to this list by tests/tidy.
 */
#ifndef FARTHING_CORE_ERROR_H
#define FARTHING_CORE_ERROR_H

#define FT_ERRORS(X)                                                                              \
    X(AUTHENTICATION_FAILED, "FT001") /* unknown vendor or user, or a wrong password */           \
    X(CREDENTIAL_CHANGED, "FT002")    /* a remembered vendor password is out of date */           \
    X(VENDOR_DISABLED, "FT003")       /* */                                                       \
    X(URL_NOT_REGISTERED, "FT004")    /* ContentURL is under no URL that the vendor registered */ \
    X(TRANSACTION_NOT_FOUND, "FT005") /* */                                                       \
    X(TRANSACTION_EXPIRED, "FT006")   /* nobody bought it in time */                              \
    X(TRANSACTION_CANCELLED, "FT007") /* the user declined it */                                  \
    X(TRANSACTION_TAKEN, "FT008")     /* another user bought it */                                \
    X(IDEMPOTENCY_CONFLICT, "FT009")  /* same request ID, other parameters */                     \
    X(INVALID_STATE, "FT010")         /* */                                                       \
    X(AMOUNT_EXCEEDS_REMAINING, "FT011") /* */                                                    \
    X(INSUFFICIENT_FUNDS, "FT020")       /* balance and credit line do not cover the price */     \
    X(LIMIT_TRANSACTION, "FT021")        /* spending limit of one purchase */                     \
    X(LIMIT_SESSION, "FT022")            /* spending limit from login to logout */                \
    X(LIMIT_DAY, "FT023")                /* */                                                    \
    X(LIMIT_WEEK, "FT024")               /* */                                                    \
    X(LIMIT_MONTH, "FT025")              /* */                                                    \
    X(ACCOUNT_DISABLED, "FT026")         /* */                                                    \
    X(LOGIN_ENDED, "FT027")              /* logged out, expired, or never logged in */            \
    X(LOGIN_NAME_TAKEN, "FT028")         /* */                                                    \
    X(USER_NOT_FOUND, "FT029")           /* */                                                    \
    X(VENDOR_NOT_FOUND, "FT030")         /* */                                                    \
    X(CURRENCY_UNKNOWN, "FT031")         /* not in ISO 4217 or not offered here */                \
    X(ENTRY_UNBALANCED, "FT032")         /* postings of an entry do not sum to zero */            \
    X(CONTENT_NOT_FOUND, "FT033")        /* never offered, or the user has no licence */          \
    X(OWNER_NOT_FOUND, "FT034")          /* */                                                    \
    X(SETTLEMENT_NOT_FOUND, "FT060")     /* */                                                    \
    X(PAYOUT_NOT_FOUND, "FT061")         /* */                                                    \
    X(TERMS_NOT_FOUND, "FT062")          /* no terms of settlement were agreed */                 \
    X(ROLLUP_AHEAD, "FT035")             /* the cluster is younger than what was rolled up */     \
    X(INCENTIVE_INVALID, "FT050")        /* unknown, expired, used up, or not for this item */    \
    X(AUDIT_FAILED, "FT070")             /* the books are not right: nothing was closed */        \
    X(PRICE_CHANGED, "FT051")            /* the user would pay more than was shown */             \
    X(INVALID_PARAMETER, "FT040")        /* struct call says which, and what it must be */        \
    X(RATE_LIMITED, "")                  /* too many attempts; try again later */                 \
    X(UNAVAILABLE, "")                   /* database away or shutting down; nothing was done */   \
    X(OUTCOME_UNKNOWN, "")               /* connection lost around COMMIT: done, or not done */   \
    X(INTERNAL, "")                      /* a fault of ours; the log has the cause */

enum ft_error {
    FT_OK = 0,
#define FT_ERROR_ENUM(name, sqlstate) FT_##name,
    FT_ERRORS(FT_ERROR_ENUM)
#undef FT_ERROR_ENUM
        FT_ERROR_COUNT
};

/* The name without prefix, "OK" or "INSUFFICIENT_FUNDS"; static storage. */
const char *ft_error_name(enum ft_error error);

/* The error that SQLSTATE stands for; "00000" is FT_OK, an unknown state FT_INTERNAL. */
enum ft_error ft_error_from_sqlstate(const char *sqlstate);

#endif
