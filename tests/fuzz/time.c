/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read as a time is written as a text that is read as the same time. */
#include "core/time.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char written[TIME_TEXT_SIZE];
    time_us_t time, again;
    char *text = fuzz_text(data, bytes);
    if (time_parse(text, &time)) {
        MUST(time > 0);
        MUST(time_parse(time_format(time, written), &again) && again == time);
    }
    free(text);
    return 0;
}
