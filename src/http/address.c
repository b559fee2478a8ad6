/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who sent a request. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http/internal.h"

/* "192.0.2.7", also of ::ffff:192.0.2.7. */
static void format(int family, const void *address, char text_r[ADDRESS_TEXT_SIZE])
{
    const struct in6_addr *ipv6 = address;
    if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(ipv6)) {
        family = AF_INET;
        address = ipv6->s6_addr + 12;
    }
    if (inet_ntop(family, address, text_r, ADDRESS_TEXT_SIZE) == NULL)
        text_r[0] = '\0';
}

/* As format writes it. False: it is no address, text_r is left alone. */
static bool parse(const char *text, char text_r[ADDRESS_TEXT_SIZE])
{
    static const int families[] = {AF_INET, AF_INET6};
    struct in6_addr address; /* has room for either */
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (inet_pton(families[i], text, &address) == 1) {
            format(families[i], &address, text_r);
            return true;
        }
    }
    return false;
}

static void format_peer(const struct sockaddr *peer, char text_r[ADDRESS_TEXT_SIZE])
{
    if (peer->sa_family == AF_INET6)
        format(AF_INET6, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, text_r);
    else if (peer->sa_family == AF_INET)
        format(AF_INET, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, text_r);
}

static enum MHD_Result keep_forwarded(void *context, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    (void)kind;
    if (value != NULL && strcasecmp(name, "X-Forwarded-For") == 0)
        *(const char **)context = value;
    return MHD_YES;
}

/* What a proxy adds comes last, in a header of its own or behind a comma; what is before that
 * anybody may have said. */
static void read_forwarded(struct MHD_Connection *connection, char text_r[ADDRESS_TEXT_SIZE])
{
    const char *addresses = NULL;
    char last[ADDRESS_TEXT_SIZE + 1];
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_forwarded, &addresses);
    if (addresses == NULL)
        return;
    const char *comma = strrchr(addresses, ',');
    const char *begin = comma != NULL ? comma + 1 : addresses;
    begin += strspn(begin, " \t");
    snprintf(last, sizeof last, "%.*s", (int)strcspn(begin, " \t"), begin);
    (void)parse(last, text_r);
}

void address_of_client(struct MHD_Connection *connection, const char *trusted_proxy,
                       char text_r[ADDRESS_TEXT_SIZE])
{
    char proxy[ADDRESS_TEXT_SIZE];
    text_r[0] = '\0';
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL)
        return;
    const struct sockaddr *peer = info->client_addr;
    format_peer(peer, text_r);
    bool is_proxy =
        peer->sa_family == AF_UNIX || (parse(trusted_proxy, proxy) && strcmp(proxy, text_r) == 0);
    if (is_proxy)
        read_forwarded(connection, text_r);
}
