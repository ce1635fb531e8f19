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

#include "source/engine.h"
#include "source/model.h"
#include "source/netlink.h"
#include "util/options.h"

struct replay;
struct source;

/* Receives the stations of a walk. */
struct walker {
	void (*reset)(void *data);	/* discard all: the walk starts again */
	void (*port)(const struct view *view, void *data);	/* its stations follow */
	void (*station)(const struct station *station, void *data);
};

/* What a source can do. Functions return 0 or a negative errno. */
struct source_ops {
	bool recorded;		/* the data ends, and each walk goes on to the next sample */
	int (*connect)(struct source *source);		/* or NULL */
	void (*disconnect)(struct source *source);	/* or NULL */
	int (*has_view)(const struct source *source, enum l2pc_view view);	/* or NULL: 0 */
	int (*walk)(struct source *source, const char *ifname, enum l2pc_view view,
		    const struct walker *walker, void *data);
	int (*ports)(struct source *source, const char *ifname, struct ports *ports);
	int (*patterns)(struct source *source, struct ports *patterns);
	int (*reset)(struct source *source, const char *ifname, struct views *closed); /* or NULL */
	int (*explain)(struct source *source, int error, const char *ifname);
	void (*close)(struct source *source);		/* or NULL */
};

extern const struct source_ops source_live;
extern const struct source_ops source_replay;

struct source {
	const struct source_ops *ops;	/* NULL means &source_live */
	const char *verb;		/* that reads it, for messages */
	struct nl nl;			/* live: connection to the module */
	struct replay *replay;		/* the recording */
};

/*
 * source_init() - choose a source: open the recording, but connect to nothing
 * @options: --replay
 * @verb: name of the verb, for messages
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int source_init(struct source *source, const struct options *options, const char *verb);

/* source_connect() - connect, also again after source_disconnect() */
int source_connect(struct source *source);

void source_disconnect(struct source *source);

/* source_open() - source_init() and source_connect(), with an error message */
int source_open(struct source *source, const struct options *options, const char *verb);

/* source_close() - disconnect, and free the source */
void source_close(struct source *source);

/* source_is_recorded() - is it a recording? */
bool source_is_recorded(const struct source *source);

/* source_has_view() - check for a view. Return: -ENODATA where the sample does not hold it */
int source_has_view(const struct source *source, enum l2pc_view view);

/* source_walk() - report the stations of the port @ifname, or of all for NULL */
int source_walk(struct source *source, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data);

/* source_views() - source_walk() into @views, which is empty before */
int source_views(struct source *source, const char *ifname, enum l2pc_view view,
		 struct views *views);

/* source_ports() - append the port @ifname, or all for NULL, to @ports */
int source_ports(struct source *source, const char *ifname, struct ports *ports);

/* source_patterns() - append all patterns to @patterns */
int source_patterns(struct source *source, struct ports *patterns);

/* source_reset() - close windows, and append them. Return: -EOPNOTSUPP for a recording */
int source_reset(struct source *source, const char *ifname, struct views *closed);

/* source_explain() - print the error of an operation above. Return: the exit status */
int source_explain(struct source *source, int error, const char *ifname);

/* source_finish() - source_explain() an @error, if any, and close. Return: the exit status */
int source_finish(struct source *source, int error, const char *ifname);

/* source_has_port() - check whether there is a port of this name */
bool source_has_port(const char *ifname);

/*
 * engine_ports() - append the ports of one engine, whichever was chosen for the verb
 *
 * Return: -ENOENT: it does not run
 */
int engine_ports(enum engine engine, struct ports *ports);

/* replay_open() - open a recording, - for stdin. Return: NULL after an error message */
struct replay *replay_open(const char *name);

/* The file of a recording. */
struct recording {
	const char *name;
	char *text;
	size_t size;
	size_t position;	/* of the next array */
	size_t number;		/* of the array read last */
};

/*
 * replay_read() - append the views of the next array, and its ports and patterns
 *
 * Return: 1, 0 at the end of the file, or -EBADMSG after an error message
 */
int replay_read(struct recording *file, struct views *views, struct ports *ports);

#endif /* L2PC_TOOL_SOURCE_H */
