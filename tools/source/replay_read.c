// SPDX-License-Identifier: GPL-2.0
/*
 * JSON of l2pc -j, taken apart.
 * Copyright (C) the l2packet_counter authors
 *
 * As with netlink, keys that are not known are passed over, and what is missing
 * stays missing. What is there and wrong is refused.
 */
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "source/replay_read.h"
#include "util/value.h"

static _Thread_local const char *wrong;

static bool fail(const char *why)
{
	if (!wrong)
		wrong = why;
	return false;
}

static bool get_number(struct json_object *value, uint64_t *number)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return fail("a counter is not a whole number");
	*number = json_object_get_uint64(value);
	return true;
}

static bool get_small(struct json_object *value, uint64_t max, uint64_t *number)
{
	return get_number(value, number) && (*number <= max || fail("a number is too large"));
}

static bool get_name(struct json_object *value, char ifname[L2PC_NAME_MAX + 1])
{
	if (!json_object_is_type(value, json_type_string))
		return fail("ifname is not a string");
	snprintf(ifname, L2PC_NAME_MAX + 1, "%s", json_object_get_string(value));
	/* As the kernel: such a name is nobody's, and would not be one word in a file. */
	if (!ifname[0] || ifname[strcspn(ifname, " \t\n\v\f\r/:")])
		return fail("invalid ifname");
	return true;
}

static bool get_word(struct json_object *value, const struct enum_names *words, uint64_t *number)
{
	int found;

	/* What a newer module called by a number came out as one. */
	if (!json_object_is_type(value, json_type_string))
		return fail("a name is not a string");
	found = enum_value(words, json_object_get_string(value));
	if (found < 0)
		return fail("unknown name");
	*number = (uint64_t)found;
	return true;
}

static bool get_totals(struct json_object *value, struct totals *totals)
{
	if (!json_object_is_type(value, json_type_object))
		return fail("totals are not an object");
	json_object_object_foreach(value, key, field) {
		for (unsigned int i = 0; i <= L2PC_A_TOTALS_MAX; i++) {
			if (!totals_keys[i] || strcmp(totals_keys[i], key))
				continue;
			if (!get_number(field, &totals->value[i]))
				return false;
			totals->has |= BIT(i);
		}
	}
	return true;
}

static bool get_mac(struct json_object *value, uint8_t mac[6])
{
	const char *text = json_object_is_type(value, json_type_string) ?
			   json_object_get_string(value) : "";
	size_t size = value_mac(text, mac);

	return (size && !text[size]) || fail("invalid mac");
}

static bool get_station(struct json_object *value, struct station *station)
{
	static const struct {
		const char *key;
		unsigned int attr;
		size_t place;
	} counters[] = {
		{ "packets", L2PC_A_STATION_PACKETS, offsetof(struct station, packets) },
		{ "bytes", L2PC_A_STATION_BYTES, offsetof(struct station, bytes) },
		{ "first_seen", L2PC_A_STATION_FIRST_SEEN, offsetof(struct station, first_seen) },
		{ "last_seen", L2PC_A_STATION_LAST_SEEN, offsetof(struct station, last_seen) },
	};

	if (!json_object_is_type(value, json_type_object))
		return fail("a station is not an object");
	json_object_object_foreach(value, key, field) {
		uint64_t number;

		if (!strcmp(key, "mac")) {
			if (!get_mac(field, station->mac))
				return false;
			station->has |= BIT(L2PC_A_STATION_MAC);
			continue;
		}
		if (!strcmp(key, "vlan")) {
			if (!get_small(field, 4095, &number))
				return false;
			station->vlan = (uint16_t)number;
			station->has |= BIT(L2PC_A_STATION_VLAN);
			continue;
		}
		for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
			if (strcmp(key, counters[i].key))
				continue;
			if (!get_number(field, (uint64_t *)((char *)station + counters[i].place)))
				return false;
			station->has |= (uint16_t)BIT(counters[i].attr);
		}
	}
	return true;
}

static bool get_stations(struct json_object *value, struct view *view)
{
	size_t count;

	if (!json_object_is_type(value, json_type_array))
		return fail("stations are not an array");
	count = json_object_array_length(value);
	for (size_t i = 0; i < count; i++)
		if (!get_station(json_object_array_get_idx(value, i), view_station(view)))
			return false;
	return true;
}

/* Where the file does not say when it was written: not before what it tells. */
static void guess_now(struct view *view)
{
	const struct totals *totals = &view->totals;

	if (view->now)
		return;
	view->now = totals->value[L2PC_A_TOTALS_CLOSED];
	if (view->now < totals->value[L2PC_A_TOTALS_OPENED])
		view->now = totals->value[L2PC_A_TOTALS_OPENED];
	for (size_t i = 0; i < view->count; i++)
		if (view->now < view->stations[i].last_seen)
			view->now = view->stations[i].last_seen;
}

static bool get_view(struct json_object *value, struct view *view)
{
	json_object_object_foreach(value, key, field) {
		uint64_t number;

		if (!strcmp(key, "ifname")) {
			if (!get_name(field, view->ifname))
				return false;
			view->has |= BIT(L2PC_A_STATIONS_IFNAME);
		} else if (!strcmp(key, "ifindex")) {
			if (!get_small(field, UINT32_MAX, &number))
				return false;
			view->ifindex = (uint32_t)number;
			view->has |= BIT(L2PC_A_STATIONS_IFINDEX);
		} else if (!strcmp(key, "view")) {
			const char *word = json_object_get_string(field);

			view->all_time = word && !strcmp(word, "all-time");
			if (view->all_time)
				continue;
			if (!get_word(field, &view_names, &number))
				return false;
			view->view = (uint32_t)number;
			view->has |= BIT(L2PC_A_STATIONS_VIEW);
		} else if (!strcmp(key, "now")) {
			if (!get_number(field, &view->now))
				return false;
		} else if (!strcmp(key, "totals")) {
			if (!get_totals(field, &view->totals))
				return false;
			view->has |= BIT(L2PC_A_STATIONS_TOTALS);
		} else if (!strcmp(key, "stations")) {
			if (!get_stations(field, view))
				return false;
		}
	}
	guess_now(view);
	return true;
}

static bool get_port(struct json_object *value, struct port *port)
{
	static const struct {
		const char *key;
		unsigned int attr;
		size_t place;
	} sums[] = {
		{ "window", L2PC_A_PORT_WINDOW, offsetof(struct port, window) },
		{ "previous", L2PC_A_PORT_PREVIOUS, offsetof(struct port, previous) },
		{ "lifetime", L2PC_A_PORT_LIFETIME, offsetof(struct port, lifetime) },
	};

	json_object_object_foreach(value, key, field) {
		if (!strcmp(key, "ifname") && !get_name(field, port->ifname))
			return false;
		for (unsigned int i = 0; i <= L2PC_A_PORT_MAX; i++) {
			const struct enum_names *words = port_enum_names(i);

			if (!port_keys[i] || strcmp(port_keys[i], key))
				continue;
			if (words ? !get_word(field, words, &port->value[i]) :
				    !get_number(field, &port->value[i]))
				return false;
			port->has |= BIT(i);
		}
		for (size_t i = 0; i < ARRAY_SIZE(sums); i++) {
			if (strcmp(sums[i].key, key))
				continue;
			if (!get_totals(field, (struct totals *)((char *)port + sums[i].place)))
				return false;
			port->has |= BIT(sums[i].attr);
		}
	}
	return true;
}

static bool get_element(struct json_object *value, struct views *views, struct ports *ports)
{
	struct json_object *field;

	if (json_object_object_get_ex(value, "stations", &field))
		return get_view(value, list_add(views, view));
	if (json_object_object_get_ex(value, "hook", &field))
		return get_port(value, list_add(ports, port));
	return fail("neither a port nor stations");
}

bool replay_read_array(struct json_object *array, struct views *views, struct ports *ports,
		       const char **why)
{
	size_t count;

	wrong = NULL;
	if (!json_object_is_type(array, json_type_array)) {
		*why = "not an array";
		return false;
	}
	count = json_object_array_length(array);
	for (size_t i = 0; i < count; i++) {
		struct json_object *thing = json_object_array_get_idx(array, i);

		if (!json_object_is_type(thing, json_type_object) ||
		    !get_element(thing, views, ports)) {
			*why = wrong ? wrong : "neither a port nor stations";
			return false;
		}
	}
	return true;
}
