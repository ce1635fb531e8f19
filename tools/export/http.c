// SPDX-License-Identifier: GPL-2.0
/*
 * Answering over HTTP, by libmicrohttpd.
 * Copyright (C) the l2packet_counter authors
 *
 * One thread does it all, so nothing is locked. It waits for no client: a slow one
 * has a connection and its memory until it is silent for too long, and costs the
 * others nothing. What was written once is handed to all who ask in that second:
 * libmicrohttpd counts who still reads it.
 */
#define _GNU_SOURCE	/* open_memstream */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "export/export.h"
#include "export/mhd.h"
#include "export/page.h"
#include "util/clock.h"
#include "util/errors.h"

/* Connections that are there at once; with their memory 16 MiB. Behind them others
 * wait in the kernel. A Prometheus needs one.
 */
#define CONNECTIONS		1000
#define CONNECTION_MEMORY	(16 * 1024)
#define SILENCE_SECONDS		10

#define SILENCE_NS		(SILENCE_SECONDS * UINT64_C(1000000000))
#define SHARED_NS		UINT64_C(1000000000)

enum { PLAIN, GZIPPED, ENCODINGS };
enum { METRICS = 0, STATIONS = FORMS, PAGE, THINGS };

/**
 * struct client - a connection
 * @connection: libmicrohttpd's
 * @next: another one
 * @link: what points here
 */
struct client {
	struct MHD_Connection *connection;
	struct client *next;
	struct client **link;
};

/**
 * struct server - answers
 * @export: what to answer with
 * @taken: when that was taken, boot time in nanoseconds; 0 for never
 * @ready: answers that were written since then, by thing and encoding
 * @clients: all of them
 */
struct server {
	struct export *export;
	uint64_t taken;
	struct MHD_Response *ready[THINGS][ENCODINGS];
	struct client *clients;
};

static const char *const content_type[THINGS] = {
	[METRICS + FORM_PROMETHEUS] = "text/plain; version=0.0.4; charset=utf-8",
	[METRICS + FORM_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	[STATIONS] = "application/json",
	[PAGE] = "text/html; charset=utf-8",
};

static void forget(struct server *server)
{
	for (int thing = 0; thing < THINGS; thing++)
		for (int encoding = 0; encoding < ENCODINGS; encoding++) {
			if (server->ready[thing][encoding])
				mhd.destroy_response(server->ready[thing][encoding]);
			server->ready[thing][encoding] = NULL;
		}
}

/* What libmicrohttpd goes by. */
static uint64_t monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void client_changes(void *data, struct MHD_Connection *connection, void **context,
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

/*
 * Nobody was heard while the module was asked, which took long: that is no silence of
 * theirs. Who had no limit for a moment begins anew with it.
 */
static void clients_excuse(struct server *server)
{
	for (struct client *c = server->clients; c; c = c->next) {
		mhd.set_connection_option(c->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0U);
		mhd.set_connection_option(c->connection, MHD_CONNECTION_OPTION_TIMEOUT,
					  (unsigned int)SILENCE_SECONDS);
	}
}

/* What is not older than a second is shared, whoever asks. */
static void take(struct server *server, bool walk)
{
	uint64_t now = clock_boot(), begun = monotonic();

	if (server->taken && now - server->taken < SHARED_NS &&
	    (!walk || server->export->now.walked || !server->export->now.up))
		return;
	forget(server);
	export_take(server->export, walk);
	/* From its end: it may take longer than a second, and others wait for it. */
	server->taken = clock_boot();
	if (monotonic() - begun > SILENCE_NS / 2)
		clients_excuse(server);
}

static char *gzipped(const char *text, size_t size, size_t *small)
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

/* Takes over @text, which was allocated. */
static struct MHD_Response *response_of(char *text, size_t size, int thing, bool gzip)
{
	struct MHD_Response *response;

	if (gzip) {
		size_t small;
		char *out = gzipped(text, size, &small);

		if (out) {
			free(text);
			text = out;
			size = small;
		} else {
			gzip = false;
		}
	}
	response = mhd.create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
	if (!response)
		out_of_memory();
	mhd.add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, content_type[thing]);
	mhd.add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept, Accept-Encoding");
	mhd.add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	mhd.add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (gzip)
		mhd.add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	/* The page takes nothing from anywhere, and nobody frames it. */
	if (thing == PAGE)
		mhd.add_response_header(response, "Content-Security-Policy",
					"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
	return response;
}

static struct MHD_Response *written(struct server *server, int thing, const char *device,
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
	return response_of(text, size, thing, gzip);
}

static enum MHD_Result answer_shared(struct server *server, struct MHD_Connection *connection,
				     int thing, bool gzip)
{
	struct MHD_Response **ready = &server->ready[thing][gzip];

	if (!*ready)
		*ready = written(server, thing, NULL, EXPORT_BUSIEST, gzip);
	return mhd.queue_response(connection, MHD_HTTP_OK, *ready);
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned int status,
			      const char *why)
{
	struct MHD_Response *response =
		mhd.create_response_from_buffer(strlen(why), (void *)why, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	mhd.add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		mhd.add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = mhd.queue_response(connection, status, response);
	mhd.destroy_response(response);
	return result;
}

static enum MHD_Result answer_stations(struct server *server, struct MHD_Connection *connection,
				       bool gzip)
{
	const char *device, *text;
	struct MHD_Response *response;
	enum MHD_Result result;
	size_t limit = EXPORT_BUSIEST;

	device = mhd.lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "device");
	text = mhd.lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "limit");
	if (text && !export_limit(text, &limit))
		return refuse(connection, MHD_HTTP_BAD_REQUEST, "limit is no number\n");
	take(server, true);
	if (!server->export->now.up)
		return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "the module does not answer: it is not loaded, or too busy\n");
	if (!device && limit == EXPORT_BUSIEST)
		return answer_shared(server, connection, STATIONS, gzip);
	response = written(server, STATIONS, device, limit, gzip);
	result = mhd.queue_response(connection, MHD_HTTP_OK, response);
	mhd.destroy_response(response);
	return result;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return mhd.lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	static char begun;
	struct server *server = data;
	bool gzip;

	(void)version, (void)upload;
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD\n");
	/* A connection that is answered before its request has come whole is closed. */
	if (!*state || *upload_size) {
		*state = &begun;
		*upload_size = 0;
		return MHD_YES;
	}
	gzip = export_gzip(header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	if (!strcmp(url, "/metrics")) {
		take(server, false);
		return answer_shared(server, connection,
				     METRICS + (int)export_form(header(connection, MHD_HTTP_HEADER_ACCEPT)),
				     gzip);
	}
	if (!strcmp(url, "/api/v1/stations"))
		return answer_stations(server, connection, gzip);
	if (!strcmp(url, "/"))
		return answer_shared(server, connection, PAGE, gzip);
	return refuse(connection, MHD_HTTP_NOT_FOUND, "there are /, /metrics and /api/v1/stations\n");
}

/* A file for each connection. Where there may not be so many, there are fewer. */
static unsigned int connections(void)
{
	const rlim_t own = 32;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return CONNECTIONS / 2;
	if (limit.rlim_cur < CONNECTIONS + own) {
		limit.rlim_cur = limit.rlim_max < CONNECTIONS + own ? limit.rlim_max : CONNECTIONS + own;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= CONNECTIONS + own)
		return CONNECTIONS;
	return limit.rlim_cur > 2 * own ? (unsigned int)(limit.rlim_cur - own) : (unsigned int)own / 2;
}

/* What libmicrohttpd says of broken clients is nobody's concern. */
static void quiet(void *data, const char *format, va_list args)
{
	(void)data, (void)format, (void)args;
}

bool export_serves(void)
{
	return mhd_load();
}

int export_serve(struct export *export, int socket, const char *where)
{
	struct server server = { .export = export };
	struct MHD_Daemon *daemon;
	int status;

	daemon = mhd.start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL,
				  NULL, answer, &server, MHD_OPTION_EXTERNAL_LOGGER, quiet, NULL,
				  MHD_OPTION_LISTEN_SOCKET, socket,
				  MHD_OPTION_CONNECTION_LIMIT, connections(),
				  MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
				  MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)SILENCE_SECONDS,
				  MHD_OPTION_NOTIFY_CONNECTION, client_changes, &server,
				  MHD_OPTION_END);
	if (!daemon) {
		error_print("cannot serve at %s: %s", where, strerror(errno));
		close(socket);
		return STATUS_FAILED;
	}
	fprintf(stderr, "listening at http://%s/\n", where);
	status = export_wait(export);
	mhd.stop_daemon(daemon);
	forget(&server);
	return status;
}
