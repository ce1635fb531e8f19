// SPDX-License-Identifier: GPL-2.0
/*
 * The cost of a hook that does nothing: an RX handler, a packet tap, or an egress hook.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "device to have the handler on");

static bool tap;
module_param(tap, bool, 0444);
MODULE_PARM_DESC(tap, "a packet tap in place of the RX handler");

static bool egress;
module_param(egress, bool, 0444);
MODULE_PARM_DESC(egress, "an egress hook in place of the RX handler");

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

#ifdef CONFIG_NETFILTER_EGRESS
static unsigned int noop_egress(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static struct nf_hook_ops noop_ops = {
	.hook = noop_egress,
	.pf = NFPROTO_NETDEV,
	.hooknum = NF_NETDEV_EGRESS,
	.priority = INT_MIN,
};

static int noop_egress_register(void)
{
	noop_ops.dev = dev;
	return nf_register_net_hook(&init_net, &noop_ops);
}

static void noop_egress_unregister(void)
{
	nf_unregister_net_hook(&init_net, &noop_ops);
}
#else
static int noop_egress_register(void)
{
	return -EOPNOTSUPP;
}

static void noop_egress_unregister(void)
{
}
#endif

static int noop_register(void)
{
	if (egress)
		return noop_egress_register();
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
	if (egress)
		noop_egress_unregister();
	else if (tap)
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
