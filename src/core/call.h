/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes down the layers with every call: its memory, its deadline, who asks, and, on the way
 * back, which parameter was wrong.
 */
#ifndef FARTHING_CORE_CALL_H
#define FARTHING_CORE_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"

struct call;

/*
 * How calls wait whose thread has others to serve meanwhile. The rest of what a call does must not
 * take long, unless call_may_block() said so.
 */
struct call_host {
    /* Calls start, which has wake called once, and returns after that. */
    void (*wait)(struct call *call, void (*start)(void *argument), void *argument);
    /* From any thread. The call may be over before this returns. */
    void (*wake)(struct call *call);
    /* Moves the call to a thread of its own. False: none will be free in time. */
    bool (*leave)(struct call *call);
};

struct call {
    struct arena *arena;          /* owned by http (or by the command); results live in it */
    const struct call_host *host; /* NULL: the call has a thread of its own */
    int64_t deadline_us;          /* monotonic, see time_monotonic_us(); waits end here */
    const char *correlation_id;   /* named in logs, faults and error pages */
    const char *remote_address;   /* "192.0.2.7"; "" for a command */

    /* What is known of the caller before any password: */
    int vendor_id;                           /* proven by the message itself; 0: by nothing */
    const unsigned char *client_certificate; /* CERTIFICATE_FINGERPRINT_BYTES; NULL: none in TLS */

    /* Set with FT_INVALID_PARAMETER: */
    const char *parameter; /* the API's name: "Price", or the form's field */
    const char *rule;      /* what it must be: "at most 6 fraction digits" */
    const char *value;     /* as call_invalid() shows it; or NULL */

    const char *refusal; /* why FT_AUTHENTICATION_FAILED, a sentence; NULL: name or password */
};

/* To be called before what may take milliseconds. False: the call must end as FT_UNAVAILABLE. */
bool call_may_block(struct call *call);

/* Says why the caller is not who it claims to be; returns FT_AUTHENTICATION_FAILED. */
enum ft_error call_refuse(struct call *call, const char *refusal);

/*
 * Records what was wrong and returns FT_INVALID_PARAMETER. value may be NULL (secrets: always). It
 * is copied so that it can be logged and shown: cut to 64 characters, with what cannot be seen,
 * markup and what is not UTF-8 as \u0009, \u003c and \xff.
 */
enum ft_error call_invalid(struct call *call, const char *parameter, const char *rule,
                           const char *value);

/* "Price must be a decimal; it was \"1e3\"", in the call's arena. NULL: nothing known, no memory.
 */
const char *call_refusal(const struct call *call);

#endif
