/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fiber stands at the upper end of its stack's memory; below the stack is a page that nobody may
 * touch, so that who needs more ends the process. What was used last is used next: few stacks are
 * in use, and those are in the processor's caches.
 *
 * A stack is entered by setcontext() once, and from then on left and returned to by longjmp():
 * swapcontext() asks the kernel for the signal mask each time, which is the same on both sides.
 */
#undef _FORTIFY_SOURCE /* which takes a jump to another stack for a mistake */
#include "core/fiber.h"

#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#ifdef __SANITIZE_ADDRESS__ /* must be told which stack is in use */
#include <sanitizer/common_interface_defs.h>
#define LEAVE(kept, stack, bytes) __sanitizer_start_switch_fiber(kept, stack, bytes)
#define ARRIVE(kept, stack_r, bytes_r) __sanitizer_finish_switch_fiber(kept, stack_r, bytes_r)
#else
#define LEAVE(kept, stack, bytes) ((void)(kept), (void)(stack), (void)(bytes))
#define ARRIVE(kept, stack_r, bytes_r) ((void)(kept), (void)(stack_r), (void)(bytes_r))
#endif

#define STACK_BYTES (256 * 1024)
#define GUARD_BYTES 4096
#define KEPT_MAX 256

struct fiber {
    jmp_buf inside;  /* where it waits */
    jmp_buf outside; /* who resumed it */
    const void *outside_stack;
    size_t outside_bytes;
    void (*function)(void *argument);
    void *argument;
    bool entered; /* the stack is in use, if only by begin() */
    bool ended;
    struct fiber *next; /* while it is kept */
};

struct memory {
    char guard[GUARD_BYTES];
    char stack[STACK_BYTES];
    struct fiber fiber;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the next two */
static struct fiber *kept;
static int kept_count;

static struct memory *memory_of(struct fiber *fiber)
{
    return (struct memory *)((char *)fiber - offsetof(struct memory, fiber));
}

static struct fiber *take_kept(void)
{
    pthread_mutex_lock(&lock);
    struct fiber *fiber = kept;
    if (fiber != NULL) {
        kept = fiber->next;
        kept_count--;
    }
    pthread_mutex_unlock(&lock);
    return fiber;
}

static struct fiber *make(void)
{
    struct memory *memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (mprotect(memory->guard, GUARD_BYTES, PROT_NONE) != 0) {
        munmap(memory, sizeof *memory);
        return NULL;
    }
    return &memory->fiber;
}

static void keep(struct fiber *fiber)
{
    pthread_mutex_lock(&lock);
    bool wanted = kept_count < KEPT_MAX;
    if (wanted) {
        fiber->next = kept;
        kept = fiber;
        kept_count++;
    }
    pthread_mutex_unlock(&lock);
    if (!wanted)
        munmap(memory_of(fiber), sizeof(struct memory));
}

/* On the new stack, for one fiber after the other. makecontext() takes numbers only: halves of a
 * pointer. */
static void begin(unsigned high, unsigned low)
{
    struct fiber *fiber = (struct fiber *)((uintptr_t)high << 32 | low);
    for (;;) {
        ARRIVE(NULL, &fiber->outside_stack, &fiber->outside_bytes);
        fiber->function(fiber->argument);
        fiber->ended = true;
        LEAVE(NULL, fiber->outside_stack, fiber->outside_bytes);
        if (_setjmp(fiber->inside) == 0)
            _longjmp(fiber->outside, 1);
    }
}

static _Noreturn void enter(struct fiber *fiber)
{
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = memory_of(fiber)->stack;
    context.uc_stack.ss_size = STACK_BYTES;
    context.uc_link = NULL;
    uintptr_t pointer = (uintptr_t)fiber;
    makecontext(&context, (void (*)(void))begin, 2, (unsigned)(pointer >> 32), (unsigned)pointer);
    fiber->entered = true;
    setcontext(&context);
    abort();
}

struct fiber *fiber_new(void (*function)(void *argument), void *argument)
{
    struct fiber *fiber = take_kept();
    if (fiber == NULL)
        fiber = make();
    if (fiber == NULL)
        return NULL;
    fiber->function = function;
    fiber->argument = argument;
    fiber->ended = false;
    return fiber;
}

bool fiber_resume(struct fiber *fiber)
{
    void *fake = NULL;
    LEAVE(&fake, memory_of(fiber)->stack, STACK_BYTES);
    if (_setjmp(fiber->outside) == 0) {
        if (!fiber->entered)
            enter(fiber);
        _longjmp(fiber->inside, 1);
    }
    ARRIVE(fake, NULL, NULL);
    if (!fiber->ended)
        return true;
    keep(fiber);
    return false;
}

void fiber_wait(struct fiber *fiber)
{
    void *fake = NULL;
    LEAVE(&fake, fiber->outside_stack, fiber->outside_bytes);
    if (_setjmp(fiber->inside) == 0)
        _longjmp(fiber->outside, 1);
    ARRIVE(fake, &fiber->outside_stack, &fiber->outside_bytes);
}
