// SPDX-License-Identifier: GPL-2.0
/*
 * The cost of a hook that does nothing: an RX handler, or a packet tap.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "device to have the handler on");

static bool tap;
module_param(tap, bool, 0444);
MODULE_PARM_DESC(tap, "a packet tap in place of the RX handler");

static struct net_device *dev;

static rx_handler_result_t noop_rx(struct sk_buff **pskb)
{
	return RX_HANDLER_PASS;
}

/* The cheapest possible tap: the reference is dropped inline. */
static int noop_tap(struct sk_buff *skb, struct net_device *dev,
		    struct packet_type *type, struct net_device *orig_dev)
{
	if (unlikely(refcount_dec_and_test(&skb->users))) {
		refcount_set(&skb->users, 1);
		consume_skb(skb);
	}
	return NET_RX_SUCCESS;
}

static struct packet_type noop_type = {
	.type = cpu_to_be16(ETH_P_ALL),
	.func = noop_tap,
	.ignore_outgoing = true,
};

static int noop_register(void)
{
	if (!tap)
		return netdev_rx_handler_register(dev, noop_rx, &dev);
	noop_type.dev = dev;
	dev_add_pack(&noop_type);
	return 0;
}

static int __init noop_init(void)
{
	int err;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, interface);
	err = dev ? noop_register() : -ENODEV;
	if (!err)
		dev_hold(dev);
	rtnl_unlock();
	return err;
}

static void __exit noop_exit(void)
{
	rtnl_lock();
	if (tap)
		dev_remove_pack(&noop_type);
	else
		netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	dev_put(dev);
}

module_init(noop_init);
module_exit(noop_exit);
MODULE_DESCRIPTION("a hook that does nothing");
MODULE_LICENSE("GPL");
