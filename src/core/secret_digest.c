/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's digest. */
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

#include "core/secret.h"

#define DIGEST_BYTES 32

bool secret_file_digest(int file, char text_r[SECRET_DIGEST_TEXT_SIZE])
{
    unsigned char block[65536], digest[DIGEST_BYTES];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    off_t at = 0;
    ssize_t count = 0;
    bool success = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    text_r[0] = '\0';
    while (success && (count = pread(file, block, sizeof block, at)) > 0) {
        success = EVP_DigestUpdate(context, block, (size_t)count) == 1;
        at += count;
    }
    success = success && count == 0 && EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    for (int i = 0; success && i < DIGEST_BYTES; i++)
        snprintf(text_r + (size_t)i * 2, 3, "%02x", digest[i]);
    return success;
}
