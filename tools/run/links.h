/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network devices of the namespace, by rtnetlink: which there are, and what changes.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_LINKS_H
#define L2PC_TOOL_RUN_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/l2packet_counter.h>

/**
 * struct link_info - a device
 * @ifindex: its index
 * @type: ARPHRD type
 * @flags: IFF_*
 * @name: its name
 * @kind: its kind: "veth"; empty for a card
 */
struct link_info {
	int ifindex;
	unsigned short type;
	uint32_t flags;
	char name[L2PC_NAME_MAX + 1];
	char kind[16];
};

/*
 * links_init() - listen to changes
 * @filters: also to filters that are removed
 *
 * Return: 0, or a negative errno after an error message
 */
int links_init(bool filters);

/* links_fd() - what becomes readable at changes */
int links_fd(void);

/* What changes are reported to. */
struct links_ops {
	void (*changed)(const struct link_info *link);	/* a device appeared or changed */
	void (*gone)(int ifindex);
	void (*unfiltered)(int ifindex);	/* a filter or a qdisc was removed */
	void (*lost)(void);	/* changes were missed; every device is reported next */
};

/* links_read() - read changes, and report them */
void links_read(const struct links_ops *ops);

/* links_walk() - report all devices that there are */
void links_walk(void (*each)(const struct link_info *link));

/* links_find() - find a device by its name */
bool links_find(const char *name, struct link_info *link);

/* link_refusal() - why a device cannot be counted; NULL: it can be */
const char *link_refusal(const struct link_info *link);

#endif /* L2PC_TOOL_RUN_LINKS_H */
