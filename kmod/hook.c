// SPDX-License-Identifier: GPL-2.0
/*
 * From skb to frame facts: station, frames on the wire, bytes on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * The packet path. Order of the checks and what is kept out of line follow
 * measurement: docs/performance.md. Facts about the skb at this point are from
 * net/core/dev.c:__netif_receive_skb_core(): mac_header is the Ethernet header,
 * mac_len its length (without a tag that was taken off), data and len begin
 * behind it, there is no FCS. Where mac_len is 0 there is no Ethernet header, and
 * nothing was received: dev_loopback_xmit() gives back what this machine sends to
 * groups. mac_header is the IP header there.
 *
 * Context of everything up to the change-over: softirq, or bottom halves
 * disabled, in an RCU read-side section.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/limits.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/flow_dissector.h>

#include "hook.h"
#include "port.h"

/*
 * The station of a frame: one load at the source address takes it and, behind
 * it, the EtherType, which is shifted out. skb_mac_header() is followed by at
 * least ETH_HLEN bytes: eth_type_trans() read them. What was looped back has them
 * too, IP's header is longer.
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

/* Group destination or group source: not counted as a frame of a station. */
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

/* Where the transport header begins, from skb->data; 0 or less: nobody knows. */
static int frame_transport(const struct sk_buff *skb)
{
	int transport = skb->encapsulation ? skb_inner_transport_offset(skb) :
					     skb_transport_offset(skb);
	struct flow_keys_basic keys;

	/*
	 * 0: neither driver nor GRO said where, and __netif_receive_skb_core() put it
	 * here. Negative: it is that of a tunnel's packet, which was taken off.
	 */
	if (transport <= 0 &&
	    skb_flow_dissect_flow_keys_basic(NULL, skb, &keys, NULL, 0, 0, 0, 0))
		return keys.control.thoff;
	return transport;
}

/* Length of all headers of a super-packet, each segment has them on the wire. */
static u32 frame_headers(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int transport = frame_transport(skb);
	u32 headers = transport + skb->mac_len;

	if (transport <= 0)
		return skb->mac_len;
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

	if (!skb->mac_len)
		return;
	/* A priority tag, VLAN id 0, is no VLAN (IEEE 802.1Q, 9.6). */
	if (tag && READ_ONCE(port->vlan))
		key |= skb_vlan_tag_get_id(skb);
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

/* Lowest bit set: to a group, or from one. */
static __always_inline u8 frame_group(const struct ethhdr *eth)
{
	return eth->h_dest[0] | eth->h_source[0];
}

/*
 * The common path: unicast, one frame, its tag in it, no change-over. The bit that
 * group addresses have is also the one of port->detour: one test for all. What is
 * seen of detour may be a moment old: see change_begin().
 */
static __always_inline bool frame_detours(const struct l2pc_port *port,
					  const struct ethhdr *eth)
{
	/* Written by change_begin() and change_end(). */
	return (frame_group(eth) | data_race(port->detour)) & 1;
}

static __always_inline void frame_count(struct l2pc_port *port,
					const struct sk_buff *skb, u64 key)
{
	u32 mac_len = skb->mac_len;

	/* One test for both: they are rare. */
	if (unlikely(skb_shinfo(skb)->gso_size | skb_vlan_tag_any(skb))) {
		frame_count_special(port, skb, key);
		return;
	}
	if (likely(mac_len))
		port_count(port, key, 1, skb->len + mac_len);
}

/* Whatever frame it is. */
static void frame_count_any(struct l2pc_port *port, const struct sk_buff *skb,
			    u64 key)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);

	if (!skb->mac_len)
		return;
	if (frame_group(eth) & 1)
		frame_skip(port, eth, key);
	else
		frame_count_special(port, skb, key);
}

/*
 * Changing over from one way in to the other, without losing or doubling a
 * frame. For a while both are registered, and a frame passes ingress first. The
 * ingress hook decides who counts it: itself, then it notes that in the frame, or
 * the RX handler, then it notes nothing. The RX handler leaves out what is noted.
 * Steps that must have been seen by every frame under way are kept apart by
 * synchronize_net(): see l2pc_hook_change().
 *
 * The note stands in skb->cb, which is nobody's there: GRO and tc ingress are done
 * with it, and whoever comes behind the RX handler begins by filling it in. A number
 * of its own for each change-over keeps notes of an earlier one, and what others
 * left there, from being taken for one.
 *
 * Only the port that changes over notes and looks at notes. Meanwhile all its
 * frames take the detour, in which that is done.
 */
static u64 note;	/* what is written there; written under RTNL */

static u64 *frame_note(struct sk_buff *skb)
{
	return (u64 *)skb->cb;
}

static bool port_is_changing(const struct l2pc_port *port)
{
	/* The partner is change_begin(). */
	return smp_load_acquire(&port->detour);
}

static noinline void rx_handler_detour(struct l2pc_port *port,
				       struct sk_buff *skb, u64 key)
{
	if (!port_is_changing(port) || *frame_note(skb) != READ_ONCE(note))
		frame_count_any(port, skb, key);
}

static noinline void ingress_detour(struct l2pc_port *port,
				    struct sk_buff *skb, u64 key)
{
	/* Read once: the same answer for counting and for noting. */
	bool counts = READ_ONCE(port->hook.ingress_counts);

	if (port_is_changing(port))
		*frame_note(skb) = counts ? READ_ONCE(note) : 0;
	if (counts)
		frame_count_any(port, skb, key);
}

static notrace rx_handler_result_t rx_handler(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);
	struct l2pc_port *port = rcu_dereference(skb->dev->rx_handler_data);
	u64 key = frame_key(eth);

	if (unlikely(frame_detours(port, eth)))
		rx_handler_detour(port, skb, key);
	else
		frame_count(port, skb, key);
	return RX_HANDLER_PASS;
}

static notrace unsigned int ingress(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);
	struct l2pc_port *port = priv;
	u64 key = frame_key(eth);

	if (unlikely(frame_detours(port, eth)))
		ingress_detour(port, skb, key);
	else
		frame_count(port, skb, key);
	return NF_ACCEPT;
}

/* What was noted so far is no note any more, and 0 never is one. */
static void notes_renew(void)
{
	WRITE_ONCE(note, get_random_u64() | 1);
}

/*
 * Who finds the port by a way in that is registered after this sees the detour:
 * registering publishes with release. Who came by the old one sees it at the latest
 * after the next synchronize_net(); until then the old one counts whatever is seen.
 */
static void change_begin(struct l2pc_port *port)
{
	notes_renew();
	/* The partner is port_is_changing(). */
	smp_store_release(&port->detour, 1);
}

/* There is one way in left, and it counts whatever is seen of the detour. */
static void change_end(struct l2pc_port *port)
{
	WRITE_ONCE(port->detour, 0);
}

static int ingress_register(struct l2pc_port *port, struct net_device *dev,
			    bool counts)
{
	struct nf_hook_ops *ops = &port->hook.ingress;

	WRITE_ONCE(port->hook.ingress_counts, counts);
	memset(ops, 0, sizeof(*ops));
	ops->hook = ingress;
	ops->dev = dev;
	ops->priv = port;
	ops->pf = NFPROTO_NETDEV;
	ops->hooknum = NF_NETDEV_INGRESS;
	/* Before any chain of nftables, which may drop. */
	ops->priority = INT_MIN;
	return nf_register_net_hook(dev_net(dev), ops);
}

/* When it returns no CPU is in the hook any more. */
static void ingress_unregister(struct l2pc_port *port, struct net_device *dev)
{
	nf_unregister_net_hook(dev_net(dev), &port->hook.ingress);
	synchronize_net();
}

/* Both are registered; from here on ingress counts, or the RX handler. */
static void change_over(struct l2pc_port *port, bool ingress_counts)
{
	/* No frame is under way that did not pass ingress, or sees no change. */
	synchronize_net();
	WRITE_ONCE(port->hook.ingress_counts, ingress_counts);
	/* No frame is under way that was decided the old way. */
	synchronize_net();
}

static int change_to_ingress(struct l2pc_port *port, struct net_device *dev)
{
	int err;

	change_begin(port);
	err = ingress_register(port, dev, false);
	if (!err) {
		change_over(port, true);
		netdev_rx_handler_unregister(dev);
	}
	change_end(port);
	return err;
}

static int change_to_rx_handler(struct l2pc_port *port, struct net_device *dev)
{
	int err;

	change_begin(port);
	/* No frame is under way that passed ingress without being noted. */
	synchronize_net();
	err = netdev_rx_handler_register(dev, rx_handler, port);
	if (!err) {
		change_over(port, false);
		/* Who sends the same skb again may send it past the ingress hook. */
		notes_renew();
		ingress_unregister(port, dev);
	}
	change_end(port);
	return err;
}

/**
 * l2pc_hook_name() - what a way in is called
 * @kind: the way in
 *
 * Return: its name, as the parameter hook has it, or none.
 */
const char *l2pc_hook_name(enum l2pc_hook_kind kind)
{
	static const char * const names[] = {
		[L2PC_HOOK_KIND_NONE] = "none",
		[L2PC_HOOK_KIND_RX_HANDLER] = "rx_handler",
		[L2PC_HOOK_KIND_INGRESS] = "ingress",
	};

	return names[kind];
}

/**
 * l2pc_hook_available() - does this kernel have it?
 * @kind: the way in
 *
 * Return: true when a port can be counted by it.
 */
bool l2pc_hook_available(enum l2pc_hook_kind kind)
{
	return kind != L2PC_HOOK_KIND_INGRESS ||
	       IS_ENABLED(CONFIG_NETFILTER_INGRESS);
}

/**
 * l2pc_hook_change() - begin to count, go on by another way, or stop
 * @port: where it is counted
 * @dev: its device
 * @kind: the way in from now on
 *
 * No frame is lost or counted twice when the way in changes. When it returns
 * with L2PC_HOOK_KIND_NONE no CPU counts for @port any more.
 *
 * Context: process, RTNL held; sleeps for grace periods.
 * Return: 0; -EBUSY when somebody else holds the RX handler, or another error,
 * with everything as it was.
 */
int l2pc_hook_change(struct l2pc_port *port, struct net_device *dev,
		     enum l2pc_hook_kind kind)
{
	enum l2pc_hook_kind old = port->hook.kind;
	int err = 0;

	ASSERT_RTNL();
	if (kind == old)
		return 0;
	if (!l2pc_hook_available(kind))
		return -EOPNOTSUPP;

	if (kind == L2PC_HOOK_KIND_NONE && old == L2PC_HOOK_KIND_RX_HANDLER)
		/* Waits for a grace period between the handler and its data. */
		netdev_rx_handler_unregister(dev);
	else if (kind == L2PC_HOOK_KIND_NONE)
		ingress_unregister(port, dev);
	else if (old == L2PC_HOOK_KIND_NONE && kind == L2PC_HOOK_KIND_RX_HANDLER)
		err = netdev_rx_handler_register(dev, rx_handler, port);
	else if (old == L2PC_HOOK_KIND_NONE)
		err = ingress_register(port, dev, true);
	else if (kind == L2PC_HOOK_KIND_RX_HANDLER)
		err = change_to_rx_handler(port, dev);
	else
		err = change_to_ingress(port, dev);
	if (!err)
		port->hook.kind = kind;
	return err;
}
