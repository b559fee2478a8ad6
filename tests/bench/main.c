/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * load [option …]: buyers against farthingd. Writes a JSON object a line: when measuring begins
 * and ends, then the result. See README.md.
 */
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "load.h"

static const char *const mode_names[] = {"flow", "initiate", "view", "buy", "lock"};

/* Numbers on the command line, each with where it goes. */
struct number {
    const char *name;
    int *value;
    int least;
};

static bool parse_number(const char *text, int least, int *value_r)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < least || value > INT_MAX)
        return false;
    *value_r = (int)value;
    return true;
}

static bool parse_mode(const char *text, enum load_mode *mode_r)
{
    for (size_t i = 0; i < sizeof(mode_names) / sizeof(*mode_names); i++) {
        if (strcmp(text, mode_names[i]) == 0) {
            *mode_r = (enum load_mode)i;
            return true;
        }
    }
    return false;
}

static bool set_address(const char *path, struct sockaddr_un *address_r)
{
    address_r->sun_family = AF_UNIX;
    return snprintf(address_r->sun_path, sizeof(address_r->sun_path), "%s", path) <
           (int)sizeof(address_r->sun_path);
}

/* A line of the file is the Cookie header of a user who is logged in. */
static bool read_users(struct load *load, const char *path)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t bytes;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while ((bytes = getline(&line, &size, file)) > 1) {
        struct user *users =
            realloc(load->users, (size_t)(load->users_count + 1) * sizeof(*load->users));
        if (users == NULL)
            break;
        load->users = users;
        line[bytes - 1] = '\0';
        users[load->users_count++] =
            (struct user){.cookie = strdup(line), .bought = load->options.first};
    }
    free(line);
    fclose(file);
    return load->users_count > 0;
}

static bool parse_options(struct load *load, int argc, char **argv)
{
    struct load_options *options = &load->options;
    int count = 0;
    const char *users = NULL;
    const struct number numbers[] = {
        {"buyers", &options->buyers, 1},
        {"first", &options->first, 0},
        {"stock", &options->stock, 0},
        {"count", &count, 1},
        {"warmup-ms", &options->warmup_ms, 0},
        {"measure-ms", &options->measure_ms, 0},
        {"timeout-ms", &options->timeout_ms, 1},
        {"first-vendor", &options->market.first_vendor_id, 1},
        {"vendors", &options->market.vendors, 1},
        {"items", &options->market.items, 1},
        {"views", &options->market.views, 1},
    };
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i] + strspn(argv[i], "-"), *value = argv[i + 1];
        bool known = false;
        for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers) && !known; n++)
            known = strcmp(name, numbers[n].name) == 0 &&
                    parse_number(value, numbers[n].least, numbers[n].value);
        if (strcmp(name, "mode") == 0)
            known = parse_mode(value, &options->mode);
        else if (strcmp(name, "vendor-password") == 0)
            known = (options->market.vendor_password = value) != NULL;
        else if (strcmp(name, "socket") == 0)
            known = set_address(value, &options->address);
        else if (strcmp(name, "users") == 0)
            known = (users = value) != NULL;
        if (!known) {
            fprintf(stderr, "load: %s %s\n", argv[i], value);
            return false;
        }
    }
    options->count = count;
    if (users != NULL && !read_users(load, users)) {
        fprintf(stderr, "load: no users in %s\n", users);
        return false;
    }
    return argc % 2 == 1 && options->address.sun_family == AF_UNIX &&
           options->market.vendor_password != NULL &&
           (load->users_count > 0 || options->mode == LOAD_INITIATE);
}

static int most_bought(const struct load *load)
{
    int most = load->options.first;
    for (int i = 0; i < load->users_count; i++)
        most = load->users[i].bought > most ? load->users[i].bought : most;
    return most;
}

static bool report(const struct load *load)
{
    json_t *steps = json_object();
    for (int i = 0; i < STEP_COUNT; i++) {
        const struct histogram *durations = &load->durations[i];
        if (durations->total > 0)
            json_object_set_new(
                steps, step_names[i],
                json_pack("{s:I, s:I, s:I, s:I}", "count", (json_int_t)durations->total, "p50_us",
                          (json_int_t)histogram_percentile(durations, 500), "p99_us",
                          (json_int_t)histogram_percentile(durations, 990), "max_us",
                          (json_int_t)durations->max_us));
    }
    json_t *result =
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:i, s:o}", "event", "result", "measured_us",
                  (json_int_t)load->measured_us, "loops", (json_int_t)load->loops, "cpu_us",
                  (json_int_t)load->cpu_us, "acknowledged", (json_int_t)load->bought, "errors",
                  (json_int_t)load->errors, "first", most_bought(load), "steps", steps);
    bool written = result != NULL && json_dumpf(result, stdout, 0) == 0 && puts("") >= 0;
    json_decref(result);
    return written;
}

int main(int argc, char **argv)
{
    struct load load = {
        .options = {.buyers = 1,
                    .measure_ms = 1000,
                    .timeout_ms = 60000,
                    .market = {.first_vendor_id = 1001, .vendors = 1, .items = 1, .views = 1}}};
    bool done = parse_options(&load, argc, argv);
    if (!done)
        fprintf(stderr, "usage: load --socket FILE --mode flow|initiate|view|buy|lock "
                        "--users FILE --vendor-password TEXT [--buyers N] …\n");
    done = done && load_run(&load) && report(&load);
    load_free(&load);
    return done ? 0 : 1;
}
