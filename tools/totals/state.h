/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Totals that survive a reboot.
 * Copyright (C) the l2packet_counter authors
 *
 * The module's lifetime counters end with the port, the module or the machine. So
 * for each port and station two counts are kept: what it had in lifetimes that
 * are over, and what it had at the last saving of the one that goes on. A lifetime
 * is known by the boot and by the moment its port was added, whatever the port is
 * called by then. Within a lifetime the
 * module forgets stations: one that has less than it had, or was first seen after the
 * last saving, has begun anew. All time is the sum of both counts. Nothing is counted
 * twice, however often and whenever it is saved; what came after the last saving
 * before a crash is lost.
 */
#ifndef L2PC_TOOL_STATE_H
#define L2PC_TOOL_STATE_H

#include "source/model.h"

#define STATE_FILE	"/var/lib/l2pc/totals"
#define STATE_BOOT	37

/* What a port has sums of; their place in arrays. */
enum sum {
	SUM_PACKETS,
	SUM_BYTES,
	SUM_MULTICAST,
	SUM_BROADCAST,
	SUM_INVALID,
	SUMS
};

/**
 * struct kept - a station
 * @mac: the address
 * @vlan: outer VLAN id, or -1
 * @packets: of what is over
 * @bytes: of what is over
 * @last_packets: of what goes on, when it was saved
 * @last_bytes: of what goes on
 * @first: first seen, in nanoseconds of the day's clock
 * @last: last seen, the same
 */
struct kept {
	uint8_t mac[6];
	int32_t vlan;
	uint64_t packets;
	uint64_t bytes;
	uint64_t last_packets;
	uint64_t last_bytes;
	uint64_t first;
	uint64_t last;
};

/**
 * struct kept_port - a port
 * @ifname: its name, by which it is known when its lifetime is over
 * @boot: id of the boot of its lifetime
 * @opened: when that was added, boot time in nanoseconds
 * @since: when it was first saved, or rather its lifetime of then was opened;
 *	nanoseconds of the day's clock
 * @over: sums of lifetimes that are over
 * @last: sums of the lifetime that goes on, when it was saved
 * @kept: @count stations in the order of addresses, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct kept_port {
	char ifname[L2PC_NAME_MAX + 1];
	char boot[STATE_BOOT];
	uint64_t opened;
	uint64_t since;
	uint64_t over[SUMS];
	uint64_t last[SUMS];
	struct kept *kept;
	size_t count;
	size_t room;
};

/**
 * struct state - all of it
 * @saved: when, in seconds of the day's clock; 0 for never
 * @moment: when, in nanoseconds of boot time
 * @slept: of those, in suspension
 * @port: @count ports, of room for @room
 * @count: how many
 * @room: how many there is room for
 */
struct state {
	uint64_t saved;
	uint64_t moment;
	uint64_t slept;
	struct kept_port *port;
	size_t count;
	size_t room;
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

/**
 * state_read() - read a file
 * @state: all zero; to be freed by state_free()
 * @name: of the file
 *
 * Return: what is wrong with it; @state is empty then
 */
enum state_fault state_read(struct state *state, const char *name);

/** state_fault_text() - what a fault is, for people @fault: it */
const char *state_fault_text(enum state_fault fault);

/**
 * state_write() - write a file, completely or not at all
 * @state: what
 * @name: of the file, which is replaced by renaming
 *
 * Return: 0 or a negative errno
 */
int state_write(const struct state *state, const char *name);

/**
 * state_merge() - take in the lifetime counters as they are now
 * @state: where; it says that it was saved now
 * @views: lifetime of ports
 */
void state_merge(struct state *state, const struct views *views);

/**
 * state_views() - all time, as views
 * @state: of what
 * @ifname: one port, NULL for all
 * @views: empty; moments are nanoseconds of the day's clock
 *
 * Return: false when there is no such port
 */
bool state_views(const struct state *state, const char *ifname, struct views *views);

/** state_free() - @state: is empty afterwards */
void state_free(struct state *state);

#endif /* L2PC_TOOL_STATE_H */
