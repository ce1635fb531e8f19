// SPDX-License-Identifier: GPL-2.0
/*
 * The egress hook: from an skb that a device is given to send to its station, frames and
 * bytes on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * The facts about skbs are from net/core/dev.c:__dev_queue_xmit() and
 * net/packet/af_packet.c. data is at the Ethernet header; mac_len, and with a packet
 * socket mac_header, are not set. At least ETH_HLEN bytes are linear: whatever makes an
 * Ethernet header makes it there.
 *
 * __dev_queue_xmit() calls the hook with bottom halves disabled, after
 * qdisc_pkt_len_init() has computed the length of all segments, and before tc egress
 * and the queue. A packet socket with PACKET_QDISC_BYPASS calls it with bottom halves
 * enabled, and without that length.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bottom_half.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/limits.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <linux/netfilter_netdev.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <net/sch_generic.h>

#include "engine/window.h"
#include "engine/writer.h"
#include "egress.h"
#include "frame.h"
#include "port.h"
#include "refuse.h"

#if L2PC_EGRESS

/**
 * struct l2pc_egress - a registered egress hook
 * @ops: what is registered
 * @rcu: frees it
 */
struct l2pc_egress {
	struct nf_hook_ops ops;
	struct rcu_head rcu;
};

/* Bytes between network and transport header: IPv4 without options, and IPv6. */
#define NETWORK_LEN_MIN	20U
#define NETWORK_LEN_MAX	40U

/*
 * The super-packets whose length qdisc_pkt_len_init() computes exactly. Others have
 * headers that it does not know, or were written by a guest or a user.
 */
#define PLAIN_GSO	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN | \
			 SKB_GSO_TCP_FIXEDID | SKB_GSO_UDP_L4)

/*
 * Get the station and direction of a frame. A single load has the destination and,
 * above it, the start of the source, which is shifted out.
 */
static __always_inline u64 frame_key(const struct ethhdr *eth)
{
	u64 key = get_unaligned_le64(eth->h_dest) << L2PC_KEY_MAC_SHIFT;

#ifdef __x86_64__
	/* Saves an instruction: else the compiler tests a copy of the address. */
	asm("movw %1, %w0" : "+r" (key) : "i" ((u16)(L2PC_KEY_STATION | L2PC_KEY_TX)));
	return key;
#else
	return key | L2PC_KEY_STATION | L2PC_KEY_TX;
#endif
}

/* Get gso_size and, above it, gso_segs: neighbours, so that it is a single load. */
static __always_inline u32 frame_gso(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	return shinfo->gso_size | (u32)shinfo->gso_segs << 16;
}

static __always_inline void frame_count(struct l2pc_port *port, u64 key, u32 packets,
					u32 bytes)
{
	/* Empty except on PREEMPT_RT, see table.h. */
	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_count(&port->counts.writers, key, packets, bytes);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/*
 * Check for a super-packet whose length on the wire the stack knows, as pkt_len, if it
 * knows the number of segments. It is wrong when the transport header's offset is stale,
 * as behind a tunnel that took headers off, or never set; and with the jumbo option of
 * IPv6 BIG TCP, which segments do not have. Then that offset is not one IP header away
 * from the network header. A packet in a tunnel has one of the other types.
 */
static __always_inline bool frame_is_plain_super(const struct sk_buff *skb)
{
	u16 network_len = skb->transport_header - skb->network_header;

	return !(skb_shinfo(skb)->gso_type & ~PLAIN_GSO) &&
	       (u16)(network_len - NETWORK_LEN_MIN) <= NETWORK_LEN_MAX - NETWORK_LEN_MIN;
}

/* Check that __dev_queue_xmit() calls: else bottom halves are enabled. */
static __always_inline bool frame_is_queued(void)
{
	return softirq_count();
}

/* Count a frame of a group's address as skipped. */
static void frame_skip(struct l2pc_port *port, const struct ethhdr *eth)
{
	enum l2pc_skipped reason = is_broadcast_ether_addr(eth->h_dest) ?
		L2PC_SKIPPED_BROADCAST : L2PC_SKIPPED_MULTICAST;

	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_tx_skip(&port->counts.writers, reason);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/* Count a super-packet whose headers contradict its type. */
static void frame_malformed(struct l2pc_port *port)
{
	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_tx_malformed(&port->counts.writers);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/* Count a super-packet by its headers. */
static noinline void frame_count_super(struct l2pc_port *port, const struct sk_buff *skb,
				       u64 key)
{
	struct l2pc_wire wire;

	l2pc_frame_wire_sent(skb, &wire);
	if (wire.malformed)
		frame_malformed(port);
	frame_count(port, key, wire.packets, wire.bytes);
}

/* Get the VLAN id of a frame whose tag is in skb->data or taken off; 0: it has none. */
static u16 frame_vlan(const struct sk_buff *skb)
{
	struct vlan_hdr copy, *tag;

	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	if (!eth_type_vlan(((const struct ethhdr *)skb->data)->h_proto))
		return 0;
	tag = skb_header_pointer(skb, ETH_HLEN, sizeof(copy), &copy);
	return tag ? ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK : 0;
}

/* Count any frame. Context: bottom halves disabled. */
static void frame_count_any(struct l2pc_port *port, const struct sk_buff *skb, u64 key,
			    bool queued)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	u32 tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	u32 packets = 1, bytes = skb->len;
	u32 gso = frame_gso(skb);

	if (is_multicast_ether_addr(eth->h_dest)) {
		frame_skip(port, eth);
		return;
	}
	/* A priority tag, VLAN id 0, is not a VLAN (IEEE 802.1Q, 9.6). */
	if (READ_ONCE(port->vlan))
		key |= frame_vlan(skb);
	if ((u16)gso) {
		packets = gso >> 16;
		if (!queued || !packets || !frame_is_plain_super(skb)) {
			frame_count_super(port, skb, key);
			return;
		}
		bytes = qdisc_skb_cb(skb)->pkt_len;
	}
	frame_count(port, key, packets, bytes + packets * tag);
}

/* Count a frame that is not plain. */
static noinline unsigned int egress_any(struct l2pc_port *port, const struct sk_buff *skb,
					u64 key)
{
	bool queued = frame_is_queued();

	if (!queued)
		local_bh_disable();
	frame_count_any(port, skb, key, queued);
	if (!queued)
		local_bh_enable();
	return NF_ACCEPT;
}

static notrace unsigned int egress(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	struct l2pc_port *port = priv;
	u64 key = frame_key(eth);
	u32 gso, segments;

	if (unlikely(key & L2PC_KEY_MULTICAST || skb_vlan_tag_any(skb) ||
		     READ_ONCE(port->vlan) || !frame_is_queued()))
		return egress_any(port, skb, key);
	gso = frame_gso(skb);
	if (!(u16)gso) {
		frame_count(port, key, 1, skb->len);
		return NF_ACCEPT;
	}
	segments = gso >> 16;
	if (unlikely(!segments || !frame_is_plain_super(skb)))
		return egress_any(port, skb, key);
	frame_count(port, key, segments, qdisc_skb_cb(skb)->pkt_len);
	return NF_ACCEPT;
}

/**
 * l2pc_egress_check() - check whether this kernel can count sent frames, and report why not
 * @name: the interface
 * @extack: gets the report, or NULL: the kernel log does
 *
 * Return: 0, or -EOPNOTSUPP.
 */
int l2pc_egress_check(const char *name, struct netlink_ext_ack *extack)
{
	return 0;
}

/**
 * l2pc_egress_register() - start to count the frames that a device is given to send
 * @port: a port without an egress hook
 * @dev: its device
 *
 * Context: process, RTNL held, may sleep.
 * Return: 0, -EOPNOTSUPP, -ENOMEM, or -E2BIG (the device has 1024 hooks).
 */
int l2pc_egress_register(struct l2pc_port *port, struct net_device *dev)
{
	struct l2pc_egress *new;
	int err;

	ASSERT_RTNL();
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->ops = (struct nf_hook_ops){
		.hook = egress,
		.dev = dev,
		.priv = port,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
		/* First: before a rule drops or changes the frame. */
		.priority = INT_MIN,
	};
	l2pc_counts_set_tx(&port->counts, true);
	err = nf_register_net_hook(dev_net(dev), &new->ops);
	if (err) {
		l2pc_counts_set_tx(&port->counts, false);
		kfree(new);
		return err;
	}
	port->egress = new;
	return 0;
}

/**
 * l2pc_egress_remove() - remove a port's egress hook, if it has one, without waiting
 * @port: the port
 * @dev: its device
 *
 * A CPU may count sent frames for @port until a grace period has passed.
 *
 * Context: process, RTNL held, may sleep.
 */
void l2pc_egress_remove(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	if (!port->egress)
		return;
	nf_unregister_net_hook(dev_net(dev), &port->egress->ops);
	/* nfnetlink_hook.c:nfnl_hook_dump() reads the ops in the RCU read side. */
	kfree_rcu(port->egress, rcu);
	port->egress = NULL;
}

/**
 * l2pc_egress_unregister() - stop to count sent frames
 * @port: the port
 * @dev: its device; not used if sent frames are not counted now
 *
 * After the return no CPU counts sent frames for @port.
 *
 * Context: process, RTNL held, sleeps for a grace period.
 */
void l2pc_egress_unregister(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	if (port->egress) {
		l2pc_egress_remove(port, dev);
		/* nf_unregister_net_hook() does not wait for the CPUs that are in the hook. */
		synchronize_net();
	}
	l2pc_counts_set_tx(&port->counts, false);
}

#else /* L2PC_EGRESS */

int l2pc_egress_check(const char *name, struct netlink_ext_ack *extack)
{
	l2pc_refuse(extack, "sent frames cannot be counted: " L2PC_NO_EGRESS,
		    "interface %s: sent frames cannot be counted: " L2PC_NO_EGRESS "\n",
		    name);
	return -EOPNOTSUPP;
}

int l2pc_egress_register(struct l2pc_port *port, struct net_device *dev)
{
	return -EOPNOTSUPP;
}

void l2pc_egress_remove(struct l2pc_port *port, struct net_device *dev)
{
}

void l2pc_egress_unregister(struct l2pc_port *port, struct net_device *dev)
{
}

#endif /* L2PC_EGRESS */
