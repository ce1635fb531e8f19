/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reset: close a port's window.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RESET_H
#define L2PC_RESET_H

#include <linux/workqueue.h>

#include "engine/sums.h"

struct l2pc_port;

/**
 * struct l2pc_reset - one of several ports to reset
 * @work: of l2pc_ports_reset()
 * @port: the port; the caller has a reference
 * @closed: the closed window's totals
 */
struct l2pc_reset {
	struct work_struct work;
	struct l2pc_port *port;
	struct l2pc_totals closed;
};

void l2pc_port_reset(struct l2pc_port *port, struct l2pc_totals *closed);
void l2pc_ports_reset(struct l2pc_reset *resets, unsigned int count);

#endif /* L2PC_RESET_H */
