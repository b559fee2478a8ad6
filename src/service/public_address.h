/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a vendor may have us connect to: its host name, too, is the vendor's choice. */
#ifndef FARTHING_SERVICE_PUBLIC_ADDRESS_H
#define FARTHING_SERVICE_PUBLIC_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether it is a single host's address of the public internet: not loopback, private, link-local,
 * multicast or otherwise reserved (IANA's special-purpose registries), nor one of IPv6 that leads
 * to such an address of IPv4. */
bool address_is_public(const struct sockaddr *address);

#endif
