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
#include <stddef.h>
#include <stdint.h>

/* Of ~/.config/l2pc. */
#define NAMES_FILE	"names"

/** names_load() - read all names, again when called again */
void names_load(void);

/** names_refresh() - names_load() when the last time was ten seconds ago, or never */
void names_refresh(void);

/** names_find() - find the name of an address, or return NULL; loads at first */
const char *names_find(const uint8_t mac[6]);

/** names_vendor() - find the vendor of an address; NULL when unknown or local */
const char *names_vendor(const uint8_t mac[6]);

/** names_local() - is an address locally administered? */
static inline bool names_local(const uint8_t mac[6])
{
	return mac[0] & 2;
}

/** names_own() - is an address one of this machine's own? */
bool names_own(const uint8_t mac[6]);

/**
 * anonymous_mac() - replace an address by another, local, unicast one
 *
 * The key is random, and another one each time; with L2PC_ANONYMIZE_KEY in the
 * environment the same key gives the same addresses. Without the key the real
 * address cannot be found by trying all of them.
 */
void anonymous_mac(uint8_t mac[6]);

/** names_put() - name an address that has no name yet */
void names_put(const uint8_t mac[6], const char *name);

/** names_read_neighbours() - read the neighbour table; /etc/hosts names its addresses */
void names_read_neighbours(void);

#endif /* L2PC_TOOL_NAMES_H */
