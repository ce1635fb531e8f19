/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module, where it is loaded as well: no interface is counted by both.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_MODULE_H
#define L2PC_TOOL_RUN_MODULE_H

#include <stdbool.h>

struct link_info;

/* module_read() - read the ports of the module for module_has(), until module_forget() */
void module_read(void);

void module_forget(void);

/* module_has() - whether the ports that were read have a device, or its name */
bool module_has(const struct link_info *link);

/* module_counts() - the same of the ports that there are now */
bool module_counts(const struct link_info *link);

/*
 * module_watch() - listen to the module being loaded and unloaded
 *
 * Return: what becomes readable then, or a negative errno
 */
int module_watch(void);

/* module_changed() - read that. True: it was loaded or unloaded, perhaps */
bool module_changed(void);

#endif /* L2PC_TOOL_RUN_MODULE_H */
