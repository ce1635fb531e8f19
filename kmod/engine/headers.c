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

#define ETHERNET_HEADER		14U
#define TAG_HEADER		4U	/* IEEE 802.1Q: TCI, EtherType */
#define MPLS_LABEL		4U	/* RFC 3032 */
#define MPLS_BOTTOM		0x01	/* in the third byte of a label */
#define NSH_HEADER_MIN		8U	/* RFC 8300 */
#define PPPOE_HEADER		8U	/* RFC 2516, with the PPP protocol field */
#define PPPOE_SESSION_DATA	0x1100	/* version 1, type 1, code 0 */
#define PPP_PROTOCOL_IP		0x0021
#define PPP_PROTOCOL_IPV6	0x0057
#define GRE_HEADER_MIN		4U	/* RFC 2890 */
#define GRE_CHECKSUM		0x8000
#define GRE_KEY			0x2000
#define GRE_SEQUENCE		0x1000
#define GRE_UNSUPPORTED		0x4007	/* routing, and versions other than 0 */
#define IPV4_HEADER_MIN		20U
#define IPV6_EXTENSION_MIN	8U
#define TCP_HEADER_MIN		20U
#define UDP_HEADER		8U
#define SCTP_HEADER		12U

#define TYPES_TCP	(L2PC_WIRE_TCPV4 | L2PC_WIRE_TCPV6)
#define TYPES_TRANSPORT	(TYPES_TCP | L2PC_WIRE_UDP | L2PC_WIRE_UFO | L2PC_WIRE_SCTP)

/*
 * Position in a super-packet's headers. @cut: a header ends behind the readable
 * bytes, though not behind the super-packet.
 */
struct cursor {
	const struct l2pc_wire_packet *packet;
	u32 at;
	bool cut;
};

static u16 be16_at(const u8 *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

/* Find @len bytes of headers at the cursor, or NULL. */
static const u8 *cursor_peek(struct cursor *cursor, u32 len)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	u32 end = cursor->at + len;

	/* Both values are far too small to wrap. */
	if (cursor->at > L2PC_WIRE_HEADERS_MAX || end > L2PC_WIRE_HEADERS_MAX ||
	    end > packet->len)
		return NULL;
	if (end > packet->readable) {
		cursor->cut = true;
		return NULL;
	}
	return packet->head + cursor->at;
}

/* Find @len bytes of headers at the cursor and advance it behind them. */
static const u8 *cursor_pull(struct cursor *cursor, u32 len)
{
	const u8 *bytes = cursor_peek(cursor, len);

	if (bytes)
		cursor->at += len;
	return bytes;
}

/* Get the protocol from the IP version, where no header names it. */
static u16 version_protocol(struct cursor *cursor)
{
	const u8 *bytes = cursor_peek(cursor, 1);

	switch (bytes ? bytes[0] >> 4 : 0) {
	case 4:
		return ETH_P_IP;
	case 6:
		return ETH_P_IPV6;
	default:
		return 0;
	}
}

/*
 * Skip a stack of labels, as mpls_gso_segment(): the kernel that pushed the labels
 * recorded the protocol below them.
 */
static u16 skip_mpls(struct cursor *cursor)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	const u8 *label;

	do {
		label = cursor_pull(cursor, MPLS_LABEL);
		if (!label)
			return 0;
	} while (!(label[2] & MPLS_BOTTOM));
	if (l2pc_wire_is_untrusted(packet) && !packet->inner_protocol)
		return 0;
	return packet->inner_protocol ?: version_protocol(cursor);
}

/* Skip a network service header, as nsh_gso_segment(). */
static u16 skip_nsh(struct cursor *cursor)
{
	static const u16 protocols[] = {
		0, ETH_P_IP, ETH_P_IPV6, ETH_P_TEB, ETH_P_NSH, ETH_P_MPLS_UC,
	};
	const u8 *nsh = cursor_peek(cursor, NSH_HEADER_MIN);
	u32 len;
	u8 next;

	if (!nsh)
		return 0;
	len = (nsh[1] & 0x3f) * 4;
	next = nsh[3];
	if (len < NSH_HEADER_MIN || !cursor_pull(cursor, len))
		return 0;
	return next < ARRAY_SIZE(protocols) ? protocols[next] : 0;
}

/* Skip the header of a PPPoE session, as pppoe_gso_segment() since 7.x. */
static u16 skip_pppoe(struct cursor *cursor)
{
	const u8 *pppoe = cursor_pull(cursor, PPPOE_HEADER);

	if (!pppoe || be16_at(pppoe) != PPPOE_SESSION_DATA)
		return 0;
	switch (be16_at(pppoe + 6)) {
	case PPP_PROTOCOL_IP:
		return ETH_P_IP;
	case PPP_PROTOCOL_IPV6:
		return ETH_P_IPV6;
	default:
		return 0;
	}
}

/*
 * Skip all headers in front of an IP header. Each round advances the cursor, which
 * bounds their number. Return: ETH_P_IP, ETH_P_IPV6, or 0.
 */
static u16 skip_link(struct cursor *cursor, u16 protocol)
{
	const u8 *bytes;

	for (;;) {
		switch (protocol) {
		case ETH_P_IP:
		case ETH_P_IPV6:
			return protocol;
		case ETH_P_8021Q:
		case ETH_P_8021AD:
			bytes = cursor_pull(cursor, TAG_HEADER);
			protocol = bytes ? be16_at(bytes + 2) : 0;
			break;
		case ETH_P_TEB:
			bytes = cursor_pull(cursor, ETHERNET_HEADER);
			protocol = bytes ? be16_at(bytes + 12) : 0;
			break;
		case ETH_P_MPLS_UC:
		case ETH_P_MPLS_MC:
			protocol = skip_mpls(cursor);
			break;
		case ETH_P_NSH:
			protocol = skip_nsh(cursor);
			break;
		case ETH_P_PPP_SES:
			protocol = skip_pppoe(cursor);
			break;
		default:
			return 0;
		}
	}
}

/* Skip an IPv4 header, as inet_gso_segment(). Return: the next protocol, or -1. */
static int skip_ipv4(struct cursor *cursor)
{
	const u8 *ip = cursor_peek(cursor, IPV4_HEADER_MIN);
	u32 len = ip ? (ip[0] & 0x0f) * 4 : 0;

	if (len < IPV4_HEADER_MIN || !cursor_pull(cursor, len))
		return -1;
	return ip[9];
}

/*
 * Skip an IPv6 header and the extension headers that ipv6_gso_pull_exthdrs() skips.
 * Return: the next protocol, or -1.
 */
static int skip_ipv6(struct cursor *cursor)
{
	const u8 *ip = cursor_pull(cursor, L2PC_IPV6_HEADER);
	const u8 *extension;
	int next;

	if (!ip)
		return -1;
	next = ip[6];
	while (next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING ||
	       next == IPPROTO_DSTOPTS) {
		extension = cursor_peek(cursor, IPV6_EXTENSION_MIN);
		if (!extension || !cursor_pull(cursor, (extension[1] + 1) * 8))
			return -1;
		next = extension[0];
	}
	return next;
}

/* Skip a GRE header. Return: the EtherType behind it, or 0. */
static u16 skip_gre(struct cursor *cursor)
{
	const u8 *gre = cursor_peek(cursor, GRE_HEADER_MIN);
	u32 len = GRE_HEADER_MIN;
	u16 flags;

	if (!gre)
		return 0;
	flags = be16_at(gre);
	if (flags & GRE_UNSUPPORTED)
		return 0;
	len += flags & GRE_CHECKSUM ? 4 : 0;
	len += flags & GRE_KEY ? 4 : 0;
	len += flags & GRE_SEQUENCE ? 4 : 0;
	return cursor_pull(cursor, len) ? be16_at(gre + 2) : 0;
}

/*
 * Skip a UDP tunnel's headers. The UDP header does not have the length of the tunnel's
 * own header. Its end is the offset that the kernel recorded, or since 7.x a guest.
 */
static bool skip_udp_tunnel(struct cursor *cursor)
{
	s32 inner = cursor->packet->inner;

	if (!cursor_pull(cursor, UDP_HEADER) || inner < (s32)cursor->at)
		return false;
	cursor->at = inner;
	return true;
}

/*
 * Find the transport header whose payload is cut into segments: behind all
 * encapsulations. Return: false when the kernel would not find one.
 */
static bool headers_parse(struct cursor *cursor, struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	bool untrusted = l2pc_wire_is_untrusted(packet);
	bool tunnel = packet->type & L2PC_WIRE_ENCAPSULATED &&
		      packet->type & L2PC_WIRE_UDP_TUNNEL;
	u16 protocol = packet->protocol;
	int ipproto = -1;

	cursor->at = packet->network;
	for (;;) {
		if (ipproto < 0) {
			protocol = skip_link(cursor, protocol);
			if (!protocol)
				return false;
			headers->ipv6 = protocol == ETH_P_IPV6;
			ipproto = headers->ipv6 ? skip_ipv6(cursor) :
						  skip_ipv4(cursor);
		}
		switch (ipproto) {
		case IPPROTO_UDP:
			if (!tunnel)
				goto found;
			/* A UDP tunnel does not carry another UDP tunnel. */
			tunnel = false;
			if (!skip_udp_tunnel(cursor))
				return false;
			protocol = packet->inner_protocol;
			ipproto = protocol ? -1 : packet->inner_ipproto;
			break;
		case IPPROTO_GRE:
			if (untrusted && !(packet->type & L2PC_WIRE_ENCAPSULATED))
				return false;
			protocol = skip_gre(cursor);
			ipproto = -1;
			break;
		case IPPROTO_IPIP:
		case IPPROTO_IPV6:
			if (untrusted && !(packet->type & L2PC_WIRE_IPXIP))
				return false;
			protocol = ipproto == IPPROTO_IPIP ? ETH_P_IP : ETH_P_IPV6;
			ipproto = -1;
			break;
		case IPPROTO_TCP:
		case IPPROTO_SCTP:
			goto found;
		default:
			return false;
		}
	}
found:
	headers->transport = cursor->at;
	headers->ipproto = ipproto;
	return true;
}

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
static bool headers_measure(struct cursor *cursor, struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	const u8 *tcp;
	u32 len;

	cursor->at = headers->transport;
	switch (headers->ipproto) {
	case IPPROTO_TCP:
		tcp = cursor_peek(cursor, TCP_HEADER_MIN);
		len = tcp ? (tcp[12] >> 4) * 4 : 0;
		if (len < TCP_HEADER_MIN)
			return false;
		break;
	case IPPROTO_UDP:
		len = UDP_HEADER;
		break;
	default:
		len = SCTP_HEADER;
	}
	if (!cursor_pull(cursor, len))
		return false;
	headers->len = cursor->at;
	if (headers->ipproto == IPPROTO_UDP && l2pc_wire_is_ufo(packet))
		headers->len -= UDP_HEADER;
	return headers->len < packet->len;
}

/* Use an offset that the kernel recorded, if such a header can be there. */
static bool headers_at_offset(struct cursor *cursor, s32 offset,
			      struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;

	if (offset < (s32)(packet->network + IPV4_HEADER_MIN))
		return false;
	headers->transport = offset;
	return headers_measure(cursor, headers);
}

/*
 * Find the headers of a trusted super-packet by recorded offsets. The deeper of the two
 * is the segments'. A stripped tunnel leaves its inner offsets, and GRO cells set the
 * other to any header behind it. UFO is always parsed, because IPv6 and IPv4 differ.
 */
static bool headers_find_recorded(struct cursor *cursor, struct l2pc_headers *headers)
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
	struct cursor cursor = { .packet = packet };
	bool found = !l2pc_wire_is_untrusted(packet) &&
		     headers_find_recorded(&cursor, headers);

	if (!found && !cursor.cut)
		found = headers_parse(&cursor, headers) && type_fits(packet, headers) &&
			headers_measure(&cursor, headers);
	if (found)
		return 0;
	return cursor.cut ? -ENODATA : -EBADMSG;
}
