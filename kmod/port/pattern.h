/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Patterns: globs over names of interfaces, whose devices become ports by themselves.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PATTERN_H
#define L2PC_PATTERN_H

#include <linux/list.h>
#include <linux/types.h>

#include "list.h"

struct net;
struct net_device;
struct netlink_ext_ack;

/* Maximum number of patterns of a namespace: each device that appears is matched. */
#define L2PC_PATTERNS_MAX		64U

/* Characters that make a name in the parameter interface a pattern. */
#define L2PC_PATTERN_CHARS		"*?["

void l2pc_patterns_init_net(struct l2pc_net *of);
void l2pc_patterns_exit_net(struct l2pc_net *of);
int l2pc_pattern_add(struct net *net, const char *glob,
		     const struct l2pc_settings *settings,
		     struct netlink_ext_ack *extack);
int l2pc_pattern_del(struct net *net, const char *glob, struct netlink_ext_ack *extack);
bool l2pc_pattern_get_after(const struct net *net, u64 serial,
			    struct l2pc_pattern_info *info);
void l2pc_patterns_free(struct l2pc_net *of);
void l2pc_device_take(struct net_device *dev);
void l2pc_patterns_set(struct l2pc_net *of, const struct l2pc_settings *settings,
		       u32 given);
void l2pc_ports_finish_later(struct l2pc_net *of);
void l2pc_pattern_lose(struct l2pc_port *port);

#endif /* L2PC_PATTERN_H */
