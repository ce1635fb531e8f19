// SPDX-License-Identifier: GPL-2.0
/*
 * The loaded module as a data source, over netlink.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "source/parse.h"
#include "source/source.h"
#include "util/clock.h"
#include "util/files.h"

/*
 * Check whether a message continues the port of the message before. Only the first
 * message of a port holds totals. Ports without a device all have index 0 and are told
 * apart by name; those with a device by index, because it may be renamed during the dump.
 */
static bool is_continued(const struct view *last, const struct view *next)
{
	if (next->has & BIT(L2PC_A_STATIONS_TOTALS) || last->ifindex != next->ifindex)
		return false;
	return last->ifindex || !strcmp(last->ifname, next->ifname);
}

/* A dump of stations in progress. */
struct walk {
	const struct walker *walker;	/* receives them */
	void *data;
	struct view last;	/* the port reported last, without stations */
	bool any;		/* @last is set */
};

static void on_stations(const struct nlmsghdr *nlh, void *data)
{
	struct walk *walk = data;
	struct view next = { 0 };

	if (parse_cmd(nlh) != L2PC_CMD_STATION_GET)
		return;
	parse_view(nlh, &next);
	next.now = clock_boot();
	if (!walk->any || !is_continued(&walk->last, &next)) {
		walk->last = next;
		walk->any = true;
		walk->walker->port(&next, walk->data);
	}
	parse_stations(nlh, walk->walker->station, walk->data);
}

static void reset_stations(void *data)
{
	struct walk *walk = data;

	walk->any = false;
	walk->walker->reset(walk->data);
}

static int live_walk(struct source *source, const char *ifname, enum l2pc_view view,
		     const struct walker *walker, void *data)
{
	struct walk walk = { .walker = walker, .data = data };
	struct nl *nl = &source->nl;
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_STATION_GET, ifname, L2PC_A_STATIONS_IFNAME);

	mnl_attr_put_u32(nlh, L2PC_A_STATIONS_VIEW, view);
	return nl_dump(nl, nlh, on_stations, reset_stations, &walk);
}

static void on_port(const struct nlmsghdr *nlh, void *data)
{
	struct ports *ports = data;

	if (parse_cmd(nlh) == L2PC_CMD_PORT_GET)
		parse_port(nlh, list_add(ports, port));
}

static void reset_ports(void *data)
{
	ports_free(data);
}

static int live_ports(struct source *source, const char *ifname, struct ports *ports)
{
	struct nl *nl = &source->nl;
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_PORT_GET, ifname, L2PC_A_PORT_IFNAME);

	if (ifname)
		return nl_do(nl, nlh, on_port, ports);
	return nl_dump(nl, nlh, on_port, reset_ports, ports);
}

static void on_pattern(const struct nlmsghdr *nlh, void *data)
{
	struct ports *patterns = data;

	if (parse_cmd(nlh) == L2PC_CMD_PATTERN_GET)
		parse_port(nlh, list_add(patterns, port));
}

static int live_patterns(struct source *source, struct ports *patterns)
{
	struct nl *nl = &source->nl;
	int error = nl_dump(nl, nl_request(nl, L2PC_CMD_PATTERN_GET, NULL, 0), on_pattern,
			    reset_ports, patterns);

	/* Modules before 2.2 have no patterns. */
	return error == -EOPNOTSUPP ? 0 : error;
}

static void on_closed(const struct nlmsghdr *nlh, void *data)
{
	struct views *closed = data;
	const struct nlattr *attr;

	if (parse_cmd(nlh) != L2PC_CMD_WINDOW_RESET)
		return;
	mnl_attr_for_each (attr, nlh, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == L2PC_A_RESET_CLOSED)
			parse_closed(attr, list_add(closed, view));
}

static int live_reset(struct source *source, const char *ifname, struct views *closed)
{
	struct nl *nl = &source->nl;
	struct nlmsghdr *nlh = nl_request(nl, L2PC_CMD_WINDOW_RESET, ifname, L2PC_A_RESET_IFNAME);

	int error = nl_do(nl, nlh, on_closed, closed);

	/* One message has no more than 64 ports. */
	return error == -EMSGSIZE && !ifname ? nl_dump_once(nl, nlh, on_closed, closed) : error;
}

/* The kernel has one error for an unknown family and for an unknown port: look again. */
static bool is_unloaded(const struct nl *nl)
{
	struct nl again;
	bool gone;

	if (nl_open(&again, L2PC_FAMILY_NAME))
		return true;
	gone = again.family != nl->family;
	nl_close(&again);
	return gone;
}

/* Report a port of the other engine. False: that has none of this name. */
static bool explain_other(const struct source *source, const char *ifname)
{
	enum engine other = source->nl.socket ? ENGINE_BPF : ENGINE_MODULE;
	struct ports ports = { 0 };
	bool found = false;

	engine_ports(other, &ports);
	for (size_t i = 0; i < ports.count; i++)
		found |= !strcmp(ports.port[i].ifname, ifname);
	ports_free(&ports);
	if (found)
		error_print("%s: %s counts it (l2pc --engine %s %s %s)", ifname,
			    engine_title(other), enum_name(&engine_names, other), source->verb,
			    text_shell(ifname));
	return found;
}

/* Report an unknown port, and list those that exist. */
static int explain_port(struct source *source, const char *ifname)
{
	char list[1024] = "";
	struct ports ports = { 0 };

	if (explain_other(source, ifname))
		return STATUS_USAGE;
	if (!live_ports(source, NULL, &ports))
		for (size_t i = 0; i < ports.count; i++)
			text_add(list, sizeof(list), ", ", ports.port[i].ifname);
	ports_free(&ports);
	if (sysfs_exists(ifname, ""))
		return usage_error("%s: not counted (sudo l2pc add %s%s%s)", ifname,
				   text_shell(ifname), list[0] ? "; ports: " : "", list);
	return usage_error("unknown port %s (%s%s)", ifname, list[0] ? "ports: " : "no ports",
			   list);
}

/* Report a pattern where a port is needed, or an unknown one, and list those that exist. */
static int explain_pattern(struct source *source, const char *name)
{
	char list[1024] = "";
	struct ports patterns = { 0 };
	bool found = false;

	if (!live_patterns(source, &patterns))
		for (size_t i = 0; i < patterns.count; i++) {
			text_add(list, sizeof(list), ", ", patterns.port[i].pattern);
			found |= !strcmp(patterns.port[i].pattern, name);
		}
	ports_free(&patterns);
	if (found)
		return usage_error("%s: needs a port, %s is a pattern (l2pc port %s lists its ports)",
				   source->verb, name, text_shell(name));
	return usage_error("unknown pattern %s (%s%s)", name, list[0] ? "patterns: " : "no patterns",
			   list);
}

static int live_explain(struct source *source, int error, const char *ifname)
{
	struct nl *nl = &source->nl;

	if (error == -ENOENT && nl->family && is_unloaded(nl)) {
		error_print(nl->run ? "l2pc run has ended" : "the module was unloaded");
		return STATUS_NO_MODULE;
	}
	if (error == -ENOENT && nl->family && ifname && pattern_is(ifname))
		return explain_pattern(source, ifname);
	if (error == -ENOENT && nl->family && ifname)
		return explain_port(source, ifname);
	return nl_explain(nl, error, source->verb, ifname);
}

static int live_connect(struct source *source)
{
	return nl_open(&source->nl, L2PC_FAMILY_NAME);
}

static void live_disconnect(struct source *source)
{
	nl_close(&source->nl);
}

const struct source_ops source_live = {
	.connect = live_connect,
	.disconnect = live_disconnect,
	.walk = live_walk,
	.ports = live_ports,
	.patterns = live_patterns,
	.reset = live_reset,
	.explain = live_explain,
};
