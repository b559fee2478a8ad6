/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates with which vendors sign their messages. */
#ifndef FARTHING_CORE_CERTIFICATE_H
#define FARTHING_CORE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/time.h"

#define CERTIFICATE_FINGERPRINT_BYTES 32
#define CERTIFICATE_FINGERPRINT_TEXT_SIZE 65
#define CERTIFICATE_PEM_SIZE 16384

struct certificate {
    unsigned char fingerprint[CERTIFICATE_FINGERPRINT_BYTES]; /* SHA-256 of DER */
    time_us_t valid_until;
    char pem[CERTIFICATE_PEM_SIZE]; /* of this certificate alone */
};

/* Reads the first certificate of a PEM file, with a key of RSA of 2048 bits or more and valid now.
 * False: *problem_r (static storage) says why. */
bool certificate_read(const char *path, struct certificate *certificate_r, const char **problem_r);

/* Whether the file holds the certificate's private key, PEM. */
bool certificate_matches(const struct certificate *certificate, const char *key_path);

/* As 64 hexadecimal digits, and back; false: it is none. Colons between digits are skipped. */
void certificate_fingerprint_format(const unsigned char fingerprint[CERTIFICATE_FINGERPRINT_BYTES],
                                    char text_r[CERTIFICATE_FINGERPRINT_TEXT_SIZE]);
bool certificate_fingerprint_parse(const char *text,
                                   unsigned char fingerprint_r[CERTIFICATE_FINGERPRINT_BYTES]);

#endif
