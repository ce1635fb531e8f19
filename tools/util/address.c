// SPDX-License-Identifier: GPL-2.0
/*
 * Socket addresses, as they are typed and shown.
 * Copyright (C) the l2packet_counter authors
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "util/address.h"

bool address_split(const char *address, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(address, ':'), *begin = address, *end = colon;

	if (!colon)
		return false;
	if (*address == '[') {
		if (colon < address + 2 || colon[-1] != ']')
			return false;
		begin++;
		end--;
	} else if (memchr(address, ':', (size_t)(colon - address))) {
		return false;
	}
	if ((size_t)(end - begin) >= size || (begin != address && begin == end))
		return false;
	memcpy(host, begin, (size_t)(end - begin));
	host[end - begin] = 0;
	*port = colon + 1;
	return **port && !(*port)[strspn(*port, "0123456789")] &&
	       strtoul(*port, NULL, 10) <= 65535;
}

void address_text(const struct sockaddr *address, unsigned int length, char *text, size_t size)
{
	char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";

	getnameinfo(address, length, host, sizeof(host), port, sizeof(port),
		    NI_NUMERICHOST | NI_NUMERICSERV);
	snprintf(text, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}
