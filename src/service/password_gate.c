/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A counting semaphore with a bounded number of waiters and a deadline for each. */
#include "service/password_gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/time.h"

struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int free;   /* may run now */
    int places; /* may come in */
};

struct password_gate *password_gate_new(int running, int inside)
{
    struct password_gate *gate = calloc(1, sizeof *gate);
    if (gate == NULL)
        return NULL;
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->left, NULL);
    gate->free = running;
    gate->places = inside;
    return gate;
}

void password_gate_free(struct password_gate *gate)
{
    if (gate == NULL)
        return;
    pthread_mutex_destroy(&gate->lock);
    pthread_cond_destroy(&gate->left);
    free(gate);
}

enum ft_error password_gate_enter(struct password_gate *gate, struct call *call)
{
    struct timespec deadline = {.tv_sec = call->deadline_us / TIME_SECOND,
                                .tv_nsec = call->deadline_us % TIME_SECOND * 1000};
    enum ft_error error = FT_OK;
    if (!call_may_block(call))
        return FT_UNAVAILABLE;
    pthread_mutex_lock(&gate->lock);
    if (gate->places == 0) {
        error = FT_RATE_LIMITED;
    } else {
        gate->places--;
        while (gate->free == 0 && error == FT_OK) {
            if (pthread_cond_clockwait(&gate->left, &gate->lock, CLOCK_MONOTONIC, &deadline) != 0)
                error = FT_UNAVAILABLE;
        }
        if (error == FT_OK)
            gate->free--;
        else
            gate->places++;
    }
    pthread_mutex_unlock(&gate->lock);
    return error;
}

void password_gate_leave(struct password_gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->free++;
    gate->places++;
    pthread_cond_signal(&gate->left);
    pthread_mutex_unlock(&gate->lock);
}

enum ft_error password_gate_verify(struct password_gate *gate, struct call *call,
                                   const char *password, const char *hash)
{
    enum ft_error error = password_gate_enter(gate, call);
    if (error != FT_OK)
        return error;
    bool right = secret_password_verify(password, hash);
    password_gate_leave(gate);
    return right ? FT_OK : FT_AUTHENTICATION_FAILED;
}
