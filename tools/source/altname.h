/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Alternative names of interfaces, as `ip link property add dev eth0 altname NAME` gives them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_ALTNAME_H
#define L2PC_TOOL_ALTNAME_H

#include <net/if.h>
#include <stdbool.h>

/* Longest alternative name, ALTIFNAMSIZ - 1 of <linux/if.h>. */
#define ALTNAME_MAX	127

/**
 * altname_find() - find the interface that has an alternative name
 * @name: the name, also one that is an interface's own
 * @own: set to the interface's own name
 *
 * A port has the interface's own name. So that is what is sent to either engine.
 *
 * Return: true if an interface of this network namespace has the alternative name, and no
 * other has it as its own.
 */
bool altname_find(const char *name, char own[IF_NAMESIZE]);

#endif /* L2PC_TOOL_ALTNAME_H */
