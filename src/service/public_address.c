/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of IPv4, what is reserved is refused; of IPv6, only what is assigned is let through. */
#include "service/public_address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

struct block {
    const char *prefix;
    int bits;
};

static const struct block reserved4[] = {
    {"0.0.0.0", 8},       /* this network */
    {"10.0.0.0", 8},      /* private */
    {"100.64.0.0", 10},   /* behind a carrier's NAT */
    {"127.0.0.0", 8},     /* loopback */
    {"169.254.0.0", 16},  /* link-local; where clouds tell their secrets */
    {"172.16.0.0", 12},   /* private */
    {"192.0.0.0", 24},    /* protocols */
    {"192.0.2.0", 24},    /* documentation */
    {"192.88.99.0", 24},  /* relays to IPv6 */
    {"192.168.0.0", 16},  /* private */
    {"198.18.0.0", 15},   /* benchmarks */
    {"198.51.100.0", 24}, /* documentation */
    {"203.0.113.0", 24},  /* documentation */
    {"224.0.0.0", 4},     /* multicast */
    {"240.0.0.0", 4},     /* future, and broadcast */
};

static const struct block assigned6[] = {{"2000::", 3}};

static const struct block reserved6[] = {
    {"2001::", 23},     /* protocols, and Teredo, which leads to IPv4 */
    {"2001:db8::", 32}, /* documentation */
    {"2002::", 16},     /* 6to4, which leads to IPv4 */
    {"3fff::", 20},     /* documentation */
};

/* Their last four bytes are an address of IPv4. */
static const struct block embedding6[] = {
    {"::ffff:0:0", 96}, /* mapped */
    {"64:ff9b::", 96},  /* NAT64 */
};

static bool begins_with(const unsigned char *address, const unsigned char *prefix, int bits)
{
    int whole = bits / 8;
    int rest = bits % 8;
    int mask = rest > 0 ? 0xff << (8 - rest) & 0xff : 0;
    return memcmp(address, prefix, (size_t)whole) == 0 &&
           (mask == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0);
}

static bool is_in(int family, const void *address, const struct block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char prefix[sizeof(struct in6_addr)];
        int parsed = inet_pton(family, blocks[i].prefix, prefix);
        assert(parsed == 1);
        (void)parsed;
        if (begins_with(address, prefix, blocks[i].bits))
            return true;
    }
    return false;
}
#define IS_IN(family, address, blocks) \
    is_in(family, address, blocks, sizeof(blocks) / sizeof((blocks)[0]))

static bool is_public4(const void *address)
{
    return !IS_IN(AF_INET, address, reserved4);
}

static bool is_public6(const struct in6_addr *address)
{
    if (IS_IN(AF_INET6, address, embedding6))
        return is_public4(&address->s6_addr[12]);
    return IS_IN(AF_INET6, address, assigned6) && !IS_IN(AF_INET6, address, reserved6);
}

bool address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    switch (address->sa_family) {
    case AF_INET:
        memcpy(&ipv4, address, sizeof ipv4);
        return is_public4(&ipv4.sin_addr);
    case AF_INET6:
        memcpy(&ipv6, address, sizeof ipv6);
        return is_public6(&ipv6.sin6_addr);
    default:
        return false;
    }
}
