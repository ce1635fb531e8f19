/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket addresses, as they are typed and shown.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ADDRESS_H
#define L2PC_TOOL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct sockaddr;

/**
 * address_split() - HOST:PORT in two; a HOST with colons stands in brackets
 * @address: as it was typed
 * @host: put there, without brackets; empty for :PORT
 * @size: bytes at @host
 * @port: put there; digits, at most 65535
 *
 * Return: is it one?
 */
bool address_split(const char *address, char *host, size_t size, const char **port);

/**
 * address_text() - an address for people
 * @address: of a socket
 * @length: of @address
 * @text: put there
 * @size: bytes at @text
 */
void address_text(const struct sockaddr *address, unsigned int length, char *text, size_t size);

#endif /* L2PC_TOOL_ADDRESS_H */
