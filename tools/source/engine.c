// SPDX-License-Identifier: GPL-2.0
/*
 * Engines: what counts, the module or l2pc run.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* struct ucred */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "source/engine.h"
#include "source/protocol.h"

static const char *const engine_strings[] = {
	[ENGINE_AUTO] = "auto",
	[ENGINE_MODULE] = "module",
	[ENGINE_BPF] = "bpf",
};

const struct enum_names engine_names = ENUM_NAMES(engine_strings);

static enum engine chosen;

void engine_choose(enum engine engine)
{
	chosen = engine;
}

enum engine engine_chosen(void)
{
	return chosen;
}

const char *engine_title(enum engine engine)
{
	return engine == ENGINE_BPF ? "l2pc run" : "the module";
}

int engine_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const socklen_t size = sizeof(address.sun_family) + sizeof(PROTOCOL_NAME);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t length = sizeof(peer);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path + 1, PROTOCOL_NAME, sizeof(PROTOCOL_NAME) - 1);
	if (connect(fd, (const struct sockaddr *)&address, size)) {
		error = errno == ECONNREFUSED ? -ENOENT : -errno;
		close(fd);
		return error;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) || peer.uid) {
		close(fd);
		return -EACCES;
	}
	return fd;
}
