/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Removal of RX handlers.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RX_HANDLER_H
#define L2PC_RX_HANDLER_H

#include <linux/types.h>

struct l2pc_port;
struct net_device;

bool l2pc_rx_handler_disable(struct l2pc_port *port);
void l2pc_rx_handler_remove(struct l2pc_port *port, struct net_device *dev);

#endif /* L2PC_RX_HANDLER_H */
