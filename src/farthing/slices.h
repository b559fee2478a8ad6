/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long work in slices, each a transaction of its own, that gives way to purchases in between. */
#ifndef FARTHING_FARTHING_SLICES_H
#define FARTHING_FARTHING_SLICES_H

#include <stdint.h>

#include "farthing/session.h"

/* An option of such commands, as is "slice". */
#define SLICES_SHARE                                                                              \
    {                                                                                             \
        "share", "PERCENT", "of the time that its slices take, purchases going on; by default 10" \
    }

struct slices {
    int size;          /* of one */
    int share_percent; /* of the time that they take: the rest are pauses */
    int64_t begun_us;  /* when the current one began; 0: none yet */
};

/* --slice, else slices->size, and --share. False: said what is wrong. */
bool slices_read(const struct invocation *invocation, struct slices *slices);

/* Pauses as long as the slice before asks for, and begins the next, with a deadline of its own.
 * False: a signal asked to stop. */
bool slices_next(struct slices *slices, struct session *session);

/* Work of which *until, at first 0, says where all that there is now ends; *count_r 0: it is done.
 */
typedef enum ft_error slices_work(struct db *db, struct call *call, int size, int64_t *until,
                                  int64_t *count_r);
/* All of it; *total_r is the sum of what the slices covered. */
enum ft_error slices_run(struct slices *slices, struct session *session, slices_work *work,
                         int64_t *total_r);

#endif
