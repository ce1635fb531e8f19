/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The service manager's notification socket.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_NOTIFY_H
#define L2PC_TOOL_RUN_NOTIFY_H

/* notify_ready() - report to systemd, if it started this process, that it counts */
void notify_ready(void);

#endif /* L2PC_TOOL_RUN_NOTIFY_H */
