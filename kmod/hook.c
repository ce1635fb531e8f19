// SPDX-License-Identifier: GPL-2.0
/*
 * From skb to frame facts: station, frames on the wire, bytes on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * The packet path. Order of the checks and what is kept out of line follow
 * measurement: docs/performance.md. Facts about the skb at this point are from
 * net/core/dev.c:__netif_receive_skb_core(): mac_header is the Ethernet header,
 * mac_len its length (without a tag that was taken off), data and len begin
 * behind it, there is no FCS.
 *
 * Context of the whole file but attach and detach: softirq, or bottom halves
 * disabled, in an RCU read-side section.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>

#include "hook.h"
#include "port.h"

/*
 * The station of a frame: one load at the source address takes it and, behind
 * it, the EtherType, which is shifted out. skb_mac_header() is followed by at
 * least ETH_HLEN bytes: eth_type_trans() read them.
 */
static __always_inline u64 frame_key(const struct ethhdr *eth)
{
	return (get_unaligned_le64(eth->h_source) << L2PC_KEY_MAC_SHIFT) |
		L2PC_KEY_STATION;
}

static __always_inline void port_count(struct l2pc_port *port, u64 key,
				       u32 packets, u32 bytes)
{
	/* Does nothing but on PREEMPT_RT, see table.h. */
	local_lock_nested_bh(&port->window.writers.percpu->lock);
	l2pc_writer_count(&port->window.writers, key, packets, bytes);
	local_unlock_nested_bh(&port->window.writers.percpu->lock);
}

/* Group destination or group source: not counted, but noted. */
static noinline void frame_skip(struct l2pc_port *port,
				const struct ethhdr *eth, u64 key)
{
	enum l2pc_skipped reason = L2PC_SKIPPED_MULTICAST;

	if (key & L2PC_KEY_MULTICAST || !(key & L2PC_KEY_MAC_MASK))
		reason = L2PC_SKIPPED_INVALID;
	else if (is_broadcast_ether_addr(eth->h_dest))
		reason = L2PC_SKIPPED_BROADCAST;

	local_lock_nested_bh(&port->window.writers.percpu->lock);
	l2pc_writer_skip(&port->window.writers, reason);
	local_unlock_nested_bh(&port->window.writers.percpu->lock);
}

/* Length of all headers of a super-packet, each segment has them on the wire. */
static u32 frame_headers(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int transport = skb->encapsulation ? skb_inner_transport_offset(skb) :
					     skb_transport_offset(skb);
	u32 headers = transport + skb->mac_len;

	if (shinfo->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)) {
		const struct tcphdr *tcp;
		struct tcphdr copy;

		tcp = skb_header_pointer(skb, transport, sizeof(copy), &copy);
		if (tcp)
			headers += __tcp_hdrlen(tcp);
	} else if (shinfo->gso_type & SKB_GSO_UDP_L4) {
		headers += sizeof(struct udphdr);
	}
	return headers;
}

/*
 * A frame with a tag that was taken off, or a super-packet that GRO, a tap or a
 * virtio peer put together: counted as what was on the wire, as
 * net/core/dev.c:qdisc_pkt_len_init() reckons for the other direction.
 */
static noinline void frame_count_special(struct l2pc_port *port,
					 const struct sk_buff *skb, u64 key)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 bytes = skb->len + skb->mac_len;
	u32 tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;
	u32 packets = 1;

	if (shinfo->gso_size) {
		u32 headers = frame_headers(skb);

		packets = shinfo->gso_segs;
		/* Who comes from outside may not have counted. */
		if (!packets || shinfo->gso_type & SKB_GSO_DODGY)
			packets = bytes > headers ?
				DIV_ROUND_UP(bytes - headers, shinfo->gso_size) : 1;
		bytes += (packets - 1) * headers;
	}
	bytes += packets * tag;
	port_count(port, key, packets, bytes);
}

static __always_inline void frame_count(struct l2pc_port *port,
					const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);
	u64 key = frame_key(eth);

	if (unlikely((eth->h_dest[0] | eth->h_source[0]) & 1)) {
		frame_skip(port, eth, key);
		return;
	}
	/* One test for both: they are rare. */
	if (unlikely(skb_vlan_tag_present(skb) |
		     ((u32)skb_shinfo(skb)->gso_size != 0))) {
		frame_count_special(port, skb, key);
		return;
	}
	port_count(port, key, 1, skb->len + skb->mac_len);
}

static notrace rx_handler_result_t rx_handler(struct sk_buff **pskb)
{
	const struct sk_buff *skb = *pskb;

	frame_count(rcu_dereference(skb->dev->rx_handler_data), skb);
	return RX_HANDLER_PASS;
}

/**
 * l2pc_hook_attach() - begin to count what a device receives
 * @port: where it is counted
 * @dev: an Ethernet device
 *
 * Context: process, RTNL held.
 * Return: 0, or -EBUSY when somebody else holds the device's RX handler.
 */
int l2pc_hook_attach(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	return netdev_rx_handler_register(dev, rx_handler, port);
}

/**
 * l2pc_hook_detach() - stop counting
 * @port: the port
 * @dev: the device it was attached to
 *
 * When it returns no CPU counts for @port any more.
 *
 * Context: process, RTNL held; sleeps for a grace period.
 */
void l2pc_hook_detach(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	/* Waits for a grace period between the handler and its data. */
	netdev_rx_handler_unregister(dev);
}
