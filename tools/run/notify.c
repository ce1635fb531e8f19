// SPDX-License-Identifier: GPL-2.0
/*
 * The service manager's notification socket: sd_notify(3), without libsystemd.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "run/notify.h"
#include "util/errors.h"

void notify_ready(void)
{
	static const char message[] = "READY=1";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path ? strlen(path) : 0;
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	int fd;

	if (!length)
		return;
	if (length >= sizeof(address.sun_path)) {
		error_print("note: NOTIFY_SOCKET: longer than an address of a socket");
		return;
	}
	memcpy(address.sun_path, path, length);
	/* An abstract address. */
	if (path[0] == '@')
		address.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, message, sizeof(message) - 1, MSG_NOSIGNAL,
			     (const struct sockaddr *)&address, size) < 0)
		error_print("note: NOTIFY_SOCKET: cannot report that it counts: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}
