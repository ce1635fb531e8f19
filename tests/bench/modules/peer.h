/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The common part of the counters that l2packet_counter is compared with: an RX handler
 * on each device of the parameter interface, and a file in /proc.
 * Copyright (C) the l2packet_counter authors
 *
 * Included once, by a file that defines struct peer, with a member dev, and
 *	peer_init()	set up; 0 or an error
 *	peer_exit()	free, when no CPU counts any more
 *	peer_count()	count a frame with a unicast source and destination
 *	peer_proc()	create the file; NULL on failure
 * These are inlined, so that no counter has the cost of an indirect call.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#define PEERS_MAX	64

static char *interface[PEERS_MAX];
static int interfaces;
module_param_array(interface, charp, &interfaces, 0444);
MODULE_PARM_DESC(interface, "devices to count on");

static struct peer *peers;

static rx_handler_result_t peer_rx(struct sk_buff **pskb)
{
	const struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = eth_hdr(skb);

	if (!is_multicast_ether_addr(eth->h_dest) && is_valid_ether_addr(eth->h_source))
		peer_count(rcu_dereference(skb->dev->rx_handler_data), eth->h_source,
			   skb->len + ETH_HLEN);
	return RX_HANDLER_PASS;
}

static int peer_attach(struct peer *peer, const char *name)
{
	int err = peer_init(peer);

	if (err)
		return err;
	rtnl_lock();
	peer->dev = __dev_get_by_name(&init_net, name);
	err = peer->dev ? netdev_rx_handler_register(peer->dev, peer_rx, peer) : -ENODEV;
	if (err)
		peer->dev = NULL;
	else
		dev_hold(peer->dev);
	rtnl_unlock();
	if (err)
		peer_exit(peer);
	return err;
}

static void peer_detach(struct peer *peer)
{
	if (!peer->dev)
		return;
	rtnl_lock();
	netdev_rx_handler_unregister(peer->dev);
	rtnl_unlock();
	dev_put(peer->dev);
	peer_exit(peer);
}

static void peers_exit(void)
{
	int i;

	remove_proc_entry(KBUILD_MODNAME, NULL);
	for (i = 0; i < interfaces; i++)
		peer_detach(&peers[i]);
	kfree(peers);
}

static int __init peers_init(void)
{
	int err = interfaces ? 0 : -EINVAL;
	int i;

	if (!err) {
		peers = kcalloc(interfaces, sizeof(*peers), GFP_KERNEL);
		err = peers ? 0 : -ENOMEM;
	}
	if (err)
		return err;
	for (i = 0; !err && i < interfaces; i++)
		err = peer_attach(&peers[i], interface[i]);
	if (!err && !peer_proc())
		err = -ENOMEM;
	if (err)
		peers_exit();
	return err;
}

module_init(peers_init);
module_exit(peers_exit);
MODULE_LICENSE("GPL");
