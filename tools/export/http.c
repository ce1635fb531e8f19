// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter's HTTP server, with libmicrohttpd.
 * Copyright (C) the l2packet_counter authors
 *
 * One thread serves all clients, so there is no lock. It never waits for a client: a slow
 * one has a connection and its memory until the timeout, and costs the others nothing. All
 * requests of one second share a response, which libmicrohttpd reference-counts.
 */
#define _GNU_SOURCE	/* open_memstream */
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <microhttpd.h>
#include <zlib.h>

#include "export/export.h"
#include "export/page.h"
#include "source/altname.h"
#include "util/clock.h"

/*
 * Concurrent connections; more wait in the kernel's backlog. Their memory is for requests:
 * cookies of single sign-on have up to 32 kB, and are copied once. More than 32 KiB of it is
 * mapped, so that a usual connection takes what its request touches, a few pages.
 */
#define CONNECTIONS		1000
#define CONNECTION_MEMORY	(128 * 1024)
#define TIMEOUT_SECONDS		10

#define TIMEOUT_NS		(TIMEOUT_SECONDS * UINT64_C(1000000000))
#define SHARED_NS		UINT64_C(1000000000)

enum { PLAIN, GZIPPED, ENCODINGS };
enum { METRICS = 0, STATIONS = FORMS, PAGE, THINGS };

struct client {
	struct MHD_Connection *connection;
	struct client *next;
	struct client **link;	/* the pointer to this one */
};

struct server {
	struct export *export;
	uint64_t fetched;	/* when its snapshot was, boot time, ns; 0: never */
	struct MHD_Response *ready[THINGS][ENCODINGS];	/* responses made from that */
	struct client *clients;
};

static const char *const content_type[THINGS] = {
	[METRICS + FORM_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
	[METRICS + FORM_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	[STATIONS] = "application/json",
	[PAGE] = "text/html; charset=utf-8",
};

static void answers_drop(struct server *server)
{
	for (int thing = 0; thing < THINGS; thing++)
		for (int encoding = 0; encoding < ENCODINGS; encoding++) {
			if (server->ready[thing][encoding])
				MHD_destroy_response(server->ready[thing][encoding]);
			server->ready[thing][encoding] = NULL;
		}
}

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct server *server = data;
	struct client *client = *context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		*client->link = client->next;
		if (client->next)
			client->next->link = client->link;
		free(client);
		return;
	}
	client = malloc(sizeof(*client));
	if (!client)
		out_of_memory();
	*client = (struct client){ connection, server->clients, &server->clients };
	if (client->next)
		client->next->link = &client->next;
	server->clients = client;
	*context = client;
}

/* A client could not be served while the module was slow. Setting a timeout after having
 * none starts it again.
 */
static void timeouts_restart(struct server *server)
{
	for (struct client *c = server->clients; c; c = c->next) {
		MHD_set_connection_option(c->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0U);
		MHD_set_connection_option(c->connection, MHD_CONNECTION_OPTION_TIMEOUT,
					  (unsigned int)TIMEOUT_SECONDS);
	}
}

/* Fetch a snapshot, unless the last one is less than a second old. */
static void refresh(struct server *server, bool walk)
{
	uint64_t now = clock_boot(), start = clock_monotonic();

	if (server->fetched && now - server->fetched < SHARED_NS &&
	    (!walk || server->export->now.walked || !server->export->now.up))
		return;
	answers_drop(server);
	export_fetch(server->export, walk);
	/* The end counts: it may take longer than a second while other clients wait. */
	server->fetched = clock_boot();
	if (clock_monotonic() - start > TIMEOUT_NS / 2)
		timeouts_restart(server);
}

static char *gzip_text(const char *text, size_t size, size_t *small)
{
	z_stream stream = { .next_in = (Bytef *)text, .avail_in = (uInt)size };
	char *out;

	/* 15 bits of window, 16 for gzip's header. */
	if (size > UINT32_MAX || deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8,
					      Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	stream.avail_out = (uInt)deflateBound(&stream, size);
	out = malloc(stream.avail_out);
	if (!out)
		out_of_memory();
	stream.next_out = (Bytef *)out;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
		free(out);
		out = NULL;
	}
	*small = stream.total_out;
	deflateEnd(&stream);
	return out;
}

/* Make a response; @text was allocated and is freed with it. */
static struct MHD_Response *response_make(char *text, size_t size, int thing, bool gzip)
{
	struct MHD_Response *response;

	if (gzip) {
		size_t small;
		char *out = gzip_text(text, size, &small);

		if (out) {
			free(text);
			text = out;
			size = small;
		} else {
			gzip = false;
		}
	}
	response = MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
	if (!response)
		out_of_memory();
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type[thing]);
	MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (gzip)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	/* The page loads nothing, and may not be framed. */
	if (thing == PAGE)
		MHD_add_response_header(response, "Content-Security-Policy",
					"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
	return response;
}

static struct MHD_Response *response_write(struct server *server, int thing, const char *device,
					   size_t limit, bool gzip)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		out_of_memory();
	if (thing == PAGE)
		fwrite(export_page, 1, sizeof(export_page), file);
	else if (thing == STATIONS)
		export_json(server->export, device, limit, file);
	else
		export_metrics(server->export, (enum export_form)(thing - METRICS), file);
	if (fclose(file))
		out_of_memory();
	return response_make(text, size, thing, gzip);
}

static enum MHD_Result answer_shared(struct server *server, struct MHD_Connection *connection,
				     int thing, bool gzip)
{
	struct MHD_Response **ready = &server->ready[thing][gzip];

	if (!*ready)
		*ready = response_write(server, thing, NULL, EXPORT_BUSIEST, gzip);
	return MHD_queue_response(connection, MHD_HTTP_OK, *ready);
}

static enum MHD_Result answer_error(struct MHD_Connection *connection, unsigned int status,
				  const char *why)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(why), (void *)why, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_stations(struct server *server, struct MHD_Connection *connection,
				       bool gzip)
{
	const char *device, *text;
	struct MHD_Response *response;
	enum MHD_Result result;
	size_t limit = EXPORT_BUSIEST;
	char own[IF_NAMESIZE];

	device = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "device");
	text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "limit");
	if (text && !export_limit(text, &limit))
		return answer_error(connection, MHD_HTTP_BAD_REQUEST, "limit: not a number\n");
	refresh(server, true);
	if (!server->export->now.up)
		return answer_error(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "the module does not answer: it is not loaded, or too busy\n");
	if (device && !export_has_device(server->export, device) &&
	    !source_is_recorded(&server->export->source) && altname_find(device, own))
		device = own;
	if (!device && limit == EXPORT_BUSIEST)
		return answer_shared(server, connection, STATIONS, gzip);
	response = response_write(server, STATIONS, device, limit, gzip);
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

static const char *parameter_get(void *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result answer_history(struct MHD_Connection *connection, bool gzip)
{
	struct MHD_Response *response;
	char *text = NULL, why[512];
	enum MHD_Result result;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	int status;

	if (!file)
		out_of_memory();
	status = export_history(parameter_get, connection, file, why, sizeof(why));
	if (fclose(file))
		out_of_memory();
	if (status) {
		free(text);
		return answer_error(connection, status == STATUS_USAGE ? MHD_HTTP_BAD_REQUEST :
				    MHD_HTTP_SERVICE_UNAVAILABLE, why);
	}
	response = response_make(text, size, STATIONS, gzip);
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

static const char *header_get(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	static char seen;
	struct server *server = data;
	bool gzip;

	(void)version, (void)upload;
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_error(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD\n");
	/* libmicrohttpd closes a connection that is answered before its request is complete. */
	if (!*state || *upload_size) {
		*state = &seen;
		*upload_size = 0;
		return MHD_YES;
	}
	gzip = export_gzip(header_get(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	if (!strcmp(url, "/metrics")) {
		refresh(server, false);
		return answer_shared(server, connection,
				     METRICS + (int)export_form(header_get(connection, MHD_HTTP_HEADER_ACCEPT)),
				     gzip);
	}
	if (!strcmp(url, "/api/v1/stations"))
		return answer_stations(server, connection, gzip);
	if (!strcmp(url, "/api/v1/history"))
		return answer_history(connection, gzip);
	if (!strcmp(url, "/"))
		return answer_shared(server, connection, PAGE, gzip);
	return answer_error(connection, MHD_HTTP_NOT_FOUND, "there are /, /metrics, /api/v1/stations and /api/v1/history\n");
}

/* Each connection is a file, and some are left for the module. */
static unsigned int connections(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return CONNECTIONS / 2;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= CONNECTIONS + 32)
		return CONNECTIONS;
	return limit.rlim_cur > 64 ? (unsigned int)limit.rlim_cur - 32 : 16;
}

/* Errors of clients are not ours. */
static void log_nothing(void *data, const char *format, va_list args)
{
	(void)data, (void)format, (void)args;
}

static struct MHD_Daemon *daemon_start(struct server *server, const struct addrinfo *info)
{
	/* All addresses of IPv6 are those of IPv4 too. */
	unsigned int flags = info->ai_family == AF_INET6 ? MHD_USE_DUAL_STACK : 0;

	return MHD_start_daemon(flags | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ERROR_LOG,
				0, NULL, NULL, answer, server,
				MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL,
				MHD_OPTION_SOCK_ADDR, info->ai_addr,
				MHD_OPTION_CONNECTION_LIMIT, connections(),
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)TIMEOUT_SECONDS,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
				MHD_OPTION_END);
}

/* Listen at the first address that is free. Without a host, IPv6 has both families. */
static struct MHD_Daemon *listen_at(struct server *server, const char *host, const char *port,
				    const char **error)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *all;
	struct MHD_Daemon *daemon = NULL;
	int failed, why = 0;

	for (int any = host[0] != 0; any < 2 && !daemon && why != EADDRINUSE && why != EACCES; any++) {
		hints.ai_family = any ? AF_UNSPEC : AF_INET6;
		failed = getaddrinfo(host[0] ? host : NULL, port, &hints, &all);
		*error = gai_strerror(failed);
		if (failed)
			continue;
		for (const struct addrinfo *info = all; info && !daemon; info = info->ai_next) {
			errno = 0;
			daemon = daemon_start(server, info);
			why = errno;
			*error = strerror(why);
		}
		freeaddrinfo(all);
	}
	return daemon;
}

/* The port may have been 0, which means any that is free. */
static void print_address(struct MHD_Daemon *daemon)
{
	int fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD)->listen_fd;
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	char text[128];

	getsockname(fd, (struct sockaddr *)&address, &length);
	address_text((struct sockaddr *)&address, length, text, sizeof(text));
	fprintf(stderr, "listening at http://%s/\n", text);
}

int export_serve(struct export *export, const char *address)
{
	struct server server = { .export = export };
	struct MHD_Daemon *daemon;
	const char *port, *error;
	char host[256];
	int status;

	if (!address_split(address, host, sizeof(host), &port))
		return usage_error("invalid address to listen at \"%s\" (HOST:PORT, [HOST]:PORT or :PORT)", address);
	/* The daemon's thread inherits that signals are blocked. */
	export_block();
	daemon = listen_at(&server, host, port, &error);
	if (!daemon)
		return usage_error("cannot listen at %s: %s", address, error);
	print_address(daemon);
	status = export_wait(export);
	MHD_stop_daemon(daemon);
	answers_drop(&server);
	return status;
}
