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
 * address_split() - split HOST:PORT; a HOST with colons stands in brackets
 * @host: without brackets, of @size bytes; empty for :PORT
 * @port: digits, at most 65535
 *
 * Return: false where it is not an address
 */
bool address_split(const char *address, char *host, size_t size, const char **port);

/** address_text() - format the address of a socket */
void address_text(const struct sockaddr *address, unsigned int length, char *text, size_t size);

#endif /* L2PC_TOOL_ADDRESS_H */
