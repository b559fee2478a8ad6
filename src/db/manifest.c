/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step a line: "migration N PATH" or "reload PATH"; '#' begins a comment. */
#include "db/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_LIMIT_BYTES (4 << 20)

static const char *read_file(struct arena *arena, const char *path, char **text_r)
{
    const char *problem = NULL;
    struct stat status;
    FILE *file = fopen(path, "re");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        problem = arena_printf(arena, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode) || status.st_size > FILE_LIMIT_BYTES) {
        problem = arena_printf(arena, "%s: not a file of SQL", path);
        goto out;
    }
    size_t size = (size_t)status.st_size;
    *text_r = arena_alloc(arena, size + 1);
    if (*text_r == NULL)
        problem = "out of memory";
    else if (fread(*text_r, 1, size, file) != size || strlen(*text_r) != size)
        problem = arena_printf(arena, "%s: cannot be read as text", path);

out:
    if (file != NULL)
        fclose(file);
    return problem;
}

/* The next word of a line, or NULL. */
static char *next_word(char **line)
{
    char *word = NULL;
    do {
        word = strsep(line, " \t");
    } while (word != NULL && *word == '\0');
    return word;
}

/* Reads a step from a line that says something. NULL: done; else what it must be. */
static const char *read_step(char *line, int previous_version, struct manifest_step *step_r)
{
    const char *verb = next_word(&line);
    *step_r = (struct manifest_step){0};
    if (strcmp(verb, "migration") == 0) {
        const char *number = next_word(&line);
        char *end = NULL;
        long version = number != NULL ? strtol(number, &end, 10) : 0;
        if (end == NULL || *end != '\0' ||
            (version != previous_version && version != previous_version + 1) || version < 1)
            return "migrations are numbered from 1 upwards";
        step_r->version = (int)version;
    } else if (strcmp(verb, "reload") != 0) {
        return "a step is a migration or a reload";
    }
    step_r->path = next_word(&line);
    if (step_r->path == NULL || next_word(&line) != NULL)
        return "a step names one file";
    return NULL;
}

static size_t count_lines(const char *text)
{
    size_t lines = 1;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

const char *manifest_read(struct arena *arena, const char *directory, struct manifest *manifest_r)
{
    char *text = NULL;
    const char *path = arena_printf(arena, "%s/manifest", directory);
    const char *problem = path != NULL ? read_file(arena, path, &text) : "out of memory";
    *manifest_r = (struct manifest){0};
    if (problem != NULL)
        return problem;
    manifest_r->steps = arena_alloc(arena, count_lines(text) * sizeof *manifest_r->steps);
    if (manifest_r->steps == NULL)
        return "out of memory";

    char *line = NULL;
    for (int number = 1; (line = strsep(&text, "\n")) != NULL; number++) {
        struct manifest_step *step = &manifest_r->steps[manifest_r->count];
        char *sql = NULL;
        line[strcspn(line, "#")] = '\0';
        if (line[strspn(line, " \t")] == '\0')
            continue;
        problem = read_step(line, manifest_r->version, step);
        if (problem != NULL)
            return arena_printf(arena, "%s:%d: %s", path, number, problem);
        if (step->version != 0)
            manifest_r->version = step->version;
        step->path = arena_printf(arena, "%s/%s", directory, step->path);
        problem = step->path != NULL ? read_file(arena, step->path, &sql) : "out of memory";
        if (problem != NULL)
            return problem;
        step->sql = sql;
        manifest_r->count++;
    }
    return manifest_r->version > 0 ? NULL : arena_printf(arena, "%s: no migration", path);
}
