/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gSOAP with its plugin wsse: asks for the vendor's account, and prints its currency.
 * ENDPOINT VENDOR token SECRET | sign KEY CERTIFICATE PROVIDER
 */
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "VendorBinding.nsmap"
#include "wsseapi.h"

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    return file;
}

static EVP_PKEY *read_key(const char *path)
{
    FILE *file = open_file(path);
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    fclose(file);
    return key;
}

static X509 *read_certificate(const char *path)
{
    FILE *file = open_file(path);
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    return certificate;
}

/* Body, timestamp and certificate; the answer's signature is verified by the provider's
 * certificate. */
static int sign(struct soap *soap, EVP_PKEY *key, X509 *own, X509 *provider)
{
    return soap_wsse_add_Timestamp(soap, "Time", 60) ||
           soap_wsse_add_BinarySecurityTokenX509(soap, "Token", own) ||
           soap_wsse_add_KeyInfo_SecurityTokenReferenceX509(soap, "#Token") ||
           soap_wsse_sign_body(soap, SOAP_SMD_SIGN_RSA_SHA256, key, 0) ||
           soap_wsse_verify_auto(soap, SOAP_SMD_VRFY_RSA_SHA256, X509_get_pubkey(provider), 0);
}

static int secure(struct soap *soap, char **argv)
{
    soap_register_plugin(soap, soap_wsse);
    if (strcmp(argv[3], "token") == 0)
        return soap_wsse_add_UsernameTokenDigest(soap, NULL, argv[2], argv[4]);
    EVP_PKEY *key = read_key(argv[4]);
    X509 *own = read_certificate(argv[5]), *provider = read_certificate(argv[6]);
    return sign(soap, key, own, provider);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    struct soap *soap = soap_new1(SOAP_XML_CANONICAL);
    struct _ns1__GetAccount account = {.VendorID = argv[2], .VendorPassword = "not looked at"};
    struct _ns1__GetAccountResponse answer;
    if (secure(soap, argv) != SOAP_OK ||
        soap_call___ns1__GetAccount(soap, argv[1], NULL, &account, &answer) != SOAP_OK ||
        (strcmp(argv[3], "token") != 0 && soap_wsse_verify_body(soap) != SOAP_OK)) {
        soap_print_fault(soap, stdout);
        return 1;
    }
    puts(answer.Account->Currency);
    return 0;
}
