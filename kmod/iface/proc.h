/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /proc/l2packet_counter: the view in the frozen format.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_PROC_H
#define L2PC_PROC_H

int l2pc_proc_init(void);
void l2pc_proc_exit(void);

#endif /* L2PC_PROC_H */
