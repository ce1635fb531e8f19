/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hook of a port's programs: tcx, or clsact where the kernel has no tcx.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_ATTACH_H
#define L2PC_TOOL_RUN_ATTACH_H

#include <stdbool.h>

#include <linux/l2packet_counter.h>

#include "run/program.h"

/* attach_kind() - the hook of this kernel */
enum l2pc_hook_kind attach_kind(void);

/*
 * attach_begin() - attach a port's programs before all others, or change what is attached
 * @tx: also count sent frames
 *
 * Return: 0 or a negative errno
 */
int attach_begin(struct program *program, int ifindex, bool tx);

/* attach_end() - detach them; a device that is in another namespace is not counted either */
void attach_end(struct program *program);

/* attach_lost() - whether somebody else detached a program that is attached */
bool attach_lost(const struct program *program);

/* attach_refusal() - why attach_begin() failed with an error; NULL: as the error says */
const char *attach_refusal(int error);

#endif /* L2PC_TOOL_RUN_ATTACH_H */
