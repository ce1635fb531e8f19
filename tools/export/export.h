/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts for other programs, over HTTP or in a file.
 * Copyright (C) the l2packet_counter authors
 *
 * export.c writes the file and waits, fetch.c reads the module and chooses stations,
 * metrics.c and json.c write a snapshot, http.c serves with libmicrohttpd, and accept.c
 * parses a client's headers. IPFIX has a folder of its own.
 */
#ifndef L2PC_TOOL_EXPORT_H
#define L2PC_TOOL_EXPORT_H

#include <stdio.h>

#include "ipfix/ipfix.h"
#include "source/source.h"

/* Stations of a port that the page and its JSON show at most. */
#define EXPORT_BUSIEST	1000

#define EXPORT_LISTEN	"127.0.0.1:9963"

/* A port in a snapshot. */
struct export_device {
	size_t slot;		/* in the members */
	struct totals totals;	/* lifetime */
	uint64_t limit;		/* stations that it may have, 0 where that is not known */
	struct view series;	/* stations with series, in the order of addresses */
	struct hidden omitted;	/* those without */
	struct view busiest;	/* the busiest stations; name and sums of the port */
};

/* All ports at one time. */
struct export_snapshot {
	bool up;		/* the module answered */
	bool walked;		/* stations were read */
	double seconds;		/* that it took */
	uint64_t boot;		/* when, boot time, ns */
	uint64_t wall;		/* the same, time of day, ns */
	struct export_device *device;
	size_t count;
	size_t room;
	struct index names;	/* devices by name */
	struct ports patterns;
};

struct export {
	struct source source;	/* connected for each snapshot */
	size_t stations;	/* of a port that may have series; 0: none */
	struct delta members;	/* stations that have them */
	struct ipfix *ipfix;	/* sends in addition, or NULL */
	struct export_snapshot now;
};

/** export_init() - start without a snapshot; at most @stations of a port have series */
void export_init(struct export *export, size_t stations);

/** export_free() - free all */
void export_free(struct export *export);

/**
 * export_fetch() - replace the snapshot
 * @walk: read stations, also when none has series
 *
 * @export->now says whether the module answered.
 */
void export_fetch(struct export *export, bool walk);

/* Finds a parameter of a request. Return: NULL where it is not given */
typedef const char *export_parameter(void *data, const char *name);

/**
 * export_history() - write the history as `l2pc -j history` does
 * @get: finds the parameters by, last, from, to, month, cycle, station, top and device
 * @data: for @get
 * @why: filled with the reason of an error, of @size bytes
 *
 * Return: STATUS_DONE; STATUS_USAGE: a parameter is invalid; STATUS_FAILED: no history
 */
int export_history(export_parameter *get, void *data, FILE *file, char *why, size_t size);

/** export_has_device() - is there a port of this name in the snapshot? */
bool export_has_device(const struct export *export, const char *ifname);

/** enum export_form - the format of /metrics */
enum export_form {
	FORM_PROMETHEUS,	/* the text format 0.0.4 */
	FORM_OPENMETRICS,	/* 1.0.0 */
	FORMS
};

/** export_metrics() - write the metrics */
void export_metrics(const struct export *export, enum export_form form, FILE *file);

/**
 * export_json() - write the busiest stations as `l2pc -j show --lifetime` does
 * @device: of this port, NULL for all
 * @limit: at most so many of a port
 */
void export_json(const struct export *export, const char *device, size_t limit, FILE *file);

/** export_form() - choose the format by an Accept header, or NULL */
enum export_form export_form(const char *accept);

/** export_gzip() - does a client with this Accept-Encoding header, or NULL, accept gzip? */
bool export_gzip(const char *accept);

/** export_limit() - parse limit=, at most EXPORT_BUSIEST. Return: is it a number? */
bool export_limit(const char *text, size_t *limit);

/** export_textfile() - write the metrics to a file, - for stdout. Return: the exit status */
int export_textfile(struct export *export, const char *name);

/** export_block() - block SIGINT and SIGTERM in this thread and those that it starts */
void export_block(void);

/** export_wait() - send IPFIX, if any, until SIGINT or SIGTERM. Return: the exit status */
int export_wait(struct export *export);

/**
 * export_serve() - serve until SIGINT or SIGTERM
 * @address: HOST:PORT, [HOST]:PORT or :PORT
 *
 * Only the program l2pc-export has it; in l2pc it is NULL.
 *
 * Return: the exit status
 */
int export_serve(struct export *export, const char *address) __attribute__((weak));

/** export_exec() - go on as l2pc-export. Return: the exit status, when there is none */
int export_exec(char *const argv[]);

#endif /* L2PC_TOOL_EXPORT_H */
