/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data sources: where ports and stations are read from.
 * Copyright (C) the l2packet_counter authors
 *
 * A source is the loaded module (live.c) or a recording of l2pc -j (replay.c). Verbs do
 * not know which. An engine that speaks the module's netlink messages over another
 * socket needs only a connect() of its own beside the operations of live.c.
 */
#ifndef L2PC_TOOL_SOURCE_H
#define L2PC_TOOL_SOURCE_H

#include "source/model.h"
#include "source/netlink.h"
#include "util/options.h"

struct replay;
struct source;

/**
 * struct walker - receives the stations of a walk
 * @reset: discard what was reported: the walk starts again
 * @port: the stations of this port follow; @view holds none of them
 * @station: a station of that port
 */
struct walker {
	void (*reset)(void *data);
	void (*port)(const struct view *view, void *data);
	void (*station)(const struct station *station, void *data);
};

/**
 * struct source_ops - what a source can do; all return 0 or a negative errno
 * @recorded: the data ends, and each walk goes on to the next sample
 * @connect: connect to the source, or NULL
 * @disconnect: undo @connect, or NULL
 * @has_view: -ENODATA when the current sample does not hold @view, or NULL
 * @walk: report stations to a walker
 * @ports: append ports
 * @reset: close windows and append them, or NULL
 * @explain: print an error, return the exit status
 * @close: free what opening allocated, or NULL
 */
struct source_ops {
	bool recorded;
	int (*connect)(struct source *source);
	void (*disconnect)(struct source *source);
	int (*has_view)(const struct source *source, enum l2pc_view view);
	int (*walk)(struct source *source, const char *ifname, enum l2pc_view view,
		    const struct walker *walker, void *data);
	int (*ports)(struct source *source, const char *ifname, struct ports *ports);
	int (*reset)(struct source *source, const char *ifname, struct views *closed);
	int (*explain)(struct source *source, int error, const char *ifname);
	void (*close)(struct source *source);
};

extern const struct source_ops source_live;
extern const struct source_ops source_replay;

/**
 * struct source - a source in use
 * @ops: its operations; NULL means &source_live
 * @verb: the verb that reads it, for messages
 * @nl: connection to the module (live)
 * @replay: the recording (replay)
 */
struct source {
	const struct source_ops *ops;
	const char *verb;
	struct nl nl;
	struct replay *replay;
};

/**
 * source_init() - choose a source: open the recording, but connect to nothing
 * @source: to be filled
 * @options: --replay
 * @verb: name of the verb
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int source_init(struct source *source, const struct options *options, const char *verb);

/** source_connect() - connect to the source. Return: 0 or a negative errno */
int source_connect(struct source *source);

/** source_disconnect() - end the connection; source_connect() may follow */
void source_disconnect(struct source *source);

/** source_open() - source_init() and source_connect(), with an error message */
int source_open(struct source *source, const struct options *options, const char *verb);

/** source_close() - disconnect, and free the source */
void source_close(struct source *source);

/** source_is_recorded() - is it a recording? */
bool source_is_recorded(const struct source *source);

/**
 * source_has_view() - check whether a view can be read now
 *
 * Return: 0 or a negative errno for source_explain()
 */
int source_has_view(const struct source *source, enum l2pc_view view);

/**
 * source_walk() - report the stations of one port or of all
 * @source: source to read; a recording goes on to the next sample with this view
 * @ifname: port, NULL for all
 * @view: view to read
 * @walker: receives ports and stations
 * @data: for @walker
 *
 * Return: 0 or a negative errno for source_explain()
 */
int source_walk(struct source *source, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data);

/** source_views() - source_walk() into @views, which is empty before */
int source_views(struct source *source, const char *ifname, enum l2pc_view view,
		 struct views *views);

/** source_ports() - append the port @ifname, or all for NULL, to @ports */
int source_ports(struct source *source, const char *ifname, struct ports *ports);

/** source_reset() - close windows. Return: -EOPNOTSUPP for a recording */
int source_reset(struct source *source, const char *ifname, struct views *closed);

/**
 * source_explain() - print an error of a source operation
 * @source: source that failed
 * @error: the negative errno
 * @ifname: port that was read, or NULL
 *
 * Return: the exit status
 */
int source_explain(struct source *source, int error, const char *ifname);

/** source_has_port() - check whether the module has a port of this name */
bool source_has_port(const char *ifname);

/**
 * replay_open() - open a recording and read its first sample
 * @name: file, - for stdin
 *
 * Return: NULL after an error message
 */
struct replay *replay_open(const char *name);

#endif /* L2PC_TOOL_SOURCE_H */
