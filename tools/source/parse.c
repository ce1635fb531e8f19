// SPDX-License-Identifier: GPL-2.0
/*
 * Netlink messages of the family l2pc, taken apart.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "source/parse.h"

#define GENL_SIZE	sizeof(struct genlmsghdr)

/* A number of whatever size it was sent in: a newer module may need more. */
static bool get_uint(const struct nlattr *attr, uint64_t *value)
{
	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(uint8_t):
		*value = mnl_attr_get_u8(attr);
		return true;
	case sizeof(uint16_t):
		*value = mnl_attr_get_u16(attr);
		return true;
	case sizeof(uint32_t):
		*value = mnl_attr_get_u32(attr);
		return true;
	case sizeof(uint64_t):
		*value = mnl_attr_get_u64(attr);
		return true;
	default:
		return false;
	}
}

static bool get_u32(const struct nlattr *attr, uint32_t *value)
{
	uint64_t wide;

	if (!get_uint(attr, &wide))
		return false;
	*value = (uint32_t)wide;
	return true;
}

static bool get_ifname(const struct nlattr *attr, char ifname[L2PC_NAME_MAX + 1])
{
	snprintf(ifname, L2PC_NAME_MAX + 1, "%.*s", (int)mnl_attr_get_payload_len(attr),
		 (const char *)mnl_attr_get_payload(attr));
	return ifname[0];
}

static bool get_totals(const struct nlattr *nest, struct totals *totals)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		unsigned int type = mnl_attr_get_type(attr);

		if (type > L2PC_A_TOTALS_MAX || !totals_keys[type])
			continue;
		if (get_uint(attr, &totals->value[type]))
			totals->has |= BIT(type);
	}
	return true;
}

uint8_t parse_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return genl->cmd;
}

/*
 * A module before 2.1 has neither device-type nor malformed-packets. Some numbers of its
 * hooks meant something else, and the state's number was the reason for the hook. An event
 * about a port without a device has none of these marks: what came before it decides.
 */
static void convert_older(struct port *port)
{
	const struct totals *window = &port->window;
	uint64_t *value = port->value;
	static bool older;

	if (!(port->has & BIT(L2PC_A_PORT_HOOK)))
		return;
	port->older = (older && !(port->has & BIT(L2PC_A_PORT_DEVICE_TYPE))) ||
		      (value[L2PC_A_PORT_HOOK] != L2PC_HOOK_KIND_NONE &&
		       !(port->has & BIT(L2PC_A_PORT_DEVICE_TYPE))) ||
		      (totals_has(window, L2PC_A_TOTALS_SKIPPED_INVALID) &&
		       !totals_has(window, L2PC_A_TOTALS_MALFORMED_PACKETS));
	if (!port->older)
		return;
	older = true;
	port->has |= BIT(L2PC_A_PORT_STATE);
	value[L2PC_A_PORT_STATE] = value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_NONE ?
				   L2PC_PORT_STATE_NO_DEVICE : L2PC_PORT_STATE_COUNTING;
	value[L2PC_A_PORT_HOOK] = enum_value_older(&hook_names, value[L2PC_A_PORT_HOOK]);
	if (port->has & BIT(L2PC_A_PORT_HOOK_WANTED))
		value[L2PC_A_PORT_HOOK_WANTED] =
			enum_value_older(&hook_wanted_names, value[L2PC_A_PORT_HOOK_WANTED]);
}

void parse_port(const struct nlmsghdr *nlh, struct port *port)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_SIZE) {
		unsigned int type = mnl_attr_get_type(attr);
		bool got = false;

		switch (type) {
		case L2PC_A_PORT_IFNAME:
			got = get_ifname(attr, port->ifname);
			break;
		case L2PC_A_PORT_WINDOW:
			got = get_totals(attr, &port->window);
			break;
		case L2PC_A_PORT_PREVIOUS:
			got = get_totals(attr, &port->previous);
			break;
		case L2PC_A_PORT_LIFETIME:
			got = get_totals(attr, &port->lifetime);
			break;
		default:
			if (type <= L2PC_A_PORT_MAX && port_keys[type])
				got = get_uint(attr, &port->value[type]);
		}
		if (got)
			port->has |= BIT(type);
	}
	convert_older(port);
}

void parse_view(const struct nlmsghdr *nlh, struct view *view)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_SIZE) {
		unsigned int type = mnl_attr_get_type(attr);
		bool got = false;

		switch (type) {
		case L2PC_A_STATIONS_IFNAME:
			got = get_ifname(attr, view->ifname);
			break;
		case L2PC_A_STATIONS_IFINDEX:
			got = get_u32(attr, &view->ifindex);
			break;
		case L2PC_A_STATIONS_VIEW:
			got = get_u32(attr, &view->view);
			break;
		case L2PC_A_STATIONS_TOTALS:
			got = get_totals(attr, &view->totals);
			break;
		}
		if (got)
			view->has |= BIT(type);
	}
}

/*
 * An attribute is its size, its type, and what it says. libmnl's functions for that
 * are calls into a library, and there are 700,000 attributes in an answer with 100,000
 * stations; these do the same.
 */
static inline unsigned int attr_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

static inline const void *attr_payload(const struct nlattr *attr)
{
	return (const char *)attr + MNL_ATTR_HDRLEN;
}

static inline bool attr_ok(const struct nlattr *attr, const char *end)
{
	size_t left = (size_t)(end - (const char *)attr);

	return (const char *)attr < end && left >= sizeof(*attr) &&
	       attr->nla_len >= sizeof(*attr) && attr->nla_len <= left;
}

static inline const struct nlattr *attr_next(const struct nlattr *attr)
{
	return (const struct nlattr *)((const char *)attr + MNL_ALIGN(attr->nla_len));
}

static inline bool get_counter(const struct nlattr *attr, uint64_t *value)
{
	if (attr->nla_len != MNL_ATTR_HDRLEN + sizeof(*value))
		return get_uint(attr, value);
	memcpy(value, attr_payload(attr), sizeof(*value));
	return true;
}

static void get_station(const struct nlattr *nest, struct station *station)
{
	const char *end = (const char *)nest + nest->nla_len;
	const struct nlattr *attr = attr_payload(nest);
	uint64_t vlan;

	for (; attr_ok(attr, end); attr = attr_next(attr)) {
		unsigned int type = attr_type(attr);
		bool got = false;

		switch (type) {
		case L2PC_A_STATION_MAC:
			got = attr->nla_len == MNL_ATTR_HDRLEN + sizeof(station->mac);
			if (got)
				memcpy(station->mac, attr_payload(attr), sizeof(station->mac));
			break;
		case L2PC_A_STATION_VLAN:
			got = get_uint(attr, &vlan);
			if (got)
				station->vlan = (uint16_t)vlan;
			break;
		case L2PC_A_STATION_PACKETS:
			got = get_counter(attr, &station->packets);
			break;
		case L2PC_A_STATION_BYTES:
			got = get_counter(attr, &station->bytes);
			break;
		case L2PC_A_STATION_FIRST_SEEN:
			got = get_counter(attr, &station->first_seen);
			break;
		case L2PC_A_STATION_LAST_SEEN:
			got = get_counter(attr, &station->last_seen);
			break;
		}
		if (got)
			station->has |= (uint16_t)BIT(type);
	}
}

/* An attribute with a counter, where nothing is put in front to align it. */
struct attr_counter {
	struct nlattr header;
	uint64_t value;
} __attribute__((packed));

/* As the module writes most stations: counted, and without VLAN. */
struct attrs_station {
	struct nlattr nest;
	struct nlattr mac_header;
	uint8_t mac[8];
	struct attr_counter first_seen;
	struct attr_counter packets;
	struct attr_counter bytes;
	struct attr_counter last_seen;
} __attribute__((packed));

static inline bool is_attr(const void *attr, uint16_t size, uint16_t type)
{
	const struct nlattr expected = { MNL_ATTR_HDRLEN + size, type };

	return !memcmp(attr, &expected, sizeof(expected));
}

/*
 * The same as get_station() for a tenth of the work. False: it is written in another
 * way, and nothing is known of it.
 */
static inline bool get_station_whole(const struct nlattr *nest, struct station *station)
{
	const struct attrs_station *from = (const void *)nest;

	if (nest->nla_len != sizeof(*from) ||
	    !is_attr(&from->mac_header, sizeof(station->mac), L2PC_A_STATION_MAC) ||
	    !is_attr(&from->first_seen.header, sizeof(uint64_t), L2PC_A_STATION_FIRST_SEEN) ||
	    !is_attr(&from->packets.header, sizeof(uint64_t), L2PC_A_STATION_PACKETS) ||
	    !is_attr(&from->bytes.header, sizeof(uint64_t), L2PC_A_STATION_BYTES) ||
	    !is_attr(&from->last_seen.header, sizeof(uint64_t), L2PC_A_STATION_LAST_SEEN))
		return false;
	memcpy(station->mac, from->mac, sizeof(station->mac));
	station->first_seen = from->first_seen.value;
	station->packets = from->packets.value;
	station->bytes = from->bytes.value;
	station->last_seen = from->last_seen.value;
	station->has = BIT(L2PC_A_STATION_MAC) | BIT(L2PC_A_STATION_FIRST_SEEN) |
		       BIT(L2PC_A_STATION_PACKETS) | BIT(L2PC_A_STATION_BYTES) |
		       BIT(L2PC_A_STATION_LAST_SEEN);
	return true;
}

void parse_stations(const struct nlmsghdr *nlh, parse_on_station on_station, void *data)
{
	const struct nlattr *attr = mnl_nlmsg_get_payload_offset(nlh, GENL_SIZE);
	const char *end = mnl_nlmsg_get_payload_tail(nlh);

	for (; attr_ok(attr, end); attr = attr_next(attr)) {
		struct station station = { 0 };

		if (attr_type(attr) != L2PC_A_STATIONS_STATION)
			continue;
		if (!get_station_whole(attr, &station))
			get_station(attr, &station);
		on_station(&station, data);
	}
}

void parse_closing(const struct nlattr *nest, struct closing *closing)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		unsigned int type = mnl_attr_get_type(attr);
		bool got = false;

		switch (type) {
		case L2PC_A_CLOSED_IFNAME:
			got = get_ifname(attr, closing->ifname);
			break;
		case L2PC_A_CLOSED_IFINDEX:
			got = get_u32(attr, &closing->ifindex);
			break;
		case L2PC_A_CLOSED_TOTALS:
			got = get_totals(attr, &closing->totals);
			break;
		}
		if (got)
			closing->has |= BIT(type);
	}
}
