// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings of l2pc -j as a source.
 * Copyright (C) the l2packet_counter authors
 *
 * A file holds arrays, as `l2pc -j show` and `l2pc -j port` print them. Arrays that follow
 * each other make up a sample, until one repeats a view or the ports of that sample.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "util/index.h"
#include "util/text.h"

struct sample {
	struct views views;
	struct ports ports; /* and patterns */
	struct index names; /* views by name */
};

struct replay {
	struct recording file;
	struct sample now;  /* the sample that is shown */
	struct sample next; /* the array behind it, if it was read already */
	bool has_next;
	unsigned int seen; /* bits by view: already shown of @now */
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
	index_free(&sample->names);
}

static bool has_view(const struct sample *sample, const struct view *view)
{
	const struct index *names = &sample->names;
	uint32_t at = index_first(names, index_text(view->ifname));

	for (; at; at = index_next(names, at)) {
		const struct view *other = &sample->views.view[index_element(names, at)];

		if (view_kind(view) == view_kind(other) && !strcmp(view->ifname, other->ifname))
			return true;
	}
	return false;
}

static bool is_repeated(const struct sample *sample, const struct sample *array)
{
	if (sample->ports.count && array->ports.count)
		return true;
	for (size_t i = 0; i < array->views.count; i++)
		if (has_view(sample, &array->views.view[i]))
			return true;
	return false;
}

/* Move the contents of @array, which is empty then. */
static void sample_merge(struct sample *sample, struct sample *array)
{
	for (size_t i = 0; i < array->views.count; i++) {
		const struct view *view = &array->views.view[i];

		index_add(&sample->names, index_text(view->ifname), sample->views.count);
		*(struct view *)list_add(&sample->views, view) = *view;
	}
	free(array->views.view);
	if (array->ports.count) {
		ports_free(&sample->ports);
		sample->ports = array->ports;
	}
	*array = (struct sample){ 0 };
}

/* Go on to the next sample. Return: 1, 0 when @now is the last one, or an error. */
static int next_sample(struct replay *r)
{
	struct sample sample = { 0 };
	int result = r->has_next ? 1 : replay_read(&r->file, &r->next.views, &r->next.ports);

	r->has_next = false;
	if (!result)
		return 0;
	while (result > 0 && !is_repeated(&sample, &r->next)) {
		sample_merge(&sample, &r->next);
		result = replay_read(&r->file, &r->next.views, &r->next.ports);
	}
	if (result < 0) {
		sample_free(&sample);
		sample_free(&r->next);
		return result;
	}
	r->has_next = result;
	sample_free(&r->now);
	r->now = sample;
	r->seen = 0;
	return 1;
}

static void replay_free(struct replay *r)
{
	sample_free(&r->now);
	sample_free(&r->next);
	free(r->file.text);
	free(r);
}

struct replay *replay_open(const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	FILE *file = is_stdin ? stdin : fopen(name, "re");
	struct replay *r = calloc(1, sizeof(*r));
	ssize_t size = 0;
	size_t room = 0;
	int result = -EBADMSG;

	if (!r)
		out_of_memory();
	r->file.name = is_stdin ? "stdin" : name;
	/* JSON holds no zero byte, so that one line is all of the file. */
	if (file)
		size = getdelim(&r->file.text, &room, 0, file);
	if (!file || ferror(file)) {
		error_print("%s: %s", r->file.name, strerror(errno));
	} else if (size > INT32_MAX) {
		error_print("%s: too large", r->file.name);
	} else {
		r->file.size = size > 0 ? (size_t)size : 0;
		result = size > 0 ? next_sample(r) : 0;
		if (!result)
			error_print("%s: empty (l2pc -j show writes recordings)", r->file.name);
	}
	if (file && !is_stdin)
		fclose(file);
	if (result > 0)
		return r;
	replay_free(r);
	return NULL;
}

/* Find a view of one port or of any. Return: 0, -ENOENT or -ENODATA. */
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

/* A recording without any port holds no view. */
static bool is_empty(const struct replay *r)
{
	return !r->now.views.count && !r->now.ports.count;
}

static int replay_has_view(const struct source *source, enum l2pc_view view)
{
	const struct replay *r = source->replay;

	return is_empty(r) ? 0 : find_view(r, NULL, view);
}

static int replay_walk(struct source *source, const char *ifname, enum l2pc_view view,
		       const struct walker *walker, void *data)
{
	struct replay *r = source->replay;
	unsigned int kind = view;
	int error = 0;

	if (r->seen & BIT(kind))
		error = next_sample(r);
	if (error < 0)
		return error;
	error = find_view(r, ifname, kind);
	/* Where no view was asked for, a file with another view is shown. */
	if (error == -ENODATA && view == L2PC_VIEW_WINDOW && r->now.views.count) {
		kind = view_kind(&r->now.views.view[0]);
		error = find_view(r, ifname, kind);
	}
	if (error)
		return is_empty(r) ? 0 : error;
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
	const struct sample *now = &source->replay->now;

	if (!now->ports.count)
		return now->views.count ? -ENODATA : 0;
	for (size_t i = 0; i < now->ports.count; i++) {
		const struct port *port = &now->ports.port[i];

		if (!port_is_pattern(port) && (!ifname || !strcmp(port->ifname, ifname)))
			*(struct port *)list_add(ports, port) = *port;
	}
	return ifname && !ports->count ? -ENOENT : 0;
}

static int replay_patterns(struct source *source, struct ports *patterns)
{
	const struct sample *now = &source->replay->now;

	for (size_t i = 0; i < now->ports.count; i++)
		if (port_is_pattern(&now->ports.port[i]))
			*(struct port *)list_add(patterns, port) = now->ports.port[i];
	return 0;
}

static int replay_explain(struct source *source, int error, const char *ifname)
{
	const struct replay *r = source->replay;
	char list[256] = "";

	if (error == -EBADMSG)
		return STATUS_FAILED;
	for (size_t i = 0; i < r->now.views.count; i++) {
		const struct view *view = &r->now.views.view[i];

		text_add(list, sizeof(list), ", ", view_name(view));
		text_append(list, sizeof(list), " of %s", view->ifname);
	}
	for (size_t i = 0; i < r->now.ports.count; i++) {
		const struct port *port = &r->now.ports.port[i];
		bool is_pattern = port_is_pattern(port);

		text_add(list, sizeof(list), ", ", is_pattern ? "pattern " : "port ");
		text_append(list, sizeof(list), "%s", is_pattern ? port->pattern : port->ifname);
	}
	if (error == -ENOENT)
		return usage_error("%s: no %s %s (it holds: %s)", r->file.name,
				   pattern_is(ifname) ? "pattern" : "port", ifname, list);
	return usage_error("%s: no such view (it holds: %s)", r->file.name, list);
}

/* Without a recording, replay_open() failed. */
static void replay_close(struct source *source)
{
	if (source->replay)
		replay_free(source->replay);
}

const struct source_ops source_replay = {
	.recorded = true,
	.has_view = replay_has_view,
	.walk = replay_walk,
	.ports = replay_ports,
	.patterns = replay_patterns,
	.explain = replay_explain,
	.close = replay_close,
};
