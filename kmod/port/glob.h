/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Globs over names of interfaces, by the kernel's glob_match().
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_GLOB_H
#define L2PC_GLOB_H

#include <linux/types.h>

struct netlink_ext_ack;

int l2pc_glob_check(const char *glob, struct netlink_ext_ack *extack);
bool l2pc_glob_match(const char *glob, const char *name);

#endif /* L2PC_GLOB_H */
