// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the headers that each segment of a super-packet has.
 * Copyright (C) the l2packet_counter authors
 *
 * The model is the kernel's own segmentation: skb_mac_gso_segment() and the
 * handlers below it (net/core/gso.c, net/ipv4/af_inet.c, net/ipv6/ip6_offload.c,
 * tcp_offload.c, udp_offload.c, net/sctp/offload.c, gre_offload.c, mpls_gso.c,
 * nsh.c, pppoe.c). A super-packet that these refuse never becomes frames.
 *
 * A trusted super-packet was made by this kernel or by a driver. The offsets of
 * its headers are used, after a check that a header can be there. An untrusted one
 * (SKB_GSO_DODGY) comes from a guest, a tap, or a packet socket with a virtio
 * header. Its gso_size and type are unverified, and its headers are parsed.
 */
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>

#include "headers.h"

#define TCP_HEADER_MIN		20U
#define SCTP_HEADER		12U

#define TYPES_TCP	(L2PC_WIRE_TCPV4 | L2PC_WIRE_TCPV6)
#define TYPES_TRANSPORT	(TYPES_TCP | L2PC_WIRE_UDP | L2PC_WIRE_UFO | L2PC_WIRE_SCTP)

/* Check the protocol found against the type. The kernel refuses a mismatch. */
static bool type_fits(const struct l2pc_wire_packet *packet,
		      const struct l2pc_headers *headers)
{
	u32 fits;

	switch (headers->ipproto) {
	case IPPROTO_TCP:
		fits = headers->ipv6 ? L2PC_WIRE_TCPV6 : L2PC_WIRE_TCPV4;
		break;
	case IPPROTO_UDP:
		fits = L2PC_WIRE_UDP | L2PC_WIRE_UFO;
		break;
	default:
		fits = L2PC_WIRE_SCTP;
	}
	/* Some drivers set gso_size and no type. */
	if (!l2pc_wire_is_untrusted(packet) && !(packet->type & TYPES_TRANSPORT))
		return true;
	return packet->type & fits;
}

/*
 * Set the length of all headers that each segment has. UFO makes fragments: the
 * UDP header is payload of the first. Return: false when no payload is left, or the
 * super-packet is too short for such a header.
 */
static bool headers_measure(struct l2pc_cursor *cursor, struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	const u8 *tcp;
	u32 len;

	cursor->at = headers->transport;
	switch (headers->ipproto) {
	case IPPROTO_TCP:
		tcp = l2pc_cursor_peek(cursor, TCP_HEADER_MIN);
		len = tcp ? (tcp[12] >> 4) * 4 : 0;
		if (len < TCP_HEADER_MIN)
			return false;
		break;
	case IPPROTO_UDP:
		len = L2PC_UDP_HEADER;
		break;
	default:
		len = SCTP_HEADER;
	}
	if (!l2pc_cursor_skip(cursor, len))
		return false;
	headers->len = cursor->at;
	if (headers->ipproto == IPPROTO_UDP && l2pc_wire_is_ufo(packet))
		headers->len -= L2PC_UDP_HEADER;
	return headers->len < packet->len;
}

/* Use an offset that the kernel recorded, if such a header can be there. */
static bool headers_at_offset(struct l2pc_cursor *cursor, s32 offset,
			      struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;

	if (offset < (s32)(packet->network + L2PC_IPV4_HEADER_MIN))
		return false;
	headers->transport = offset;
	return headers_measure(cursor, headers);
}

/*
 * Find the headers of a trusted super-packet by recorded offsets. The deeper of the two
 * is the segments'. A stripped tunnel leaves its inner offsets, and GRO cells set the
 * other to any header behind it. UFO is always parsed, because IPv6 and IPv4 differ.
 */
static bool headers_find_recorded(struct l2pc_cursor *cursor, struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	s32 deep = packet->transport;
	s32 shallow = packet->inner_transport;

	if (deep < shallow) {
		deep = packet->inner_transport;
		shallow = packet->transport;
	}
	if (packet->type & TYPES_TCP)
		headers->ipproto = IPPROTO_TCP;
	else if (packet->type & L2PC_WIRE_UDP)
		headers->ipproto = IPPROTO_UDP;
	else if (packet->type & L2PC_WIRE_SCTP)
		headers->ipproto = IPPROTO_SCTP;
	else
		return false;
	return headers_at_offset(cursor, deep, headers) ||
	       (!cursor->cut && headers_at_offset(cursor, shallow, headers));
}

/**
 * l2pc_headers_find() - find the headers that each segment has
 * @packet: description of the super-packet
 * @headers: filled in
 *
 * Context: any; reads at most @packet->readable bytes at @packet->head.
 * Return: 0; -ENODATA when a header ends behind the readable bytes, though not behind the
 * super-packet; -EBADMSG when the kernel would find no headers to cut behind, or the
 * headers contradict the super-packet's type.
 */
int l2pc_headers_find(const struct l2pc_wire_packet *packet,
		      struct l2pc_headers *headers)
{
	struct l2pc_cursor cursor;
	bool found;

	cursor.packet = packet;
	cursor.cut = false;
	found = !l2pc_wire_is_untrusted(packet) && headers_find_recorded(&cursor, headers);
	if (!found && !cursor.cut)
		found = l2pc_headers_parse(&cursor, headers) && type_fits(packet, headers) &&
			headers_measure(&cursor, headers);
	if (found)
		return 0;
	return cursor.cut ? -ENODATA : -EBADMSG;
}
