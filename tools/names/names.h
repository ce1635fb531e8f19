/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of stations, and of the vendors that made them.
 * Copyright (C) the l2packet_counter authors
 *
 * Names come from the user's own file, /etc/ethers, and the neighbour table, in
 * this order. Nothing is asked over the network, so nothing can take long.
 */
#ifndef L2PC_TOOL_NAMES_H
#define L2PC_TOOL_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* Of ~/.config/l2pc. */
#define NAMES_FILE	"names"

/** names_load() - read them; a second call reads anew what may have changed */
void names_load(void);

/** names_refresh() - names_load() when the last time was ten seconds ago, or never */
void names_refresh(void);

/** names_find() - the name of an address, NULL when it has none. Loads at first. */
const char *names_find(const uint8_t mac[6]);

/** names_vendor() - who made it, NULL when that is not known or it is local */
const char *names_vendor(const uint8_t mac[6]);

/** names_local() - was the address chosen by whoever runs the station? */
static inline bool names_local(const uint8_t mac[6])
{
	return mac[0] & 2;
}

/** names_own() - is it one of this machine's own? */
bool names_own(const uint8_t mac[6]);

/* For those who know names, in files of their own. */

/** names_put() - a name for an address, unless it has one */
void names_put(const uint8_t mac[6], const char *name);

/** names_read_files() - the user's own and /etc/ethers */
void names_read_files(void);

/** names_read_neighbours() - addresses of the network layer */
void names_read_neighbours(void);

/** names_read_hosts() - read /etc/hosts, for names_host() */
void names_read_hosts(void);

/** names_host() - the name of "192.0.2.1" in /etc/hosts, until it is read again, or NULL */
const char *names_host(const char *address);

#endif /* L2PC_TOOL_NAMES_H */
