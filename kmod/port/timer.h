/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The timer work item of ports: when it is due, and ports that are idle and need none.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TIMER_H
#define L2PC_TIMER_H

#include <linux/jiffies.h>
#include <linux/workqueue.h>

#include "engine/idle.h"

struct l2pc_port;
struct l2pc_totals;

/* A cell's timestamps are valid for at least 24 days: fold far more often. */
#define L2PC_ROTATE_INTERVAL		(3600UL * HZ)

/* The workqueue of all ports. */
extern struct workqueue_struct *l2pc_wq;

int l2pc_workers_init(void);
void l2pc_workers_exit(void);
u64 l2pc_timer_close_interval(const struct l2pc_port *port);
u64 l2pc_timer_expire_interval(const struct l2pc_port *port);
struct l2pc_duties l2pc_timer_duties(const struct l2pc_port *port);
void l2pc_timer_schedule(struct l2pc_port *port);
void l2pc_timer_idle_leave(struct l2pc_port *port);
void l2pc_timer_catch_up_locked(struct l2pc_port *port);
void l2pc_timer_catch_up(struct l2pc_port *port);
bool l2pc_timer_close_idle(struct l2pc_port *port, struct l2pc_totals *closed);
void l2pc_timer_queue(struct delayed_work *work, u64 delay);

#endif /* L2PC_TIMER_H */
