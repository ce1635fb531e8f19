/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a terminal can do, by terminfo.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_TERMINAL_H
#define L2PC_TOOL_TERMINAL_H

#include <stdbool.h>

/** terminal_is_dumb() - check for a known terminal whose cursor cannot be placed */
bool terminal_is_dumb(void);

#endif /* L2PC_TOOL_TERMINAL_H */
