// SPDX-License-Identifier: GPL-2.0
/*
 * Removal of RX handlers: of a single device, or of many with one grace period.
 * Copyright (C) the l2packet_counter authors
 *
 * netdev_rx_handler_unregister() clears rx_handler, waits for a grace period, and clears
 * rx_handler_data. For many ports its two steps are made here, with one grace period
 * between them. No other handler may be registered in the meantime, because a CPU that is
 * still in ours reads rx_handler_data. So RTNL is held from the first step to the second.
 */
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>

#include "port.h"
#include "rx_handler.h"

/**
 * l2pc_rx_handler_disable() - take the RX handler off the device of a port, without waiting
 * @port: a port with a device, and any hook
 *
 * Then the caller calls synchronize_net() and l2pc_rx_handler_remove(), and holds RTNL all
 * the time.
 *
 * Context: process, RTNL held.
 * Return: true; false if the port has no RX handler, and nothing is to be done.
 */
bool l2pc_rx_handler_disable(struct l2pc_port *port)
{
	ASSERT_RTNL();
	if (port->hook.kind != L2PC_HOOK_KIND_RX_HANDLER)
		return false;
	RCU_INIT_POINTER(port->dev->rx_handler, NULL);
	port->hook.disabled = true;
	return true;
}

/**
 * l2pc_rx_handler_remove() - unregister the RX handler of a port
 * @port: a port with an RX handler
 * @dev: its device
 *
 * After the return no CPU is in the handler.
 *
 * Context: process, RTNL held; sleeps for a grace period, unless l2pc_rx_handler_disable()
 * was called.
 */
void l2pc_rx_handler_remove(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	if (port->hook.disabled)
		RCU_INIT_POINTER(dev->rx_handler_data, NULL);
	else
		netdev_rx_handler_unregister(dev);
	port->hook.disabled = false;
}
