// SPDX-License-Identifier: GPL-2.0
/*
 * Measure how long the packet path is delayed. A timer fires in softirq, like a driver's
 * NAPI poll. Anything that keeps softirqs of this CPU from running (disabled interrupts
 * or bottom halves, another softirq) delays the timer by the same time. The timer also
 * passes a frame to the device, and measures that.
 * Copyright (C) the l2packet_counter authors
 *
 * The parameters late and frame are the maxima so far, in ns; write 0 to them to start
 * again. The frames come from the stations in turn, with the addresses that pktgen uses.
 */
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "device that gets the frames");

static unsigned int period = 20000;
module_param(period, uint, 0444);
MODULE_PARM_DESC(period, "ns between frames");

static unsigned int stations = 1;
module_param(stations, uint, 0444);
MODULE_PARM_DESC(stations, "addresses they come from, in turn");

static unsigned long late;
module_param(late, ulong, 0644);
MODULE_PARM_DESC(late, "greatest delay of a frame, ns");

static unsigned long frame;
module_param(frame, ulong, 0644);
MODULE_PARM_DESC(frame, "greatest time that a frame took, ns");

static unsigned long frames;
module_param(frames, ulong, 0644);
MODULE_PARM_DESC(frames, "frames so far");

static struct net_device *dev;
static struct hrtimer timer;
static u32 station;

static struct sk_buff *frame_make(void)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, ETH_ZLEN);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	eth = skb_put_zero(skb, ETH_ZLEN);
	/* Addressed to another host: dropped after it was counted. */
	memset(eth->h_dest, 0xff, ETH_ALEN);
	eth->h_dest[0] = 0x02;
	eth->h_source[0] = 0x02;
	eth->h_source[3] = station >> 16;
	eth->h_source[4] = station >> 8;
	eth->h_source[5] = station;
	/* A prime, so that consecutive frames are not of consecutive stations. */
	station = (station + 7919) % stations;
	eth->h_proto = htons(ETH_P_IP);
	skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

static void greatest(unsigned long *of, s64 value)
{
	if (value > 0 && value > READ_ONCE(*of))
		WRITE_ONCE(*of, value);
}

static enum hrtimer_restart fire(struct hrtimer *unused)
{
	struct sk_buff *skb;
	ktime_t begin;

	greatest(&late, ktime_sub(ktime_get(), hrtimer_get_expires(&timer)));
	skb = frame_make();
	if (skb) {
		begin = ktime_get();
		netif_receive_skb(skb);
		greatest(&frame, ktime_sub(ktime_get(), begin));
		frames++;
	}
	hrtimer_forward_now(&timer, ns_to_ktime(period));
	return HRTIMER_RESTART;
}

static int __init hold_init(void)
{
	if (!stations || !period)
		return -EINVAL;
	dev = dev_get_by_name(&init_net, interface);
	if (!dev)
		return -ENODEV;
	hrtimer_setup(&timer, fire, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_SOFT);
	hrtimer_start(&timer, ns_to_ktime(period), HRTIMER_MODE_REL_PINNED_SOFT);
	return 0;
}

static void __exit hold_exit(void)
{
	hrtimer_cancel(&timer);
	dev_put(dev);
}

module_init(hold_init);
module_exit(hold_exit);
MODULE_DESCRIPTION("how long the packet path is held");
MODULE_LICENSE("GPL");
