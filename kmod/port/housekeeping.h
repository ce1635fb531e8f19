/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Housekeeping: what a port does from time to time, beside counting.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_HOUSEKEEPING_H
#define L2PC_HOUSEKEEPING_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "engine/table.h"

struct l2pc_port;
struct l2pc_totals;

/**
 * struct l2pc_housekeeping - a port's chores; all of them are works
 * @grow: gives CPUs the spares they want
 * @notice: looks for news, some time after there may be some
 * @timer: closes the window, forgets idle stations, rotates: when it is time
 * @telling: taken over both the change and the telling of it, so that a station's
 *	events come in the order in which it came and went
 * @next_close: jiffies64 at which the window is closed, while there is an interval
 * @next_expire: jiffies64 at which idle stations are looked for, while there is a
 *	timeout
 *
 * @next_close and @next_expire belong to @timer while it is not cancelled, else to
 * whoever holds ports_lock.
 */
struct l2pc_housekeeping {
	struct work_struct grow;
	struct delayed_work notice;
	struct delayed_work timer;
	struct mutex telling;	/* see above */
	u64 next_close;
	u64 next_expire;
};

extern const struct l2pc_writers_ops l2pc_housekeeping_ops;

int l2pc_housekeeping_init(void);
void l2pc_housekeeping_exit(void);
void l2pc_housekeeping_prepare(struct l2pc_port *port);
void l2pc_housekeeping_start(struct l2pc_port *port);
void l2pc_housekeeping_pause(struct l2pc_port *port);
void l2pc_housekeeping_resume(struct l2pc_port *port);
void l2pc_housekeeping_set_reset_interval(struct l2pc_port *port,
					  unsigned int seconds);
void l2pc_housekeeping_set_station_timeout(struct l2pc_port *port,
					   unsigned int seconds);
void l2pc_housekeeping_stop(struct l2pc_port *port);
void l2pc_housekeeping_free(struct l2pc_port *port);
void l2pc_port_close(struct l2pc_port *port, struct l2pc_totals *closed);

#endif /* L2PC_HOUSEKEEPING_H */
