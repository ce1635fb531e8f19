/* SPDX-License-Identifier: GPL-2.0 */
/*
 * RX handlers: their port, and their removal.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RX_HANDLER_H
#define L2PC_RX_HANDLER_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <asm/barrier.h>

struct l2pc_port;

/**
 * l2pc_rx_handler_port() - get the port of a device whose RX handler is ours
 * @dev: the device
 *
 * netdev_rx_handler_register() publishes the data, and then the handler. The kernel loads
 * the handler and calls it. That orders no load of the data after it, so that the data may
 * still be NULL, or a port that left the device. The barrier is an instruction on arm64, and
 * none on x86.
 *
 * Context: of an RX handler.
 * Return: the port.
 */
static __always_inline struct l2pc_port *
l2pc_rx_handler_port(const struct net_device *dev)
{
	/* Pairs with rcu_assign_pointer() in netdev_rx_handler_register(). */
	smp_rmb();
	return rcu_dereference(dev->rx_handler_data);
}

bool l2pc_rx_handler_disable(struct l2pc_port *port);
void l2pc_rx_handler_remove(struct l2pc_port *port, struct net_device *dev);

#endif /* L2PC_RX_HANDLER_H */
