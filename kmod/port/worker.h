/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Background work of ports: spares, scans, closing and expiry by time.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_WORKER_H
#define L2PC_WORKER_H

#include "engine/table.h"

struct l2pc_port;

extern const struct l2pc_writers_ops l2pc_worker_ops;

void l2pc_worker_init(struct l2pc_port *port);
void l2pc_worker_start(struct l2pc_port *port);
void l2pc_worker_pause(struct l2pc_port *port);
void l2pc_worker_resume(struct l2pc_port *port);
void l2pc_worker_set_reset_interval(struct l2pc_port *port, unsigned int seconds);
void l2pc_worker_set_station_timeout(struct l2pc_port *port, unsigned int seconds);
void l2pc_worker_stop(struct l2pc_port *port);

#endif /* L2PC_WORKER_H */
