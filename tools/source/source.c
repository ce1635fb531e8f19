// SPDX-License-Identifier: GPL-2.0
/*
 * Where what is shown comes from.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/parse.h"
#include "source/replay.h"
#include "source/source.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/text.h"

int source_open(struct source *source, const struct options *options, const char *verb)
{
	int error;

	*source = (struct source){ .verb = verb };
	if (options_have(options, OPT_REPLAY)) {
		source->replay = replay_open(options->text[OPT_REPLAY]);
		return source->replay ? STATUS_DONE : STATUS_FAILED;
	}
	error = nl_open(&source->nl);
	return error ? nl_explain(&source->nl, error, verb, NULL) : STATUS_DONE;
}

void source_close(struct source *source)
{
	if (source->replay)
		replay_close(source->replay);
	else
		nl_close(&source->nl);
}

int source_look(const struct source *source, enum l2pc_view view)
{
	return source->replay ? replay_look(source->replay, view) : 0;
}

int source_walk(struct source *source, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data)
{
	walker->reset(data);
	if (source->replay)
		return replay_walk(source->replay, ifname, view, walker, data);
	return snapshot_walk(&source->nl, ifname, view, walker, data);
}

static void collect_reset(void *data)
{
	views_free(data);
}

static void collect_port(const struct view *view, void *data)
{
	struct views *views = data;

	views->view = array_grow(views->view, &views->room, views->count, sizeof(*views->view));
	views->view[views->count++] = *view;
}

static void collect_station(const struct station *station, void *data)
{
	struct views *views = data;

	parse_append(station, &views->view[views->count - 1]);
}

static const struct walker collect = {
	.reset = collect_reset,
	.port = collect_port,
	.station = collect_station,
};

int source_views(struct source *source, const char *ifname, enum l2pc_view view,
		 struct views *views)
{
	return source_walk(source, ifname, view, &collect, views);
}

int source_ports(struct source *source, const char *ifname, struct ports *ports)
{
	if (source->replay)
		return replay_ports(source->replay, ifname, ports);
	return snapshot_ports(&source->nl, ifname, ports);
}

bool source_has_port(const char *ifname)
{
	struct ports ports = { 0 };
	struct nl nl;
	bool found;

	if (strlen(ifname) > L2PC_NAME_MAX || nl_open(&nl))
		return false;
	found = !snapshot_ports(&nl, ifname, &ports);
	ports_free(&ports);
	nl_close(&nl);
	return found;
}

/* Is there an interface of this name, which only is no port? */
static bool interface_exists(const char *ifname)
{
	char path[FILE_PATH];

	snprintf(path, sizeof(path), "/sys/class/net/%.64s", ifname);
	return file_exists(path);
}

/* Is the family another one now, or none? The kernel has one answer for a family and
 * for a port that is not there.
 */
static bool is_unloaded(const struct nl *nl)
{
	struct nl again;
	bool gone;

	if (nl_open(&again))
		return true;
	gone = again.family != nl->family;
	nl_close(&again);
	return gone;
}

int source_no_port(struct nl *nl, const char *ifname)
{
	struct ports ports = { 0 };
	char list[1024], word[SHELL_SIZE];
	size_t size = 0;

	list[0] = 0;
	if (!snapshot_ports(nl, NULL, &ports))
		for (size_t i = 0; i < ports.count && size < sizeof(list); i++)
			size += (size_t)snprintf(list + size, sizeof(list) - size, "%s%s",
						 i ? ", " : "", ports.port[i].ifname);
	ports_free(&ports);
	if (interface_exists(ifname))
		return usage_error("%s is not counted: sudo l2pc add %s%s%s", ifname,
				   text_shell(ifname, word), size ? "; ports are " : "", list);
	return usage_error("there is no port %s; %s%s", ifname, size ? "ports are " : "there is none",
			   list);
}

int source_explain(struct source *source, int error, const char *ifname)
{
	if (source->replay)
		return replay_explain(source->replay, error, ifname);
	if (error == -ENOENT && is_unloaded(&source->nl)) {
		error_print("the module was unloaded");
		return STATUS_NO_MODULE;
	}
	if (error == -ENOENT && ifname)
		return source_no_port(&source->nl, ifname);
	return nl_explain(&source->nl, error, source->verb, ifname);
}
