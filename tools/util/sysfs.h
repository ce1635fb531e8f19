/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network interfaces in /sys/class/net.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SYSFS_H
#define L2PC_TOOL_SYSFS_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

/** struct interfaces - names of interfaces: @count of them, room for @room */
struct interfaces {
	char (*name)[IF_NAMESIZE];
	size_t count;
	size_t room;
};

/** interfaces_read() - append all interfaces, or Ethernet devices only, sorted by name */
void interfaces_read(struct interfaces *interfaces, bool ethernet);

/** sysfs_exists() - check for the file or folder @name of an interface; "" is its folder */
bool sysfs_exists(const char *ifname, const char *name);

/** sysfs_line() - read the first line of the file @name of an interface */
bool sysfs_line(const char *ifname, const char *name, char *line, size_t size);

#endif /* L2PC_TOOL_SYSFS_H */
