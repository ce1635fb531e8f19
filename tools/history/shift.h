/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clocks that were wrong at boot: what was counted by them moves when they are set.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SHIFT_H
#define L2PC_TOOL_SHIFT_H

#include "history/database.h"

/**
 * clock_find() - find the clock by which a save counts; first in its transaction
 * @boot: id of the boot
 *
 * Where the time of day was not synchronized at the last save of this boot, and was set
 * since, the ten minutes of this boot, their days and the timestamps move with it.
 *
 * Return: its id
 */
int64_t clock_find(struct history *history, const char *boot);

#endif /* L2PC_TOOL_SHIFT_H */
