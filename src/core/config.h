/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration file: read once at start, then constant. deploy/farthing.conf.sample shows
 * every option with its default; a test compares.
 */
#ifndef FARTHING_CORE_CONFIG_H
#define FARTHING_CORE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/money.h"

struct config {
    struct {
        const char *address; /* "127.0.0.1", "::" */
        int port;
        int threads;                 /* event loops */
        int requests;                /* that run there or wait; more are refused with 503 */
        int connections;             /* open at once */
        int connections_per_address; /* 0: no limit, behind a proxy */
        const char *socket_file;     /* of a Unix socket for a proxy; "": none */
        const char *trusted_proxy;   /* whose X-Forwarded-For is believed; "": nobody's */
        int idle_timeout_s;          /* keep-alive and slow senders */
        int park_after_s;            /* an idle connection gives its memory back; 0: never */
        int lingering_connections;   /* that are not ended then, in the midst of a request */
        int request_timeout_ms;      /* from the last byte received to the answer */
        int header_bytes;            /* request line and headers */
        int redirect_bytes; /* URL of a redirect to a vendor; a page leads to a longer one */
        int soap_body_bytes;
        int form_body_bytes;
        int memory_per_request_bytes; /* arena */
    } http;
    struct {
        const char *certificate_file; /* and the chain behind it, PEM; "": plain HTTP */
        const char *key_file;
        const char *client_ca_file; /* who signs clients' certificates; "": none are asked for */
        bool client_required;       /* by the routes that care */
    } tls;
    struct {
        const char *certificate_file; /* signs answers, PEM; "": no port for WS-Security */
        const char *key_file;
        const char *public_url; /* of that port */
        int port;
        int connections;
        int threads;
        int window_s; /* a message's age at most, and how far it may be ahead */
    } wss;
    const char *public_url; /* "https://msp.example", no final slash; cookies are Secure if https */
    struct {
        int threads;      /* requests that may block at once */
        int queue_length; /* requests that may wait for a worker; more are refused with 503 */
    } workers;
    struct {
        const char *conninfo;
        int connections;       /* for everything but the hot calls */
        int batch_connections; /* for all hot calls together */
        int batch_size;        /* at most so many items in one commit */
        /* What waits takes another connection when a batch is that old (and goes before longer
         * lines when it is that old itself), */
        int batch_patience_ms;
        int batch_overlap_percent; /* or when it is so much of what is under way */
        int batch_alone_ms;        /* who comes alone waits for its answer where it is; 0: never */
        int timeout_ms;            /* a statement; also how long a call waits for a connection */
    } database;
    struct {
        const char *master_key_file; /* wraps the keys in the database */
        int rotation_hours;          /* a new sealing key; the last one stays valid as long again */
    } keys;
    struct {
        int encrypted_user_id_s; /* how long an encrypted user ID opens content */
        int transaction_s;       /* how long a transaction can be bought */
        int vendor_password_cache_s;
        int login_attempts; /* wrong passwords per name and address before FT_RATE_LIMITED */
        int login_attempts_window_s;
        int login_default_minutes; /* offered at login */
        int login_max_minutes;
        int password_min_length;
    } security;
    struct {
        const char *name; /* of the micropayment service provider, on every page */
        const char *support_email;
        const char *currency;     /* of new accounts and of the bonus, ISO 4217 */
        money_t sign_up_bonus;    /* 0: none */
        const char *bank_account; /* where users send funds, shown to them */
    } provider;
    struct {
        int connections; /* to vendors, at once */
        int connections_per_vendor;
        int timeout_ms;   /* of one attempt */
        int answer_bytes; /* more of a vendor's answer is not read */
        int retry_first_s;
        int retry_last_s; /* waits double from the first to this */
        int give_up_hours;
        int keep_days;      /* to be sent again */
        bool allow_private; /* addresses that are not of the public internet */
    } notifications;
    struct {
        int rollup_ms;            /* between rollups of what was sold */
        int rollup_slice;         /* sales that one covers at most */
        int rollup_share_percent; /* of the time */
    } royalty;
    struct {
        int request_id_days; /* how long a repeated RequestID gets the first answer */
        int rows;            /* deleted at once, of each kind */
    } upkeep;
    const char *log_level; /* debug, info, warning, error */
    int log_delay_ms;      /* that a line below a warning may wait for others */
};

/*
 * Reads and checks path. NULL: refused, every problem is on stderr as "file:line: message".
 * Owner calls config_free.
 */
struct config *config_read(const char *path);
void config_free(struct config *config);

#endif
