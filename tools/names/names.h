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

/**
 * anonymous_mac() - replace an address by another, local, unicast one
 * @mac: in place
 *
 * The key is random, and another one each time; with L2PC_ANONYMIZE_KEY in the
 * environment the same key gives the same addresses. Without the key the real
 * address cannot be found by trying all of them.
 */
void anonymous_mac(uint8_t mac[6]);

/* For the files that read names. */

struct label {
	uint64_t key;
	char *name;
};

/**
 * struct labels - names by keys: open addressing
 * @label: slots; free without a name
 * @room: how many, a power of two
 * @count: of these with a name
 */
struct labels {
	struct label *label;
	size_t room, count;
};

/**
 * labels_put() - add a name
 * @labels: to these
 * @key: of it
 * @name: copied
 * @replace: where @key has a name already, replace that
 */
void labels_put(struct labels *labels, uint64_t key, const char *name, bool replace);

/** labels_find() - find the name of a key, or NULL @labels: among these @key: the key */
const char *labels_find(const struct labels *labels, uint64_t key);

/** labels_clear() - remove all names @labels: of these */
void labels_clear(struct labels *labels);

/** names_put() - a name for an address, unless it has one */
void names_put(const uint8_t mac[6], const char *name);

/** names_read_files() - the user's own and /etc/ethers */
void names_read_files(void);

/** names_read_neighbours() - addresses of the network layer, by their names in /etc/hosts */
void names_read_neighbours(void);

#endif /* L2PC_TOOL_NAMES_H */
