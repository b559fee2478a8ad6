/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a URL is split into is a URL that is split into the same: one spelling for each. */
#include "service/url.h"

#include "core/arena.h"
#include "fuzz.h"

static bool split(struct arena *arena, const char *url, const char **origin_r, const char **path_r)
{
    struct call call = {.arena = arena};
    enum ft_error error = service_url_split(&call, "ContentURL", url, origin_r, path_r);
    MUST(error == FT_OK || error == FT_INVALID_PARAMETER);
    return error == FT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const char *origin, *path, *origin_again, *path_again;
    char *url = fuzz_text(data, bytes);
    struct arena *arena = arena_new(ARENA_BYTES);
    MUST(arena != NULL);
    if (split(arena, url, &origin, &path)) {
        MUST(strncmp(origin, "http://", 7) == 0 || strncmp(origin, "https://", 8) == 0);
        MUST(strpbrk(origin, " @\\?#%\"'<>;,") == NULL && *path == '/');
        const char *joined = arena_printf(arena, "%s%s", origin, path);
        MUST(split(arena, joined, &origin_again, &path_again));
        MUST(strcmp(origin, origin_again) == 0 && strcmp(path, path_again) == 0);
    }
    arena_free(arena);
    free(url);
    return 0;
}
