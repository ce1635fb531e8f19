/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Capabilities that l2pc run needs.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_PRIVILEGES_H
#define L2PC_TOOL_RUN_PRIVILEGES_H

/* privileges_check() - check for them. Return: 0, or -EPERM after an error message */
int privileges_check(void);

#endif /* L2PC_TOOL_RUN_PRIVILEGES_H */
