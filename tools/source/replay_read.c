// SPDX-License-Identifier: GPL-2.0
/*
 * Reader of the JSON of l2pc -j.
 * Copyright (C) the l2packet_counter authors
 *
 * Unknown keys are skipped, as unknown attributes of netlink are. A wrong value is an error.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "source/source.h"

static _Thread_local const char *wrong;

static bool fail(const char *why)
{
	if (!wrong)
		wrong = why;
	return false;
}

static bool read_fields(struct json_object *value, const struct fields *fields, void *object,
			uint32_t *has);

static const char *read_string(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static bool read_number(struct json_object *value, uint64_t max, uint64_t *number)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return fail("a counter is not a whole number");
	*number = json_object_get_uint64(value);
	return *number <= max || fail("a number is too large");
}

static bool read_field(struct json_object *value, const struct field *field, void *member)
{
	static const uint64_t max[] = {
		[FIELD_U16] = 4095,
		[FIELD_U32] = UINT32_MAX,
		[FIELD_U64] = UINT64_MAX,
	};
	const char *text = read_string(value);
	struct totals *totals = member;
	uint64_t number = 0;
	size_t size;
	int found;

	switch (field->kind) {
	case FIELD_IFNAME:
		if (!text)
			return fail("ifname is not a string");
		snprintf(member, L2PC_NAME_MAX + 1, "%s", text);
		/* The kernel's rules; a name is also one word in a file. */
		text = member;
		return (text[0] && !text[strcspn(text, " \t\n\v\f\r/:")]) || fail("invalid ifname");
	case FIELD_PATTERN:
		if (!text)
			return fail("pattern is not a string");
		snprintf(member, L2PC_PATTERN_MAX + 1, "%s", text);
		return text[0] || fail("invalid pattern");
	case FIELD_MAC:
		size = text ? value_mac(text, member) : 0;
		return (size && !text[size]) || fail("invalid mac");
	case FIELD_TOTALS:
		return json_object_is_type(value, json_type_object) ?
			       read_fields(value, &totals_fields, totals, &totals->has) :
			       fail("totals are not an object");
	default:
		break;
	}
	if (field->names) {
		/* A value that is newer than the tool was written as a string of digits. */
		found = text ? enum_value(field->names, text) : -1;
		if (found < 0)
			return fail(text ? "unknown name" : "a name is not a string");
		number = (uint64_t)found;
	} else if (!read_number(value, max[field->kind], &number)) {
		return false;
	}
	field_set(field, member, number);
	return true;
}

static bool read_fields(struct json_object *value, const struct fields *fields, void *object,
			uint32_t *has)
{
	json_object_object_foreach (value, key, member) {
		for (unsigned int i = 0; i < fields->count; i++) {
			const struct field *field = &fields->field[i];

			if (!field->key || strcmp(field->key, key))
				continue;
			if (!read_field(member, field, (char *)object + field->offset))
				return false;
			*has |= BIT(field->bit);
		}
	}
	return true;
}

static bool read_stations(struct json_object *value, struct view *view)
{
	if (!json_object_is_type(value, json_type_array))
		return fail("stations are not an array");
	for (size_t i = 0; i < json_object_array_length(value); i++) {
		struct json_object *element = json_object_array_get_idx(value, i);
		struct station *station = list_add(view, stations);
		uint32_t has = 0;

		if (!json_object_is_type(element, json_type_object))
			return fail("a station is not an object");
		if (!read_fields(element, &station_fields, station, &has))
			return false;
		station->has = (uint16_t)has;
	}
	return true;
}

/* Set the time of a view that holds none: no earlier than what it reports. */
static void guess_now(struct view *view)
{
	const uint64_t *value = view->totals.value;

	if (view->now)
		return;
	view->now = value[L2PC_A_TOTALS_CLOSED] > value[L2PC_A_TOTALS_OPENED] ?
			    value[L2PC_A_TOTALS_CLOSED] :
			    value[L2PC_A_TOTALS_OPENED];
	for (size_t i = 0; i < view->count; i++)
		if (view->now < view->stations[i].last_seen)
			view->now = view->stations[i].last_seen;
}

static bool read_view(struct json_object *value, struct view *view)
{
	struct json_object *member;
	const char *name = NULL;

	if (json_object_object_get_ex(value, "view", &member))
		name = json_object_get_string(member);
	view->all_time = name && !strcmp(name, "all-time");
	/* There is no number for all-time. */
	if (view->all_time)
		json_object_object_del(value, "view");
	if (!read_fields(value, &view_fields, view, &view->has))
		return false;
	if (json_object_object_get_ex(value, "now", &member) &&
	    !read_number(member, UINT64_MAX, &view->now))
		return false;
	if (json_object_object_get_ex(value, "stations", &member) && !read_stations(member, view))
		return false;
	guess_now(view);
	return true;
}

static bool read_element(struct json_object *value, struct views *views, struct ports *ports)
{
	struct json_object *member;
	struct port *port;

	if (json_object_is_type(value, json_type_object)) {
		if (json_object_object_get_ex(value, "stations", &member))
			return read_view(value, list_add(views, view));
		if (json_object_object_get_ex(value, "hook", &member) ||
		    json_object_object_get_ex(value, "ports", &member)) {
			port = list_add(ports, port);
			return read_fields(value, &port_fields, port, &port->has);
		}
	}
	return fail("neither a port nor stations");
}

/* Return: what is wrong, or NULL. */
static const char *read_array(struct json_object *array, struct views *views, struct ports *ports)
{
	wrong = NULL;
	if (!json_object_is_type(array, json_type_array))
		return "not an array";
	for (size_t i = 0; i < json_object_array_length(array); i++)
		if (!read_element(json_object_array_get_idx(array, i), views, ports))
			return wrong;
	return NULL;
}

int replay_read(struct recording *file, struct views *views, struct ports *ports)
{
	struct json_tokener *tokener;
	enum json_tokener_error error;
	struct json_object *array;
	const char *why;

	file->position += strspn(file->text + file->position, " \t\r\n");
	if (file->position == file->size)
		return 0;
	tokener = json_tokener_new();
	if (!tokener)
		out_of_memory();
	array = json_tokener_parse_ex(tokener, file->text + file->position,
				      (int)(file->size - file->position));
	file->position += json_tokener_get_parse_end(tokener);
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (!array) {
		/* json-c has no object for a null. */
		error_print("%s: byte %zu: %s", file->name, file->position,
			    error == json_tokener_continue ? "ends too early" :
			    error == json_tokener_success  ? "not an array" :
							     json_tokener_error_desc(error));
		return -EBADMSG;
	}
	file->number++;
	why = read_array(array, views, ports);
	json_object_put(array);
	if (why)
		error_print("%s: array %zu was not written by l2pc -j show or l2pc -j port (%s)",
			    file->name, file->number, why);
	return why ? -EBADMSG : 1;
}
