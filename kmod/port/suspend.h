/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Suspension of the machine: reports it to the clock.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_SUSPEND_H
#define L2PC_SUSPEND_H

int l2pc_suspend_init(void);
void l2pc_suspend_exit(void);

#endif /* L2PC_SUSPEND_H */
