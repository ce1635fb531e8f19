// SPDX-License-Identifier: GPL-2.0
/*
 * Reserve headroom for XDP in front of the frames made for a device. Real drivers do so.
 * pktgen does only when the device requires it. Generic XDP would expand the head of
 * pktgen's frames instead, and these are shared, which is a BUG().
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/bpf.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "device that gets the room");

static struct net_device *dev;
static unsigned short before;

static int __init headroom_init(void)
{
	rtnl_lock();
	dev = __dev_get_by_name(&init_net, interface);
	if (dev) {
		dev_hold(dev);
		before = dev->needed_headroom;
		dev->needed_headroom = XDP_PACKET_HEADROOM;
	}
	rtnl_unlock();
	return dev ? 0 : -ENODEV;
}

static void __exit headroom_exit(void)
{
	rtnl_lock();
	dev->needed_headroom = before;
	rtnl_unlock();
	dev_put(dev);
}

module_init(headroom_init);
module_exit(headroom_exit);
MODULE_DESCRIPTION("room in front of a device's frames");
MODULE_LICENSE("GPL");
