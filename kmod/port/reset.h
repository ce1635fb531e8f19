/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reset: close a port's window.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RESET_H
#define L2PC_RESET_H

struct l2pc_port;
struct l2pc_totals;

void l2pc_port_reset(struct l2pc_port *port, struct l2pc_totals *closed);
void l2pc_ports_reset(struct l2pc_port *const *ports, unsigned int count,
		      struct l2pc_totals *closed);

#endif /* L2PC_RESET_H */
