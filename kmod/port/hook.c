// SPDX-License-Identifier: GPL-2.0
/*
 * The packet path: from an skb to its station, frames and bytes on the wire.
 * Copyright (C) the l2packet_counter authors
 *
 * The order of the checks, and which code is out of line, follow measurements:
 * docs/performance.md. The facts about skbs are from
 * net/core/dev.c:__netif_receive_skb_core(). mac_header is the Ethernet header,
 * and mac_len its length, without a stripped tag. data and len start behind it. At a
 * tap the skb is shared with later taps and the stack, so it is only read.
 *
 * Context of the packet path: softirq, or bottom halves disabled, in an RCU
 * read-side section.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/limits.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/unaligned.h>
#include <net/xfrm.h>

#include "engine/writer.h"
#include "frame.h"
#include "hook.h"
#include "port.h"
#include "rx_handler.h"

/*
 * Get the station of a frame. A single load has the source address and, below it, the
 * end of the destination, which is overwritten. At least ETH_HLEN bytes follow
 * skb_mac_header(), because eth_type_trans() read them. A frame that was looped back
 * has them as well: its IP header is longer.
 */
static __always_inline u64 frame_key(const struct ethhdr *eth)
{
	u64 key = get_unaligned_le64(&eth->h_source[0] - L2PC_KEY_MAC_SHIFT / 8);

#ifdef __x86_64__
	/* Saves an instruction. */
	asm("movw %1, %w0" : "+r" (key) : "i" ((u16)L2PC_KEY_STATION));
	return key;
#else
	return (key & L2PC_KEY_MAC_MASK) | L2PC_KEY_STATION;
#endif
}

/* Check for a group source or destination: the lowest bit of either address is set. */
static __always_inline bool frame_of_group(const struct ethhdr *eth)
{
	/* Both lie in the first 8 bytes. */
	return get_unaligned_le64(eth->h_dest) & (BIT_ULL(0) | BIT_ULL(8 * ETH_ALEN));
}

static __always_inline void port_count(struct l2pc_port *port, u64 key,
				       u32 packets, u32 bytes)
{
	/* Empty except on PREEMPT_RT, see table.h. */
	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_count(&port->counts.writers, key, packets, bytes);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/* Count a super-packet whose headers contradict its type. */
static noinline void port_malformed(struct l2pc_port *port)
{
	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_malformed(&port->counts.writers);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/* Count a frame of a group source or destination as skipped. */
static void frame_skip(struct l2pc_port *port, const struct ethhdr *eth, u64 key)
{
	enum l2pc_skipped reason = L2PC_SKIPPED_MULTICAST;

	if (key & L2PC_KEY_MULTICAST || !(key & L2PC_KEY_MAC_MASK))
		reason = L2PC_SKIPPED_INVALID;
	else if (is_broadcast_ether_addr(eth->h_dest))
		reason = L2PC_SKIPPED_BROADCAST;

	local_lock_nested_bh(&port->counts.writers.percpu->lock);
	l2pc_writer_skip(&port->counts.writers, reason);
	local_unlock_nested_bh(&port->counts.writers.percpu->lock);
}

/*
 * Check for a tunnel-mode packet that IPsec has decrypted. It is received again on the
 * same device (net/xfrm/xfrm_input.c); its frame was counted with the encrypted packet.
 * With ESP in GRO (esp4_offload) the packet was decrypted before any hook, so this is
 * its first reception.
 */
static bool frame_received_before(const struct sk_buff *skb)
{
	const struct sec_path *path = skb_sec_path(skb);

	return path && !(path->len == 1 && path->ovec[0].flags & XFRM_GRO);
}

/*
 * Check that a frame arrived. Packets that this machine sends to groups are looped back
 * to itself without an Ethernet header (dev_loopback_xmit()).
 */
static bool frame_arrived(const struct sk_buff *skb)
{
	return skb->mac_len >= ETH_HLEN && skb->pkt_type != PACKET_LOOPBACK &&
	       !frame_received_before(skb);
}

/* Count a super-packet of GRO, a tap or a virtio peer as its frames on the wire. */
static noinline void frame_count_super(struct l2pc_port *port,
				       const struct sk_buff *skb, u64 key)
{
	struct l2pc_wire wire;

	l2pc_frame_wire(skb, &wire);
	if (wire.malformed)
		port_malformed(port);
	port_count(port, key, wire.packets, wire.bytes);
}

/* Count a frame that may have a stripped tag, or be a super-packet. */
static void frame_count_wire(struct l2pc_port *port, const struct sk_buff *skb,
			     u64 key, u32 fcs)
{
	u32 tag = skb_vlan_tag_present(skb) ? VLAN_HLEN : 0;

	/* A priority tag, VLAN id 0, is not a VLAN (IEEE 802.1Q, 9.6). */
	if (tag && READ_ONCE(port->vlan))
		key |= skb_vlan_tag_get_id(skb);
	/* GRO does not merge frames with an FCS: they are longer than their IP length. */
	if (skb_shinfo(skb)->gso_size)
		frame_count_super(port, skb, key);
	else
		port_count(port, key, 1, skb->len + skb->mac_len + tag - fcs);
}

/* Count any frame; ignore an skb that is not a received frame. */
static void frame_count_any(struct l2pc_port *port, const struct sk_buff *skb,
			    u64 key, u32 fcs)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);

	if (!frame_arrived(skb))
		return;
	if (frame_of_group(eth))
		frame_skip(port, eth, key);
	else
		frame_count_wire(port, skb, key, fcs);
}

/*
 * Check whether an skb needs frame_arrived(). Either it has extensions, and IPsec's is
 * an extension. Or its pkt_type may be PACKET_LOOPBACK, 5: no type of a received frame
 * has the highest bit. The two bytes are neighbours, which makes it a single test.
 */
static __always_inline bool skb_is_suspect(const struct sk_buff *skb)
{
	const u8 loopback = PKT_TYPE_MAX / 7 * 4;
	const u8 *type = (const u8 *)skb + offsetof(struct sk_buff, __pkt_type_offset);
#ifdef CONFIG_SKB_EXTENSIONS
	const u8 bytes[2] = { 0xff, loopback };

	BUILD_BUG_ON(offsetof(struct sk_buff, active_extensions) + 1 !=
		     offsetof(struct sk_buff, __pkt_type_offset));
	return get_unaligned((const u16 *)(type - 1)) & get_unaligned((const u16 *)bytes);
#else
	return *type & loopback;
#endif
}

/*
 * Check for a plain frame: unicast, one segment, no stripped tag, an Ethernet header of
 * its own. All others are rare, and counted by frame_count_any().
 */
static __always_inline bool frame_is_plain(const struct sk_buff *skb,
					   const struct ethhdr *eth)
{
	return !frame_of_group(eth) &&
	       !(skb_shinfo(skb)->gso_size | skb_vlan_tag_any(skb)) &&
	       !skb_is_suspect(skb) && skb->mac_len == ETH_HLEN;
}

/* --- the packet tap ------------------------------------------------------------- */

/*
 * Drop the reference that deliver_skb() took. Inline, because a call that returns makes
 * the caller save registers, 13 instructions a frame. Without the overflow check of
 * refcount_dec_and_test(), because refcount_inc() has just made it.
 *
 * Return: true for the last reference. Then no protocol takes the frame, and the caller
 * must free it.
 */
static __always_inline bool frame_put(struct sk_buff *skb)
{
	return atomic_dec_and_test(&skb->users.refs);
}

static void frame_free(struct sk_buff *skb)
{
	/* consume_skb() drops a reference. */
	refcount_set(&skb->users, 1);
	consume_skb(skb);
}

/* Count a frame that is not plain. */
static noinline int tap_any(struct l2pc_port *port, struct sk_buff *skb, u64 key, u32 fcs)
{
	frame_count_any(port, skb, key, fcs);
	if (unlikely(frame_put(skb)))
		frame_free(skb);
	return NET_RX_SUCCESS;
}

/* Count a frame that no protocol takes, and free it. */
static noinline int tap_last(struct l2pc_port *port, struct sk_buff *skb, u64 key,
			     u32 bytes)
{
	frame_free(skb);
	port_count(port, key, 1, bytes);
	return NET_RX_SUCCESS;
}

/* Drops the reference before counting, so that no register holds the skb. */
static notrace int tap(struct sk_buff *skb, struct net_device *dev,
		       struct packet_type *type, struct net_device *orig_dev)
{
	struct l2pc_port *port = container_of(type, struct l2pc_port, hook.tap);
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);
	u64 key = frame_key(eth);
	u32 bytes;

	if (unlikely(!frame_is_plain(skb, eth)))
		return tap_any(port, skb, key, 0);
	bytes = skb->len + ETH_HLEN;
	if (unlikely(frame_put(skb)))
		return tap_last(port, skb, key, bytes);
	port_count(port, key, 1, bytes);
	return NET_RX_SUCCESS;
}

/*
 * Count on a device that delivers frames with their FCS (`ethtool -K DEV rx-fcs on`), or
 * on a device above such devices. The device that received the frame decides whether it
 * has an FCS: a bond's slaves may differ.
 */
static int tap_fcs(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *type, struct net_device *orig_dev)
{
	struct l2pc_port *port = container_of(type, struct l2pc_port, hook.tap);
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);

	return tap_any(port, skb, frame_key(eth),
		       orig_dev->features & NETIF_F_RXFCS ? ETH_FCS_LEN : 0);
}

static void tap_register(struct l2pc_port *port, struct net_device *dev, bool fcs)
{
	struct packet_type *type = &port->hook.tap;

	/* The device came back, so a grace period has most likely passed. */
	l2pc_hook_wait(port);
	*type = (struct packet_type){
		.type = htons(ETH_P_ALL),
		.dev = dev,
		.func = fcs ? tap_fcs : tap,
		.ignore_outgoing = true,
	};
	dev_add_pack(type);
}

/* --- the RX handler ------------------------------------------------------------- */

static noinline rx_handler_result_t rx_handler_any(struct l2pc_port *port,
						   const struct sk_buff *skb, u64 key,
						   u32 fcs)
{
	frame_count_any(port, skb, key, fcs);
	return RX_HANDLER_PASS;
}

static notrace rx_handler_result_t rx_handler(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);
	struct l2pc_port *port = l2pc_rx_handler_port(skb->dev);
	u64 key = frame_key(eth);

	if (unlikely(!frame_is_plain(skb, eth)))
		return rx_handler_any(port, skb, key, 0);
	port_count(port, key, 1, skb->len + ETH_HLEN);
	return RX_HANDLER_PASS;
}

/* Count on a device that delivers frames with their FCS. */
static rx_handler_result_t rx_handler_fcs(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = (const struct ethhdr *)skb_mac_header(skb);

	return rx_handler_any(l2pc_rx_handler_port(skb->dev), skb,
			      frame_key(eth), ETH_FCS_LEN);
}

/* --- registering ---------------------------------------------------------------- */

/**
 * l2pc_hook_name() - get the name of a hook
 * @kind: the hook
 *
 * Return: its name, as in the parameter hook, or "none".
 */
const char *l2pc_hook_name(enum l2pc_hook_kind kind)
{
	static const char * const names[] = {
		[L2PC_HOOK_KIND_NONE] = "none",
		[L2PC_HOOK_KIND_RX_HANDLER] = "rx_handler",
		[L2PC_HOOK_KIND_TAP] = "tap",
	};

	return names[kind];
}

/**
 * l2pc_hook_kind() - get the hook of a setting
 * @wanted: the setting
 *
 * Return: the hook.
 */
enum l2pc_hook_kind l2pc_hook_kind(enum l2pc_hook_wanted wanted)
{
	return wanted == L2PC_HOOK_WANTED_RX_HANDLER ? L2PC_HOOK_KIND_RX_HANDLER :
						       L2PC_HOOK_KIND_TAP;
}

/**
 * l2pc_hook_check() - check whether a hook is available to a port
 * @port: the port
 * @dev: its device
 * @kind: the hook, not L2PC_HOOK_KIND_NONE
 *
 * Context: process, RTNL held.
 * Return: 0; for the RX handler only: -EBUSY when it is taken, -EINVAL when the device
 * never allows one (IFF_NO_RX_HANDLER).
 */
int l2pc_hook_check(const struct l2pc_port *port, struct net_device *dev,
		    enum l2pc_hook_kind kind)
{
	ASSERT_RTNL();
	if (kind == L2PC_HOOK_KIND_TAP || port->hook.kind == kind)
		return 0;
	if (netdev_is_rx_handler_busy(dev))
		return -EBUSY;
	return dev->priv_flags & IFF_NO_RX_HANDLER ? -EINVAL : 0;
}

/**
 * l2pc_hook_register() - register a hook: start to count
 * @port: a port without a hook
 * @dev: its device
 * @kind: the hook, not L2PC_HOOK_KIND_NONE
 * @fcs: frames may arrive with their FCS
 *
 * Context: process, RTNL held, may sleep.
 * Return: 0; for the RX handler only: -EBUSY when it is taken, -EINVAL when the device
 * never allows one (IFF_NO_RX_HANDLER).
 */
int l2pc_hook_register(struct l2pc_port *port, struct net_device *dev,
		       enum l2pc_hook_kind kind, bool fcs)
{
	int err = 0;

	ASSERT_RTNL();
	if (kind == L2PC_HOOK_KIND_TAP)
		tap_register(port, dev, fcs);
	else
		err = netdev_rx_handler_register(dev, fcs ? rx_handler_fcs : rx_handler,
						 port);
	if (err)
		return err;
	port->hook.kind = kind;
	port->hook.fcs = fcs;
	return 0;
}

/**
 * l2pc_hook_remove() - remove a port's hook, if it has one, without waiting
 * @port: the port
 * @dev: its device
 *
 * A CPU may count for @port until l2pc_hook_wait() has returned.
 *
 * Context: process, RTNL held; sleeps for a grace period with the RX handler only, unless
 * l2pc_rx_handler_disable() took it off.
 */
void l2pc_hook_remove(struct l2pc_port *port, struct net_device *dev)
{
	ASSERT_RTNL();
	switch (port->hook.kind) {
	case L2PC_HOOK_KIND_NONE:
	case L2PC_HOOK_KIND_TCX:	/* of l2pc run only */
	case L2PC_HOOK_KIND_CLSACT:	/* as above */
		return;
	case L2PC_HOOK_KIND_TAP:
		__dev_remove_pack(&port->hook.tap);
		port->hook.removed_at = get_state_synchronize_rcu();
		port->hook.removed = true;
		break;
	case L2PC_HOOK_KIND_RX_HANDLER:
		l2pc_rx_handler_remove(port, dev);
		break;
	}
	port->hook.kind = L2PC_HOOK_KIND_NONE;
}

/**
 * l2pc_hook_wait() - wait until no CPU counts by a hook that was removed
 * @port: the port
 *
 * Waits only if no grace period has passed since.
 *
 * Context: process, may sleep for a grace period. RTNL held, or @port is unlinked.
 */
void l2pc_hook_wait(struct l2pc_port *port)
{
	if (port->hook.removed)
		cond_synchronize_rcu(port->hook.removed_at);
	port->hook.removed = false;
}

/**
 * l2pc_hook_unregister() - unregister a port's hook, if it has one: stop counting
 * @port: the port
 * @dev: its device
 *
 * After the return no CPU counts for @port.
 *
 * Context: process, RTNL held, sleeps for a grace period.
 */
void l2pc_hook_unregister(struct l2pc_port *port, struct net_device *dev)
{
	l2pc_hook_remove(port, dev);
	if (port->hook.removed)
		synchronize_net();
	port->hook.removed = false;
}
