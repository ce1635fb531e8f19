// SPDX-License-Identifier: GPL-2.0
/*
 * Parser of netlink messages of the family l2pc.
 * Copyright (C) the l2packet_counter authors
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "source/parse.h"

static uint32_t parse_fields(const void *payload, size_t size, const struct fields *fields,
			     void *object);

/* Read a number of any size: a newer module may send a wider one. */
static inline bool parse_number(const struct nlattr *attr, uint64_t *value)
{
	const void *payload = mnl_attr_get_payload(attr);

	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(uint8_t):
		*value = *(const uint8_t *)payload;
		return true;
	case sizeof(uint16_t):
		*value = *(const uint16_t *)payload;
		return true;
	case sizeof(uint32_t):
		*value = *(const uint32_t *)payload;
		return true;
	case sizeof(uint64_t):
		/* Attributes are aligned to 4 bytes. */
		memcpy(value, payload, sizeof(*value));
		return true;
	default:
		return false;
	}
}

static bool parse_field(const struct nlattr *attr, const struct field *field, void *member)
{
	const void *payload = mnl_attr_get_payload(attr);
	size_t size = mnl_attr_get_payload_len(attr);
	struct totals *totals = member;
	uint64_t number;

	switch (field->kind) {
	case FIELD_IFNAME:
		snprintf(member, L2PC_NAME_MAX + 1, "%.*s", (int)size, (const char *)payload);
		return *(char *)member;
	case FIELD_PATTERN:
		snprintf(member, L2PC_PATTERN_MAX + 1, "%.*s", (int)size, (const char *)payload);
		return *(char *)member;
	case FIELD_MAC:
		if (size == 6)
			memcpy(member, payload, size);
		return size == 6;
	case FIELD_TOTALS:
		totals->has |= parse_fields(payload, size, &totals_fields, totals);
		return true;
	default:
		if (!parse_number(attr, &number))
			return false;
	}
	field_set(field, member, number);
	return true;
}

/* Return: bits of the fields that were read. */
static uint32_t parse_fields(const void *payload, size_t size, const struct fields *fields,
			     void *object)
{
	const struct nlattr *attr;
	uint32_t has = 0;

	mnl_attr_for_each_payload(payload, size) {
		unsigned int type = mnl_attr_get_type(attr);
		const struct field *field = &fields->field[type];

		if (type < fields->count && field->key &&
		    parse_field(attr, field, (char *)object + field->offset))
			has |= BIT(field->bit);
	}
	return has;
}

static uint32_t parse_message(const struct nlmsghdr *nlh, const struct fields *fields, void *object)
{
	return parse_fields(mnl_nlmsg_get_payload_offset(nlh, GENL_HDRLEN),
			    mnl_nlmsg_get_payload_len(nlh) - GENL_HDRLEN, fields, object);
}

uint8_t parse_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return genl->cmd;
}

/*
 * Convert what a module before 2.1 has sent. It has neither device-type nor
 * malformed-packets, other numbers for hooks, and the reason for the hook in place of the
 * state. An event about a port without a device has none of these marks: the messages
 * before it decide.
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
	port->has = parse_message(nlh, &port_fields, port);
	convert_older(port);
}

void parse_view(const struct nlmsghdr *nlh, struct view *view)
{
	view->has = parse_message(nlh, &view_fields, view);
}

void parse_closed(const struct nlattr *nest, struct view *view)
{
	view->has = parse_fields(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest),
				 &closed_fields, view);
}

/* An attribute with a counter, where nothing is put in front to align it. */
struct attr_counter {
	struct nlattr header;
	uint64_t value;
} __attribute__((packed));

/*
 * As the module writes most stations: counted, and without VLAN. The last two are there
 * when frames were sent to it.
 */
struct attrs_station {
	struct nlattr nest;
	struct nlattr mac_header;
	uint8_t mac[8];
	struct attr_counter first_seen;
	struct attr_counter packets;
	struct attr_counter bytes;
	struct attr_counter last_seen;
	struct attr_counter tx_packets;
	struct attr_counter tx_bytes;
} __attribute__((packed));

#define ATTRS_RECEIVED	offsetof(struct attrs_station, tx_packets)

static inline bool is_attr(const void *attr, uint16_t size, uint16_t type)
{
	const struct nlattr expected = { MNL_ATTR_HDRLEN + size, type };

	return !memcmp(attr, &expected, sizeof(expected));
}

/*
 * Read a station that is written in this way: measured, a tenth of the instructions of
 * parse_fields(). Return: false when it is written in another way.
 */
static inline bool parse_station(const struct nlattr *nest, struct station *station)
{
	const struct attrs_station *from = (const void *)nest;

	if ((nest->nla_len != sizeof(*from) && nest->nla_len != ATTRS_RECEIVED) ||
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
	if (nest->nla_len == ATTRS_RECEIVED)
		return true;
	if (!is_attr(&from->tx_packets.header, sizeof(uint64_t), L2PC_A_STATION_TX_PACKETS) ||
	    !is_attr(&from->tx_bytes.header, sizeof(uint64_t), L2PC_A_STATION_TX_BYTES))
		return false;
	station->tx_packets = from->tx_packets.value;
	station->tx_bytes = from->tx_bytes.value;
	station->has |= BIT(L2PC_A_STATION_TX_PACKETS) | BIT(L2PC_A_STATION_TX_BYTES);
	return true;
}

void parse_stations(const struct nlmsghdr *nlh,
		    void (*on_station)(const struct station *station, void *data), void *data)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		struct station station = { 0 };

		if (mnl_attr_get_type(attr) != L2PC_A_STATIONS_STATION)
			continue;
		if (!parse_station(attr, &station))
			station.has = (uint16_t)parse_fields(mnl_attr_get_payload(attr),
							     mnl_attr_get_payload_len(attr),
							     &station_fields, &station);
		on_station(&station, data);
	}
}
