// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the requests of HTTP clients: through libmicrohttpd to the exporter's answer.
 * Copyright (C) the l2packet_counter authors
 *
 * There is no thread and no network: the client is the other end of a socket pair, and
 * MHD_run() is called explicitly. Two bytes have the size of the requests; the module's
 * replies follow.
 */
#include "export/http.c"

#include <netinet/in.h>
#include <sys/socket.h>

#include "fuzz.h"

/* Number of calls of MHD_run(): a request needs three or four. */
#define LOOKS	12

static struct MHD_Daemon *begin(struct server *server)
{
	return MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG, 0, NULL, NULL, answer,
				server, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
				MHD_OPTION_END);
}

/* Check that the client got an HTTP answer; complete metrics must be valid. */
static void check(char *got)
{
	char *body = strstr(got, "\r\n\r\n"), *length;
	size_t size;

	if (!*got)
		return;
	if (strncmp(got, "HTTP/1.", 7) || !body)
		abort();
	*body = 0;
	body += 4;
	length = strcasestr(got, "\nContent-Length: ");
	size = length ? strtoul(length + 17, NULL, 10) : 0;
	if (strncmp(got + 8, " 200", 4) || !strstr(got, "version=0.0.4") || strstr(got, ": gzip") ||
	    strlen(body) < size)
		return;
	/* The answer to the next request may follow. */
	body[size] = 0;
	fuzz_metrics(body);
}

void fuzz_request(void)
{
	static struct server server;
	static struct MHD_Daemon *daemon;
	static char got[1 << 20];
	const struct sockaddr_in nobody = { .sin_family = AF_INET };
	struct export export;
	size_t size = left < 2 ? 0 : (size_t)(input[0] | input[1] << 8), count = 0;
	int pair[2];

	if (left < 2)
		return;
	if (!daemon)
		daemon = begin(&server);
	export_init(&export, 2);
	server.export = &export;
	input += 2;
	left -= 2;
	size = size > left ? left : size;
	if (!daemon || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) ||
	    write(pair[1], input, size) != (ssize_t)size)
		abort();
	input += size;
	left -= size;
	if (MHD_add_connection(daemon, pair[0], (const struct sockaddr *)&nobody, sizeof(nobody)) != MHD_YES)
		abort();
	for (int i = 0; i < LOOKS; i++) {
		ssize_t more;

		MHD_run(daemon);
		more = read(pair[1], got + count, sizeof(got) - 1 - count);
		count += more > 0 ? (size_t)more : 0;
	}
	close(pair[1]);
	MHD_run(daemon);
	MHD_run(daemon);
	got[count] = 0;
	check(got);
	answers_drop(&server);
	server.fetched = 0;
	export_free(&export);
}
