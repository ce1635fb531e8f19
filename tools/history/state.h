/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of what is saved: each port and station, as of the last save.
 * Copyright (C) the l2packet_counter authors
 *
 * The module's lifetime counters end with the port, the module or the boot. So two counts
 * of each port and station are saved: the sum of the lifetimes that have ended, and the
 * counters of the current one. Their sum is the all-time count. delta (source/delta.h)
 * decides whether a lifetime goes on, so saving often counts no frame twice. Frames
 * between the last saving and a crash are lost.
 *
 * A merge also states what each station has counted since the save before, and when. The
 * history adds that to its periods (history/store.c).
 */
#ifndef L2PC_TOOL_STATE_H
#define L2PC_TOOL_STATE_H

#include "source/delta.h"

/* Counters of a port, as indexes; those of sent frames follow those of received ones. */
enum sum {
	SUM_PACKETS,
	SUM_BYTES,
	SUM_MULTICAST,
	SUM_BROADCAST,
	SUM_INVALID,
	SUMS_RECEIVED,
	SUM_TX_PACKETS = SUMS_RECEIVED,
	SUM_TX_BYTES,
	SUM_TX_MULTICAST,
	SUM_TX_BROADCAST,
	SUM_TX_INVALID,
	SUMS
};

/* Counters of a station, and of a period, as indexes. */
enum count {
	COUNT_PACKETS,
	COUNT_BYTES,
	COUNT_TX_PACKETS,
	COUNT_TX_BYTES,
	COUNTS
};

/* What was counted since the save before, and when: ns since 1970; 0: nothing. */
struct added {
	uint64_t count[COUNTS];
	uint64_t at;
};

struct saved_station {
	struct delta_station delta;	/* counters of the current lifetime */
	uint64_t ended[COUNTS];		/* of lifetimes that have ended */
	uint64_t first;			/* first seen, ns since 1970 */
	uint64_t last;
	struct added added;
	int64_t id;			/* in the database; 0: not there yet */
	uint32_t name, vendor;		/* ids of texts there; 0: none */
	bool changed;			/* since it was loaded */
};

struct saved_port {
	struct delta_port delta;
	uint64_t since;			/* start of the first lifetime, ns since 1970 */
	uint64_t ended[SUMS];		/* lifetimes that have ended */
	uint64_t current[SUMS];		/* the one that goes on */
	struct added untracked;		/* of frames without a station */
	int64_t id;			/* in the database; 0: not there yet */
};

struct state {
	uint64_t saved;			/* seconds since 1970; 0: never */
	uint64_t read;			/* boot time of an imported file, ns */
	uint64_t slept;			/* of these, in suspension */
	int64_t clock;			/* id of the clock by which this save counts */
	struct delta delta;
	struct {
		int64_t *id;
		size_t count, room;
	} dropped;			/* stations in the database that the merge has dropped */
};

/** enum import_fault - what is wrong with a file of totals */
enum import_fault {
	IMPORT_GOOD,
	IMPORT_NONE,	/* there is no file */
	IMPORT_ERROR,	/* it cannot be read: errno */
	IMPORT_FOREIGN,	/* it is something else */
	IMPORT_OLDER,	/* of a version that is not read any more */
	IMPORT_NEWER,	/* of a version that is not known yet */
	IMPORT_TORN,	/* its end is missing, or its sum is wrong */
};

/**
 * state_import() - read a file of totals, which l2pc 2.0 wrote
 *
 * Return: what is wrong with it; @state is empty then.
 */
enum import_fault state_import(struct state *state, const char *name);

/** import_fault_text() - describe a fault to people */
const char *import_fault_text(enum import_fault fault);

/** state_merge() - add what lifetime views have counted since they were saved */
void state_merge(struct state *state, const struct views *views);

/**
 * state_views() - make all-time views
 * @ifname: one port, NULL for all
 * @views: empty; times are in ns since 1970
 *
 * Return: false when there is no such port
 */
bool state_views(struct state *state, const char *ifname, struct views *views);

/** state_init() - start with no port */
void state_init(struct state *state);

/** state_free() - free all; state_init() makes it usable again */
void state_free(struct state *state);

#endif /* L2PC_TOOL_STATE_H */
