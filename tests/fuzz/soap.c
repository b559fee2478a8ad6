/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as a request: the answer is SOAP that the WSDL's schema allows. ask_bytes() holds it to
 * that. The first byte chooses the media type and what the service says.
 */
#include "../unit/soap_double.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static const char *const types[] = {"text/xml; charset=utf-8", "application/soap+xml", NULL,
                                        "text/xml; charset=\"UTF-8\""};
    static bool ready;
    if (bytes == 0)
        return 0;
    if (!ready)
        MUST(soap_double_setup(NULL) == 0);
    ready = true;
    unsigned choice = (uint8_t)(data[0] - '0'); /* '0': SOAP 1.1 and FT_OK */
    service_double.error = choice >> 2 < FT_ERROR_COUNT ? choice >> 2 : FT_OK;
    service_double.parameter = "Price";
    service_double.rule = "less";
    ask_bytes(data + 1, bytes - 1, types[choice & 3]);
    return 0;
}
