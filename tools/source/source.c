// SPDX-License-Identifier: GPL-2.0
/*
 * Data sources: the loaded module, or a recording in its place.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <string.h>

#include "source/source.h"

static const struct source_ops *source_ops(const struct source *source)
{
	return source->ops ? source->ops : &source_live;
}

int source_init(struct source *source, const struct options *options, const char *verb)
{
	*source = (struct source){ .ops = &source_live, .verb = verb };
	if (!options_have(options, OPT_REPLAY))
		return STATUS_DONE;
	source->ops = &source_replay;
	source->replay = replay_open(options->text[OPT_REPLAY]);
	return source->replay ? STATUS_DONE : STATUS_FAILED;
}

int source_connect(struct source *source)
{
	return source_ops(source)->connect ? source_ops(source)->connect(source) : 0;
}

void source_disconnect(struct source *source)
{
	if (source_ops(source)->disconnect)
		source_ops(source)->disconnect(source);
}

int source_open(struct source *source, const struct options *options, const char *verb)
{
	int status = source_init(source, options, verb), error;

	if (status)
		return status;
	error = source_connect(source);
	return error ? source_explain(source, error, NULL) : STATUS_DONE;
}

void source_close(struct source *source)
{
	source_disconnect(source);
	if (source_ops(source)->close)
		source_ops(source)->close(source);
}

bool source_is_recorded(const struct source *source)
{
	return source_ops(source)->recorded;
}

int source_has_view(const struct source *source, enum l2pc_view view)
{
	return source_ops(source)->has_view ? source_ops(source)->has_view(source, view) : 0;
}

int source_walk(struct source *source, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data)
{
	walker->reset(data);
	return source_ops(source)->walk(source, ifname, view, walker, data);
}

int source_ports(struct source *source, const char *ifname, struct ports *ports)
{
	return source_ops(source)->ports(source, ifname, ports);
}

int source_patterns(struct source *source, struct ports *patterns)
{
	return source_ops(source)->patterns(source, patterns);
}

int source_reset(struct source *source, const char *ifname, struct views *closed)
{
	return source_ops(source)->reset ? source_ops(source)->reset(source, ifname, closed) :
					   -EOPNOTSUPP;
}

int source_explain(struct source *source, int error, const char *ifname)
{
	return source_ops(source)->explain(source, error, ifname);
}

int source_finish(struct source *source, int error, const char *ifname)
{
	int status = error ? source_explain(source, error, ifname) : STATUS_DONE;

	source_close(source);
	return status;
}

static void collect_reset(void *data)
{
	views_free(data);
}

static void collect_port(const struct view *view, void *data)
{
	struct views *views = data;
	struct view *copy = list_add(views, view);

	*copy = *view;
}

static void collect_station(const struct station *station, void *data)
{
	struct views *views = data;

	view_append(station, &views->view[views->count - 1]);
}

int source_views(struct source *source, const char *ifname, enum l2pc_view view,
		 struct views *views)
{
	static const struct walker collect = { collect_reset, collect_port, collect_station };

	return source_walk(source, ifname, view, &collect, views);
}

bool source_has_port(const char *ifname)
{
	struct ports ports = { 0 };
	struct source source = { 0 };
	bool found;

	if (strlen(ifname) > L2PC_NAME_MAX || source_connect(&source))
		return false;
	found = !source_ports(&source, ifname, &ports);
	ports_free(&ports);
	source_close(&source);
	return found;
}

int engine_ports(enum engine engine, struct ports *ports)
{
	const enum engine before = engine_chosen();
	struct source source = { 0 };
	int error;

	engine_choose(engine);
	error = source_connect(&source);
	engine_choose(before);
	if (error)
		return error;
	error = source_ports(&source, NULL, ports);
	source_close(&source);
	return error;
}
