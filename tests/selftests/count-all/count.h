/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts every Ethernet interface: what the files of count-all share.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef COUNT_ALL_H
#define COUNT_ALL_H

#include <limits.h>
#include <linux/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define NETNS_DIR	"/run/netns"
#define NAMES_MAX	256

/* A device that was added, or refused: not tried again while it exists. */
struct link {
	int ifindex;
	struct link *next;
};

struct ns {
	char name[NAME_MAX + 1];
	ino_t ino;
	bool seen;	/* without a name: a process is in it */
	int link_fd;	/* NETLINK_ROUTE, link events */
	int l2pc_fd;	/* NETLINK_GENERIC */
	struct link *links;
	uint64_t deleted[2];	/* frames and skipped frames of ports deleted here */
	uint64_t now[2];	/* of those that are there */
	struct ns *next;
};

/* Namespaces with a name, each with its sockets. */
extern struct ns *spaces;
/* Number of names that are not yet mounted. */
extern int pending_count;
/* File descriptor of the namespace that the program was started in. */
extern int home;
extern uint16_t family;
/* Frames and skipped frames of all namespaces that are gone. */
extern uint64_t counted[2];
/* Interfaces added, and those that were gone before they were added. */
extern unsigned int ports, gone;

/* End the program with an error of @what, from errno. */
void die(const char *what) __attribute__((noreturn));

/* ports.c: the module */

const void *attr_find(const void *at, int size, int type, int *length);
int l2pc_request(int fd, int command, const char *ifname, char reason[256]);
int l2pc_sum(struct ns *ns, char (*idle)[IFNAMSIZ], uint64_t *idle_counted);
void l2pc_prune(struct ns *ns);

/* links.c: devices */

void link_dump(const struct ns *ns);
void link_read(struct ns *ns, bool dump);

/* spaces.c: namespaces */

struct ns *ns_new(struct ns **list, const char *name, ino_t ino);
void ns_open(struct ns *ns, int groups);
void ns_close(struct ns *ns);
void ns_free(struct ns *ns);
void names_start(void);
void names_open(void);
void names_read(int fd);
void unnamed_scan(void);
void unnamed_free(void);

#endif /* COUNT_ALL_H */
