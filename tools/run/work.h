/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Background work of ports: tables, scans, closing and expiry by time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_WORK_H
#define L2PC_TOOL_RUN_WORK_H

struct l2pc_totals;
struct port_run;

/* port_reset() - close the window, and send the events of that */
void port_reset(struct port_run *port, struct l2pc_totals *closed);

/* ports_listen() - the first client subscribes to events: what is there is not new */
void ports_listen(void);

/* ports_serve() - do what the programs requested */
void ports_serve(void);

/* ports_serve_waiting() - the part of it that cannot wait for the end of a grace period */
void ports_serve_waiting(void);

/* ports_timers() - do what is due. Return: milliseconds until the next time; -1: never */
int ports_timers(void);

#endif /* L2PC_TOOL_RUN_WORK_H */
