// SPDX-License-Identifier: GPL-2.0
/*
 * What l2pc -j wrote, shown again: the file, and its samples.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "source/replay_read.h"
#include "source/source.h"
#include "util/errors.h"
#include "util/text.h"

/**
 * struct sample - what was told together
 * @views: views of ports
 * @ports: ports
 */
struct sample {
	struct views views;
	struct ports ports;
};

/**
 * struct replay - a file
 * @name: of it
 * @text: all of it
 * @size: bytes of it
 * @at: the next array begins here or behind
 * @number: arrays read
 * @now: the sample that is shown
 * @next: the array behind it
 * @has_next: that was read already
 * @seen: views of @now that were shown: bit per view, and one for all-time
 */
struct replay {
	char *name;
	char *text;
	size_t size;
	size_t at;
	size_t number;
	struct sample now;
	struct sample next;
	bool has_next;
	unsigned int seen;
};

#define ALL_TIME	3

static unsigned int view_kind(const struct view *view)
{
	return view->all_time ? ALL_TIME : view->view;
}

static void sample_free(struct sample *sample)
{
	views_free(&sample->views);
	ports_free(&sample->ports);
}

static bool read_file(struct replay *r, FILE *file)
{
	size_t room = 0, got;

	do {
		if (room - r->size < 65536) {
			room += room + 65536;
			r->text = realloc(r->text, room);
			if (!r->text)
				out_of_memory();
		}
		got = fread(r->text + r->size, 1, room - r->size, file);
		r->size += got;
	} while (got);
	return !ferror(file);
}

/* The next array. 0: there is none. */
static int read_array(struct replay *r, struct sample *sample)
{
	struct json_tokener *tokener;
	struct json_object *array;
	const char *why = NULL;
	size_t begin;
	bool good;

	while (r->at < r->size && strchr(" \t\r\n", r->text[r->at]))
		r->at++;
	if (r->at == r->size)
		return 0;
	if (r->size - r->at > INT32_MAX)
		return error_print("%s: too large", r->name), -EBADMSG;
	begin = r->at;
	tokener = json_tokener_new();
	if (!tokener)
		out_of_memory();
	array = json_tokener_parse_ex(tokener, r->text + begin, (int)(r->size - begin));
	r->at += json_tokener_get_parse_end(tokener);
	if (!array) {
		enum json_tokener_error error = json_tokener_get_error(tokener);

		/* null is JSON, and no object of json-c's. */
		error_print("%s: byte %zu: %s", r->name, r->at,
			    error == json_tokener_continue ? "ends too early" :
			    error == json_tokener_success  ? "not an array" :
							     json_tokener_error_desc(error));
		json_tokener_free(tokener);
		return -EBADMSG;
	}
	json_tokener_free(tokener);
	r->number++;
	good = replay_read_array(array, &sample->views, &sample->ports, &why);
	json_object_put(array);
	if (!good) {
		error_print("%s: array %zu was not written by l2pc -j show or l2pc -j port (%s)",
			    r->name, r->number, why);
		return -EBADMSG;
	}
	return 1;
}

/* Does an array repeat what the sample has? */
static bool is_repeated(const struct sample *sample, const struct sample *array)
{
	if (sample->ports.count && array->ports.count)
		return true;
	for (size_t i = 0; i < array->views.count; i++)
		for (size_t j = 0; j < sample->views.count; j++)
			if (view_kind(&array->views.view[i]) == view_kind(&sample->views.view[j]) &&
			    !strcmp(array->views.view[i].ifname, sample->views.view[j].ifname))
				return true;
	return false;
}

/* Take over what @array has; it is empty then. */
static void sample_merge(struct sample *sample, struct sample *array)
{
	struct views *views = &sample->views;

	for (size_t i = 0; i < array->views.count; i++)
		*(struct view *)list_add(views, view) = array->views.view[i];
	free(array->views.view);
	if (array->ports.count) {
		ports_free(&sample->ports);
		sample->ports = array->ports;
	}
	*array = (struct sample){ 0 };
}

/* Go on to the next sample. 0: there is none, and the last one stays. */
static int next_sample(struct replay *r)
{
	struct sample sample = { 0 };
	int result = 1;

	if (r->has_next)
		sample_merge(&sample, &r->next);
	else
		result = read_array(r, &sample);
	if (result <= 0) {
		sample_free(&sample);
		return result;
	}
	r->has_next = false;
	for (;;) {
		result = read_array(r, &r->next);
		if (result <= 0)
			break;
		if (is_repeated(&sample, &r->next)) {
			r->has_next = true;
			break;
		}
		sample_merge(&sample, &r->next);
	}
	if (result < 0) {
		sample_free(&sample);
		sample_free(&r->next);
		return result;
	}
	sample_free(&r->now);
	r->now = sample;
	r->seen = 0;
	return 1;
}

static void replay_free(struct replay *r)
{
	if (!r)
		return;
	sample_free(&r->now);
	sample_free(&r->next);
	free(r->name);
	free(r->text);
	free(r);
}

struct replay *replay_open(const char *name)
{
	bool stdin_too = !strcmp(name, "-");
	FILE *file = stdin_too ? stdin : fopen(name, "re");
	struct replay *r = calloc(1, sizeof(*r));
	int result = -EBADMSG;

	if (!r)
		out_of_memory();
	r->name = strdup(stdin_too ? "stdin" : name);
	if (!r->name)
		out_of_memory();
	if (!file || !read_file(r, file)) {
		error_print("%s: %s", r->name, strerror(errno));
	} else {
		result = next_sample(r);
		if (!result)
			error_print("%s: empty (l2pc -j show writes recordings)", r->name);
	}
	if (file && !stdin_too)
		fclose(file);
	if (result > 0)
		return r;
	replay_free(r);
	return NULL;
}

/* Is there a view of this kind, of a port or of any? */
static int find_view(const struct replay *r, const char *ifname, unsigned int kind)
{
	int error = -ENODATA;

	for (size_t i = 0; i < r->now.views.count; i++) {
		const struct view *view = &r->now.views.view[i];

		if (view_kind(view) != kind)
			continue;
		if (!ifname || !strcmp(view->ifname, ifname))
			return 0;
		error = -ENOENT;
	}
	return error;
}

static int replay_has_view(const struct source *source, enum l2pc_view view)
{
	const struct replay *r = source->replay;

	/* Where nothing was counted there is no view of it. */
	return r->now.views.count || r->now.ports.count ? find_view(r, NULL, view) : 0;
}

static int replay_walk(struct source *source, const char *ifname, enum l2pc_view view,
		       const struct walker *walker, void *data)
{
	struct replay *r = source->replay;
	unsigned int kind = view;
	int error;

	if (r->seen & BIT(kind)) {
		error = next_sample(r);
		if (error < 0)
			return error;
	}
	error = find_view(r, ifname, kind);
	/* A file that holds one other view is shown without being asked for it. */
	if (error == -ENODATA && view == L2PC_VIEW_WINDOW && r->now.views.count) {
		kind = view_kind(&r->now.views.view[0]);
		error = find_view(r, ifname, kind);
	}
	if (error)
		return r->now.views.count || r->now.ports.count ? error : 0;
	r->seen |= BIT(view);
	for (size_t i = 0; i < r->now.views.count; i++) {
		const struct view *from = &r->now.views.view[i];
		struct view head = *from;

		if (view_kind(from) != kind || (ifname && strcmp(from->ifname, ifname)))
			continue;
		head.stations = NULL;
		head.count = head.room = 0;
		walker->port(&head, data);
		for (size_t s = 0; s < from->count; s++)
			walker->station(&from->stations[s], data);
	}
	return 0;
}

static int replay_ports(struct source *source, const char *ifname, struct ports *ports)
{
	struct replay *r = source->replay;

	if (!r->now.ports.count)
		return r->now.views.count ? -ENODATA : 0;
	for (size_t i = 0; i < r->now.ports.count; i++) {
		const struct port *port = &r->now.ports.port[i];

		if (ifname && strcmp(port->ifname, ifname))
			continue;
		*(struct port *)list_add(ports, port) = *port;
	}
	return ifname && !ports->count ? -ENOENT : 0;
}

static int replay_explain(struct source *source, int error, const char *ifname)
{
	static const char *const kinds[] = { "window", "previous", "lifetime", "all-time" };
	const struct replay *r = source->replay;
	char list[256] = "", item[64];

	if (error == -EBADMSG)
		return STATUS_FAILED;
	for (size_t i = 0; i < r->now.views.count; i++) {
		const struct view *view = &r->now.views.view[i];

		snprintf(item, sizeof(item), "%s of %s", kinds[view_kind(view) & 3], view->ifname);
		text_add(list, sizeof(list), ", ", item);
	}
	for (size_t i = 0; i < r->now.ports.count; i++) {
		snprintf(item, sizeof(item), "port %s", r->now.ports.port[i].ifname);
		text_add(list, sizeof(list), ", ", item);
	}
	if (error == -ENOENT)
		return usage_error("%s: no port %s (it holds: %s)", r->name, ifname, list);
	return usage_error("%s: no such view (it holds: %s)", r->name, list);
}

static void replay_close(struct source *source)
{
	replay_free(source->replay);
}

const struct source_ops source_replay = {
	.recorded = true,
	.has_view = replay_has_view,
	.walk = replay_walk,
	.ports = replay_ports,
	.explain = replay_explain,
	.close = replay_close,
};
