/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts for other programs, over HTTP or in a file.
 * Copyright (C) the l2packet_counter authors
 *
 * export.c writes the file or serves, take.c asks the module and chooses stations,
 * metrics.c and json.c write what was taken, accept.c finds out which form a client
 * wants, listen.c listens, and http.c is the only one that knows libmicrohttpd. What
 * goes out as IPFIX has a folder of its own.
 */
#ifndef L2PC_TOOL_EXPORT_H
#define L2PC_TOOL_EXPORT_H

#include <time.h>

#include "ipfix/ipfix.h"
#include "source/source.h"

/* Stations of a port that the page and its JSON show, unless fewer are asked for. */
#define EXPORT_BUSIEST	1000

#define EXPORT_LISTEN	"127.0.0.1:9963"

/**
 * struct export_device - a port, as it was taken
 * @slot: of the port in the members
 * @totals: lifetime
 * @has_limit: the module said how many stations it may have
 * @limit: how many
 * @series: stations that have series of their own, in the order of addresses
 * @omitted: those that have none
 * @busiest: the stations with the most frames, for people; sums and name of the port
 */
struct export_device {
	size_t slot;
	struct totals totals;
	bool has_limit;
	uint64_t limit;
	struct view series;
	struct hidden omitted;
	struct view busiest;
};

/**
 * struct export_snapshot - all ports at one moment
 * @up: the module answered
 * @walked: stations were asked for too
 * @took: seconds that it took
 * @boot: when, by the module's clock
 * @wall: the same moment by the time of day
 * @device: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct export_snapshot {
	bool up;
	bool walked;
	double took;
	uint64_t boot;
	struct timespec wall;
	struct export_device *device;
	size_t count;
	size_t room;
};

/**
 * struct export - an exporter
 * @source: a recording, where there is one
 * @stations: how many stations of a port may have series, 0 for none
 * @members: those that have them; they keep them while they exist
 * @ipfix: sends beside it, or NULL
 * @now: what was taken last
 */
struct export {
	struct source source;
	size_t stations;
	struct delta members;
	struct ipfix *ipfix;
	struct export_snapshot now;
};

/**
 * export_take() - ask the module anew
 * @export: @now is replaced
 * @walk: ask for stations, also when none has series
 *
 * A module that does not answer is no error, but what @now says.
 */
void export_take(struct export *export, bool walk);

/** export_init() - start without a snapshot; at most @stations of a port have series */
void export_init(struct export *export, size_t stations);

/** export_free() - free all */
void export_free(struct export *export);

/** enum export_form - what /metrics is written in */
enum export_form {
	FORM_PROMETHEUS,	/* the text format 0.0.4 */
	FORM_OPENMETRICS,	/* 1.0.0 */
	FORMS
};

/**
 * export_metrics() - write the metrics
 * @export: what was taken
 * @form: how
 * @file: where
 */
void export_metrics(const struct export *export, enum export_form form, FILE *file);

/**
 * export_json() - write the busiest stations as `l2pc -j show --lifetime` does
 * @export: what was taken, with stations
 * @device: of this port, NULL for all
 * @limit: no more than so many of a port
 * @file: where
 */
void export_json(const struct export *export, const char *device, size_t limit, FILE *file);

/**
 * export_form() - which form a client wants
 * @accept: its Accept header, or NULL
 */
enum export_form export_form(const char *accept);

/**
 * export_gzip() - does a client take gzip?
 * @accept: its Accept-Encoding header, or NULL
 */
bool export_gzip(const char *accept);

/**
 * export_limit() - the number of a query's limit=
 * @text: what stands behind the =
 * @limit: put there, no more than EXPORT_BUSIEST
 *
 * Return: is it one?
 */
bool export_limit(const char *text, size_t *limit);

/**
 * export_listen() - a socket that listens
 * @address: HOST:PORT, [HOST]:PORT or :PORT
 * @socket: put there
 * @where: the address as it is, for people
 * @size: bytes at @where
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int export_listen(const char *address, int *socket, char *where, size_t size);

/**
 * export_textfile() - write the metrics once
 * @export: the exporter
 * @name: of the file, - for stdout
 *
 * Return: the exit status
 */
int export_textfile(struct export *export, const char *name);

/**
 * export_server() - listen, and answer until SIGINT or SIGTERM
 * @export: the exporter
 * @address: as it was typed
 *
 * Return: the exit status
 */
int export_server(struct export *export, const char *address);

/**
 * export_wait() - wait for SIGINT or SIGTERM, which are blocked; send IPFIX meanwhile
 * @export: the exporter
 *
 * Return: the exit status
 */
int export_wait(struct export *export);

/**
 * export_serve() - answer until SIGINT or SIGTERM
 * @export: what to answer with
 * @socket: listens
 * @where: the address, for people
 *
 * Return: the exit status
 */
int export_serve(struct export *export, int socket, const char *where);

/** export_serves() - was the tool built with a library that serves? Complains if not. */
bool export_serves(void);

#endif /* L2PC_TOOL_EXPORT_H */
