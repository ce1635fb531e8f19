/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Typed values: numbers, durations, addresses, names of the values of an enum.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_VALUE_H
#define L2PC_TOOL_VALUE_H

#include "util/text.h"

/* A value whose meaning has changed since the module 2.0: that value plus this. */
#define ENUM_OLDER	64

/* The names of an enum's values. */
struct enum_names {
	const char *const *name;	/* by value; NULL where there is no such value */
	size_t count;
};

#define ENUM_NAMES(strings)	{ .name = (strings), .count = ARRAY_SIZE(strings) }

/** enum_name() - name a value; one newer than the tool by its number, in a static buffer */
const char *enum_name(const struct enum_names *names, uint64_t value);

/** enum_list() - append all names to the list @text of @size bytes */
void enum_list(const struct enum_names *names, const char *separator, char *text, size_t size);

/**
 * enum_value() - find the value of a name, with - or _
 *
 * Return: the value, at least ENUM_OLDER for a name of the module 2.0, or -1
 */
int enum_value(const struct enum_names *names, const char *text);

/** enum_value_older() - convert a value as the module 2.0 sent it */
uint64_t enum_value_older(const struct enum_names *names, uint64_t value);

/**
 * enum_name_equal() - compare two names, - and _ taken for one
 *
 * Module parameters have underscores, netlink and the command line have hyphens.
 */
bool enum_name_equal(const char *a, const char *b);

/** mac_number() - convert an address into a number; numbers are in the order of addresses */
static inline uint64_t mac_number(const uint8_t mac[6])
{
	return (uint64_t)mac[0] << 40 | (uint64_t)mac[1] << 32 | (uint64_t)mac[2] << 24 |
	       (uint64_t)mac[3] << 16 | (uint64_t)mac[4] << 8 | mac[5];
}

/** number_mac() - convert it back */
static inline void number_mac(uint64_t number, uint8_t mac[6])
{
	for (int i = 6; i-- > 0; number >>= 8)
		mac[i] = (uint8_t)number;
}

/* auto, always, never: enum when. */
extern const struct enum_names when_names;

/*
 * These return STATUS_DONE, or STATUS_USAGE after an error message about @name with what
 * would be right.
 */

/** value_number() - read digits, from @min to @max */
int value_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value);

/** value_span() - read nanoseconds: "30", "30s", "0.5", "5m", "1h30m", "2d", "1w" */
int value_span(const char *name, const char *text, uint64_t *ns);

/** value_enum() - read a name of an enum */
int value_enum(const char *name, const char *text, const struct enum_names *names, uint64_t *value);

/**
 * value_mac() - read an address as people write them: with : or - or ., or without
 *
 * Return: characters used, 0 when it is not an address; no message.
 */
size_t value_mac(const char *text, uint8_t mac[6]);

struct sockaddr;

/**
 * address_split() - split HOST:PORT; a HOST with colons stands in brackets
 * @host: without brackets, of @size bytes; empty for :PORT
 * @port: digits, at most 65535
 *
 * Return: false where it is not an address
 */
bool address_split(const char *address, char *host, size_t size, const char **port);

/** address_text() - format the address of a socket */
void address_text(const struct sockaddr *address, unsigned int length, char *text, size_t size);

#endif /* L2PC_TOOL_VALUE_H */
