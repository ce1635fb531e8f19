/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Totals that survive a reboot.
 * Copyright (C) the l2packet_counter authors
 *
 * The module's lifetime counters end with the port, the module or the boot. So two counts
 * of each port and station are saved: the sum of the lifetimes that have ended, and the
 * counters of the current one. Their sum is the all-time count. delta (source/delta.h)
 * decides whether a lifetime goes on, so saving often counts no frame twice. Frames
 * between the last saving and a crash are lost.
 */
#ifndef L2PC_TOOL_STATE_H
#define L2PC_TOOL_STATE_H

#include "source/delta.h"

#define STATE_FILE	"/var/lib/l2pc/totals"

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

struct saved_station {
	struct delta_station delta;	/* counters of the current lifetime */
	uint64_t packets;		/* of lifetimes that have ended */
	uint64_t bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t first;			/* first seen, ns since 1970 */
	uint64_t last;
};

struct saved_port {
	struct delta_port delta;
	uint64_t since;			/* start of the first lifetime, ns since 1970 */
	uint64_t ended[SUMS];		/* lifetimes that have ended */
	uint64_t current[SUMS];		/* the one that goes on */
};

struct state {
	uint64_t saved;			/* seconds since 1970; 0: never */
	uint64_t read;			/* boot time, ns */
	uint64_t slept;			/* of these, in suspension */
	struct delta delta;
};

/** enum state_fault - what is wrong with a file */
enum state_fault {
	STATE_GOOD,
	STATE_NONE,	/* there is no file */
	STATE_ERROR,	/* it cannot be read: errno */
	STATE_FOREIGN,	/* it is something else */
	STATE_OLDER,	/* of a version that is not read any more */
	STATE_NEWER,	/* of a version that is not known yet */
	STATE_TORN,	/* its end is missing, or its sum is wrong */
};

/** state_read() - read a file. Return: what is wrong with it; @state is empty then. */
enum state_fault state_read(struct state *state, const char *name);

/** state_fault_text() - describe a fault to people */
const char *state_fault_text(enum state_fault fault);

/** state_write() - replace a file, completely or not at all. Return: 0 or -errno. */
int state_write(struct state *state, const char *name);

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

/** state_has_tx() - are there counts of sent frames? */
bool state_has_tx(const struct state *state);

/** state_init() - start with no port */
void state_init(struct state *state);

/** state_free() - free all; state_init() makes it usable again */
void state_free(struct state *state);

#endif /* L2PC_TOOL_STATE_H */
