// SPDX-License-Identifier: GPL-2.0
/*
 * Parses a super-packet's headers down to the transport header, as the kernel's own
 * segmentation does: see headers.c.
 * Copyright (C) the l2packet_counter authors
 *
 * Each step skips one header, so that a BPF program has a single loop.
 */
#include <linux/compiler_types.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>

#include "cursor.h"

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
#define IPV6_EXTENSION_MIN	8U

/* What follows a header. */
enum step {
	STEP_REFUSED,	/* the kernel would not segment this */
	STEP_NEXT,	/* another header */
	STEP_FOUND,	/* the cursor is at the transport header */
};

static u16 be16_at(const u8 *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

/* Get the protocol from the IP version, where no header names it. */
static u16 version_protocol(struct l2pc_cursor *cursor)
{
	const u8 *bytes = l2pc_cursor_peek(cursor, 1);
	u8 version = bytes ? bytes[0] >> 4 : 0;

	if (version == 4)
		return ETH_P_IP;
	return version == 6 ? ETH_P_IPV6 : 0;
}

/*
 * Skip a label, as mpls_gso_segment(): the kernel that pushed the labels recorded the
 * protocol below them. Return: the next EtherType, or 0.
 */
static u16 skip_label(struct l2pc_cursor *cursor)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	const u8 *label = l2pc_cursor_pull(cursor, MPLS_LABEL);

	if (!label)
		return 0;
	if (!(label[2] & MPLS_BOTTOM))
		return cursor->protocol;
	if (l2pc_wire_is_untrusted(packet) && !packet->inner_protocol)
		return 0;
	return packet->inner_protocol ?: version_protocol(cursor);
}

/* Get the EtherType of a network service header's next protocol (RFC 8300), or 0. */
static u16 nsh_protocol(u8 next)
{
	switch (next) {
	case 1:
		return ETH_P_IP;
	case 2:
		return ETH_P_IPV6;
	case 3:
		return ETH_P_TEB;
	case 4:
		return ETH_P_NSH;
	case 5:
		return ETH_P_MPLS_UC;
	default:
		return 0;
	}
}

/* Skip a network service header, as nsh_gso_segment(). Return: the next EtherType, or 0. */
static u16 skip_nsh(struct l2pc_cursor *cursor)
{
	const u8 *nsh = l2pc_cursor_peek(cursor, NSH_HEADER_MIN);
	u32 len;

	if (!nsh)
		return 0;
	len = (nsh[1] & 0x3f) * 4;
	if (len < NSH_HEADER_MIN || !l2pc_cursor_skip(cursor, len))
		return 0;
	return nsh_protocol(nsh[3]);
}

/* Skip the header of a PPPoE session, as pppoe_gso_segment() since 7.x. */
static u16 skip_pppoe(struct l2pc_cursor *cursor)
{
	const u8 *pppoe = l2pc_cursor_pull(cursor, PPPOE_HEADER);

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

/* Skip an IPv4 header, as inet_gso_segment(). */
static enum step skip_ipv4(struct l2pc_cursor *cursor)
{
	const u8 *ip = l2pc_cursor_peek(cursor, L2PC_IPV4_HEADER_MIN);
	u32 len = ip ? (ip[0] & 0x0f) * 4 : 0;

	if (len < L2PC_IPV4_HEADER_MIN || !l2pc_cursor_skip(cursor, len))
		return STEP_REFUSED;
	cursor->ipproto = ip[9];
	cursor->flags &= ~(L2PC_CURSOR_IPV6 | L2PC_CURSOR_EXTENSIONS);
	return STEP_NEXT;
}

static enum step skip_ipv6(struct l2pc_cursor *cursor)
{
	u32 at = cursor->at;
	const u8 *ip;

	if (!l2pc_cursor_skip(cursor, L2PC_IPV6_HEADER))
		return STEP_REFUSED;
	ip = l2pc_wire_bytes(cursor->packet, at, L2PC_IPV6_FIRST, cursor->copy);
	if (!ip)
		return STEP_REFUSED;
	cursor->ipproto = ip[6];
	cursor->flags |= L2PC_CURSOR_IPV6 | L2PC_CURSOR_EXTENSIONS;
	return STEP_NEXT;
}

/* Skip an extension header that ipv6_gso_pull_exthdrs() skips. */
static enum step skip_extension(struct l2pc_cursor *cursor)
{
	const u8 *extension = l2pc_cursor_peek(cursor, IPV6_EXTENSION_MIN);

	if (!extension || !l2pc_cursor_skip(cursor, (extension[1] + 1) * 8))
		return STEP_REFUSED;
	cursor->ipproto = extension[0];
	return STEP_NEXT;
}

/* Skip a header that an EtherType names. */
static enum step skip_link(struct l2pc_cursor *cursor)
{
	const u8 *bytes;

	switch (cursor->protocol) {
	case ETH_P_IP:
		return skip_ipv4(cursor);
	case ETH_P_IPV6:
		return skip_ipv6(cursor);
	case ETH_P_8021Q:
	case ETH_P_8021AD:
		bytes = l2pc_cursor_pull(cursor, TAG_HEADER);
		cursor->protocol = bytes ? be16_at(bytes + 2) : 0;
		break;
	case ETH_P_TEB:
		bytes = l2pc_cursor_pull(cursor, ETHERNET_HEADER);
		cursor->protocol = bytes ? be16_at(bytes + 12) : 0;
		break;
	case ETH_P_MPLS_UC:
	case ETH_P_MPLS_MC:
		cursor->protocol = skip_label(cursor);
		break;
	case ETH_P_NSH:
		cursor->protocol = skip_nsh(cursor);
		break;
	case ETH_P_PPP_SES:
		cursor->protocol = skip_pppoe(cursor);
		break;
	default:
		return STEP_REFUSED;
	}
	return cursor->protocol ? STEP_NEXT : STEP_REFUSED;
}

/* Skip a GRE header. */
static enum step skip_gre(struct l2pc_cursor *cursor)
{
	const u8 *gre = l2pc_cursor_peek(cursor, GRE_HEADER_MIN);
	u32 len = GRE_HEADER_MIN;
	u16 flags;

	if (!gre)
		return STEP_REFUSED;
	flags = be16_at(gre);
	if (flags & GRE_UNSUPPORTED)
		return STEP_REFUSED;
	len += flags & GRE_CHECKSUM ? 4 : 0;
	len += flags & GRE_KEY ? 4 : 0;
	len += flags & GRE_SEQUENCE ? 4 : 0;
	cursor->protocol = be16_at(gre + 2);
	cursor->ipproto = -1;
	return l2pc_cursor_skip(cursor, len) ? STEP_NEXT : STEP_REFUSED;
}

/*
 * Skip a UDP tunnel's headers. The UDP header does not have the length of the tunnel's
 * own header. Its end is the offset that the kernel recorded, or since 7.x a guest.
 */
static enum step skip_udp_tunnel(struct l2pc_cursor *cursor)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	s32 inner = packet->inner;

	if (!l2pc_cursor_skip(cursor, L2PC_UDP_HEADER) || inner < (s32)cursor->at)
		return STEP_REFUSED;
	cursor->at = inner;
	/* A UDP tunnel does not carry another UDP tunnel. */
	cursor->flags &= ~(L2PC_CURSOR_TUNNEL | L2PC_CURSOR_EXTENSIONS);
	cursor->protocol = packet->inner_protocol;
	cursor->ipproto = packet->inner_protocol ? -1 : packet->inner_ipproto;
	return STEP_NEXT;
}

/* Skip a header that an IP protocol number names. */
static enum step skip_ip_payload(struct l2pc_cursor *cursor)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	bool untrusted = l2pc_wire_is_untrusted(packet);

	switch (cursor->ipproto) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return cursor->flags & L2PC_CURSOR_EXTENSIONS ? skip_extension(cursor) :
								STEP_REFUSED;
	case IPPROTO_UDP:
		return cursor->flags & L2PC_CURSOR_TUNNEL ? skip_udp_tunnel(cursor) : STEP_FOUND;
	case IPPROTO_GRE:
		if (untrusted && !(packet->type & L2PC_WIRE_ENCAPSULATED))
			return STEP_REFUSED;
		return skip_gre(cursor);
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		if (untrusted && !(packet->type & L2PC_WIRE_IPXIP))
			return STEP_REFUSED;
		cursor->protocol = cursor->ipproto == IPPROTO_IPIP ? ETH_P_IP : ETH_P_IPV6;
		cursor->ipproto = -1;
		return STEP_NEXT;
	case IPPROTO_TCP:
	case IPPROTO_SCTP:
		return STEP_FOUND;
	default:
		return STEP_REFUSED;
	}
}

/* Skip a header. Noinline, so that a BPF program has it once. */
static noinline enum step cursor_step(struct l2pc_cursor *cursor)
{
	return cursor->ipproto < 0 ? skip_link(cursor) : skip_ip_payload(cursor);
}

/*
 * Find the transport header whose payload is cut into segments: behind all
 * encapsulations. Return: false when the kernel would not find one.
 */
bool l2pc_headers_parse(struct l2pc_cursor *cursor, struct l2pc_headers *headers)
{
	const struct l2pc_wire_packet *packet = cursor->packet;
	enum step step = STEP_NEXT;

	cursor->at = packet->network;
	cursor->protocol = packet->protocol;
	cursor->ipproto = -1;
	cursor->flags = packet->type & L2PC_WIRE_ENCAPSULATED &&
			packet->type & L2PC_WIRE_UDP_TUNNEL ? L2PC_CURSOR_TUNNEL : 0;
	/* At most two steps leave the cursor where it is, and then one advances or ends. */
	while (step == STEP_NEXT && L2PC_WIRE_LOOP)
		step = cursor_step(cursor);
	headers->transport = cursor->at;
	headers->ipproto = cursor->ipproto;
	headers->ipv6 = cursor->flags & L2PC_CURSOR_IPV6;
	return step == STEP_FOUND;
}
