/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where what is shown comes from: the module, or a file that l2pc -j wrote.
 * Copyright (C) the l2packet_counter authors
 *
 * Verbs that show do not know which of both it is.
 */
#ifndef L2PC_TOOL_SOURCE_H
#define L2PC_TOOL_SOURCE_H

#include "source/snapshot.h"
#include "util/options.h"

struct replay;

/**
 * struct source - the module, or a file
 * @nl: connection to the module, when @replay is NULL
 * @replay: the file
 * @verb: whose source it is, for messages
 */
struct source {
	struct nl nl;
	struct replay *replay;
	const char *verb;
};

/**
 * source_open() - connect, or open the file
 * @source: to be filled; to be closed when this has succeeded
 * @options: --replay
 * @verb: the verb's name
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int source_open(struct source *source, const struct options *options, const char *verb);

/** source_close() - @source: that was opened */
void source_close(struct source *source);

/**
 * source_look() - can a view be shown? Of a file, in the moment that has come
 * @source: where from
 * @view: which view
 *
 * Return: 0 or a negative errno, for source_explain()
 */
int source_look(const struct source *source, enum l2pc_view view);

/**
 * source_walk() - the stations of a port, or of all, one by one
 * @source: where from; of a file the next moment that has this view
 * @ifname: the port, NULL for all
 * @view: since when
 * @walker: is told
 * @data: for @walker
 *
 * Return: 0 or a negative errno, for source_explain()
 */
int source_walk(struct source *source, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data);

/**
 * source_views() - the same, all at once
 * @source: where from
 * @ifname: the port, NULL for all
 * @view: since when
 * @views: empty; to be freed by views_free(), also after an error
 *
 * Return: 0 or a negative errno, for source_explain()
 */
int source_views(struct source *source, const char *ifname, enum l2pc_view view,
		 struct views *views);

/**
 * source_ports() - a port, or all
 * @source: where from
 * @ifname: the port, NULL for all
 * @ports: empty; to be freed by ports_free(), also after an error
 *
 * Return: 0 or a negative errno, for source_explain()
 */
int source_ports(struct source *source, const char *ifname, struct ports *ports);

/**
 * source_explain() - one line on stderr about what failed
 * @source: where
 * @error: the negative errno
 * @ifname: the port it was about, or NULL
 *
 * Return: the exit status
 */
int source_explain(struct source *source, int error, const char *ifname);

/** source_has_port() - does the module have such a port? Says nothing. @ifname: it */
bool source_has_port(const char *ifname);

/**
 * source_no_port() - report an unknown port, and list those that exist
 * @nl: connection to the module
 * @ifname: what was typed
 *
 * Return: STATUS_USAGE
 */
int source_no_port(struct nl *nl, const char *ifname);

#endif /* L2PC_TOOL_SOURCE_H */
