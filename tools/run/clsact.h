/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Filters at a device's clsact qdisc, by rtnetlink. Functions return 0 or a negative errno.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_CLSACT_H
#define L2PC_TOOL_RUN_CLSACT_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct clsact - our filters at a device
 * @ifindex: the device
 * @created: the qdisc is ours: it is removed with the last filter
 * @here: the device is, as far as is known: false after a filter of ours was not found
 * @ids: ids of our programs, for received and sent frames
 */
struct clsact {
	int ifindex;
	bool created;
	bool here;
	uint32_t ids[2];
};

/*
 * clsact_open() - make the qdisc, if there is none, and remove what a killed process left
 */
int clsact_open(struct clsact *clsact, int ifindex);

/* clsact_add() - add the filter of a direction, first of all */
int clsact_add(struct clsact *clsact, bool tx, int program_fd);

/* clsact_del() - remove it, if it is still there and ours */
void clsact_del(struct clsact *clsact, bool tx);

/* clsact_lost() - whether a filter that was added is no longer there */
bool clsact_lost(const struct clsact *clsact, bool tx);

/* clsact_close() - remove the qdisc, if it is ours and has no other filter */
void clsact_close(struct clsact *clsact);

/* clsact_refusal() - why clsact_open() or clsact_add() failed with an error, or NULL */
const char *clsact_refusal(int error);

#endif /* L2PC_TOOL_RUN_CLSACT_H */
