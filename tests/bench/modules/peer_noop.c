// SPDX-License-Identifier: GPL-2.0
/*
 * What an RX handler costs that does nothing.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "device to have the handler on");

static struct net_device *dev;

static rx_handler_result_t noop_rx(struct sk_buff **pskb)
{
	return RX_HANDLER_PASS;
}

static int __init noop_init(void)
{
	int err;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, interface);
	err = dev ? netdev_rx_handler_register(dev, noop_rx, &dev) : -ENODEV;
	if (!err)
		dev_hold(dev);
	rtnl_unlock();
	return err;
}

static void __exit noop_exit(void)
{
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	dev_put(dev);
}

module_init(noop_init);
module_exit(noop_exit);
MODULE_DESCRIPTION("an RX handler that does nothing");
MODULE_LICENSE("GPL");
