/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settling slice by slice, each in a transaction of its own: whatever ends the command, what was
 * done is whole, and the next run goes on.
 */
#include "farthing/settle_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/settlement.h"
#include "farthing/progress.h"
#include "farthing/slices.h"

#define SLICE_MEMORY_BYTES (256 << 20)
#define SUMS_MAX 2048 /* currencies times outcomes, of which there are not so many */

/* Payees of one currency with one outcome. */
struct sum {
    char currency[4];
    char outcome[24];
    int64_t payees;
    money_t amount; /* paid; of those who are not, payable */
};

struct course {
    struct session session;
    struct settlement_run run;
    struct slices slices;
    bool listed; /* each payee is printed, not only the sums */
    int64_t after;
    int64_t payees;
    struct progress progress;
    struct sum sums[SUMS_MAX];
    int sums_count;
};

static void add_up(struct course *course, const struct settlement_outcome *outcome)
{
    const char *currency = outcome->currency != NULL ? outcome->currency : "-";
    bool paid = strcmp(outcome->outcome, "paid") == 0;
    int i = 0;
    while (i < course->sums_count && (strcmp(course->sums[i].currency, currency) != 0 ||
                                      strcmp(course->sums[i].outcome, outcome->outcome) != 0))
        i++;
    if (i == SUMS_MAX)
        return;
    struct sum *sum = &course->sums[i];
    if (i == course->sums_count) {
        course->sums_count++;
        snprintf(sum->currency, sizeof sum->currency, "%s", currency);
        snprintf(sum->outcome, sizeof sum->outcome, "%s", outcome->outcome);
    }
    sum->payees++;
    sum->amount += paid ? outcome->amount : outcome->payable;
}

/* "below_threshold" as people write it. */
static const char *in_words(const char *name, char words[24])
{
    snprintf(words, 24, "%s", name);
    for (char *at = words; *at != '\0'; at++)
        *at = *at == '_' ? ' ' : *at;
    return words;
}

static void print_outcome(const struct settlement_outcome *outcome)
{
    char payee[32], amount[AMOUNT_TEXT_SIZE] = "", words[24];
    const char *currency = outcome->currency;
    bool paid = strcmp(outcome->outcome, "paid") == 0;
    snprintf(payee, sizeof payee, "%d", outcome->vendor_id);
    if (currency != NULL)
        amount_text(paid ? outcome->amount : outcome->payable, currency, amount);
    printf("%-12s %-24s %20s  %s", outcome->owner_id != NULL ? outcome->owner_id : payee,
           outcome->name != NULL ? outcome->name : "", amount, in_words(outcome->outcome, words));
    if (paid)
        printf(" by %s%s%s  %s", outcome->trigger, outcome->due_on != NULL ? " of " : "",
               outcome->due_on != NULL ? outcome->due_on : "", outcome->settlement_id);
    putchar('\n');
}

/* Settles one slice. FT_OK: *more_r is false when no payee was left. */
static enum ft_error settle_slice(struct course *course, bool *more_r)
{
    struct settlement_outcome *outcomes = NULL;
    int count = 0;
    struct call *call = &course->session.call;
    struct arena *session_arena = call->arena;
    call->arena = arena_new(SLICE_MEMORY_BYTES);
    enum ft_error error = call->arena == NULL
                              ? FT_INTERNAL
                              : db_settlement_slice(course->session.db, call, &course->run,
                                                    course->after, &outcomes, &count);
    for (int i = 0; i < count; i++) {
        course->payees += outcomes[i].payee_id != course->after;
        course->after = outcomes[i].payee_id;
        add_up(course, &outcomes[i]);
        if (course->listed)
            print_outcome(&outcomes[i]);
    }
    if (error == FT_INVALID_PARAMETER) { /* what is said of it outlives the slice */
        call->parameter = arena_strdup(session_arena, call->parameter);
        call->rule = arena_strdup(session_arena, call->rule);
        call->value = arena_strdup(session_arena, call->value);
    }
    arena_free(call->arena);
    call->arena = session_arena;
    *more_r = count > 0;
    return error;
}

static int by_currency(const void *left, const void *right)
{
    const struct sum *a = left, *b = right;
    int order = strcmp(a->currency, b->currency);
    return order != 0 ? order : strcmp(a->outcome, b->outcome);
}

static void print_sums(struct course *course)
{
    char text[AMOUNT_TEXT_SIZE], words[24];
    qsort(course->sums, (size_t)course->sums_count, sizeof course->sums[0], by_currency);
    printf("%-16s %10s %24s\n", course->run.dry_run ? "dry run" : "outcome", course->run.kind,
           "amount");
    for (int i = 0; i < course->sums_count; i++) {
        const struct sum *sum = &course->sums[i];
        printf("%-16s %10" PRId64 " %24s\n", in_words(sum->outcome, words), sum->payees,
               sum->currency[0] == '-' ? "" : amount_text(sum->amount, sum->currency, text));
    }
}

static bool read_run(const struct invocation *invocation, struct course *course)
{
    struct settlement_run *run = &course->run;
    course->slices.size = SETTLE_SLICE;
    run->owner_id = invocation_value(invocation, "owner", NULL);
    run->dry_run = invocation_value(invocation, "dry-run", NULL) != NULL;
    if (!slices_read(invocation, &course->slices))
        return false;
    run->slice = course->slices.size;
    return invocation_number(invocation, "vendor", &run->vendor_id) &&
           invocation_date(invocation, "as-of", &run->as_of);
}

static int fail(const struct course *course, const struct invocation *invocation,
                enum ft_error error)
{
    if (error == FT_TERMS_NOT_FOUND)
        return invocation_fail(invocation, "no terms were agreed; see \"farthing settle terms\"");
    if (error == FT_OUTCOME_UNKNOWN || error == FT_UNAVAILABLE)
        invocation_fail(invocation, "%" PRId64 " %s are done; run it again for the others",
                        course->payees, course->run.kind);
    return invocation_fail_with(invocation, &course->session.call, error);
}

static int run_kind(struct invocation *invocation, const char *kind)
{
    static struct course course;
    enum ft_error error = FT_OK;
    bool more = true;
    int status = EXIT_FAILURE;
    course.run.kind = kind;
    if (!read_run(invocation, &course))
        return EXIT_FAILURE;
    bool single = course.run.vendor_id > 0 || course.run.owner_id != NULL;
    course.listed = course.run.dry_run || single;
    progress_catch_signals();
    if (!session_open(&course.session, invocation))
        goto out;
    if (!course.listed)
        error = db_settlement_count(course.session.db, &course.session.call, kind,
                                    &course.progress.total);
    while (error == FT_OK && more && slices_next(&course.slices, &course.session)) {
        error = settle_slice(&course, &more);
        progress_show(&course.progress, course.payees);
    }
    progress_clear(&course.progress);
    if (error == FT_OK || course.payees > 0)
        print_sums(&course);
    if (error != FT_OK)
        fail(&course, invocation, error);
    else if (more && progress_is_stopped())
        invocation_fail(invocation, "stopped after %" PRId64 " %s; run it again for the others",
                        course.payees, kind);
    status = error != FT_OK                  ? EXIT_FAILURE
             : more && progress_is_stopped() ? EXIT_STOPPED
                                             : EXIT_SUCCESS;

out:
    session_close(&course.session);
    return status;
}

int settle_run_vendors(struct invocation *invocation)
{
    return run_kind(invocation, "vendors");
}

int settle_run_owners(struct invocation *invocation)
{
    return run_kind(invocation, "owners");
}
