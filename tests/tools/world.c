// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the world that tests show to the tool.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/l2packet_counter.h>

#include "world.h"

struct world world;
static FILE *text;

const struct attribute totals_attributes[ATTRS_MAX] = {
	[L2PC_A_TOTALS_WINDOW_ID] = { "window-id", 8 },
	[L2PC_A_TOTALS_OPENED] = { "opened", 8 },
	[L2PC_A_TOTALS_CLOSED] = { "closed", 8 },
	[L2PC_A_TOTALS_PACKETS] = { "packets", 8 },
	[L2PC_A_TOTALS_BYTES] = { "bytes", 8 },
	[L2PC_A_TOTALS_STATIONS] = { "stations", 4 },
	[L2PC_A_TOTALS_UNTRACKED_PACKETS] = { "untracked-packets", 8 },
	[L2PC_A_TOTALS_UNTRACKED_BYTES] = { "untracked-bytes", 8 },
	[L2PC_A_TOTALS_FORGOTTEN_PACKETS] = { "forgotten-packets", 8 },
	[L2PC_A_TOTALS_FORGOTTEN_BYTES] = { "forgotten-bytes", 8 },
	[L2PC_A_TOTALS_SKIPPED_MULTICAST] = { "skipped-multicast", 8 },
	[L2PC_A_TOTALS_SKIPPED_BROADCAST] = { "skipped-broadcast", 8 },
	[L2PC_A_TOTALS_SKIPPED_INVALID] = { "skipped-invalid", 8 },
	[L2PC_A_TOTALS_MALFORMED_PACKETS] = { "malformed-packets", 8 },
	[L2PC_A_TOTALS_TX_PACKETS] = { "tx-packets", 8 },
	[L2PC_A_TOTALS_TX_BYTES] = { "tx-bytes", 8 },
	[L2PC_A_TOTALS_TX_UNTRACKED_PACKETS] = { "tx-untracked-packets", 8 },
	[L2PC_A_TOTALS_TX_UNTRACKED_BYTES] = { "tx-untracked-bytes", 8 },
	[L2PC_A_TOTALS_TX_FORGOTTEN_PACKETS] = { "tx-forgotten-packets", 8 },
	[L2PC_A_TOTALS_TX_FORGOTTEN_BYTES] = { "tx-forgotten-bytes", 8 },
	[L2PC_A_TOTALS_TX_SKIPPED_MULTICAST] = { "tx-skipped-multicast", 8 },
	[L2PC_A_TOTALS_TX_SKIPPED_BROADCAST] = { "tx-skipped-broadcast", 8 },
	[L2PC_A_TOTALS_TX_SKIPPED_INVALID] = { "tx-skipped-invalid", 8 },
	[L2PC_A_TOTALS_TX_MALFORMED_PACKETS] = { "tx-malformed-packets", 8 },
};

const struct attribute port_attributes[ATTRS_MAX] = {
	[L2PC_A_PORT_IFINDEX] = { "ifindex", 4 },
	[L2PC_A_PORT_HOOK] = { "hook", 4 },
	[L2PC_A_PORT_STATE] = { "state", 4 },
	[L2PC_A_PORT_HOOK_WANTED] = { "hook-wanted", 4 },
	[L2PC_A_PORT_VLAN] = { "vlan", 1 },
	[L2PC_A_PORT_RESET_INTERVAL] = { "reset-interval", 4 },
	[L2PC_A_PORT_MAX_STATIONS] = { "max-stations", 4 },
	[L2PC_A_PORT_STATION_TIMEOUT] = { "station-timeout", 4 },
	[L2PC_A_PORT_DEVICE_TYPE] = { "device-type", 4 },
	[L2PC_A_PORT_TX] = { "tx", 1 },
	[L2PC_A_PORT_KEEP] = { "keep", 4 },
	[L2PC_A_PORT_PORTS] = { "ports", 4 },
	[L2PC_A_PORT_MISSED] = { "missed", 8 },
};

static const char *const commands[L2PC_CMD_MAX + 1] = {
	[L2PC_CMD_PORT_GET] = "port-get",
	[L2PC_CMD_PORT_ADD] = "port-add",
	[L2PC_CMD_PORT_DEL] = "port-del",
	[L2PC_CMD_PORT_SET] = "port-set",
	[L2PC_CMD_STATION_GET] = "station-get",
	[L2PC_CMD_WINDOW_RESET] = "window-reset",
	[L2PC_CMD_PORT_ADD_NTF] = "port-add-ntf",
	[L2PC_CMD_PORT_DEL_NTF] = "port-del-ntf",
	[L2PC_CMD_PORT_SET_NTF] = "port-set-ntf",
	[L2PC_CMD_PORT_ATTACH_NTF] = "port-attach-ntf",
	[L2PC_CMD_PORT_DETACH_NTF] = "port-detach-ntf",
	[L2PC_CMD_WINDOW_CLOSE_NTF] = "window-close-ntf",
	[L2PC_CMD_UNTRACKED_NTF] = "untracked-ntf",
	[L2PC_CMD_STATION_NEW_NTF] = "station-new-ntf",
	[L2PC_CMD_STATION_EXPIRE_NTF] = "station-expire-ntf",
	[L2PC_CMD_PATTERN_GET] = "pattern-get",
	[L2PC_CMD_PATTERN_ADD] = "pattern-add",
	[L2PC_CMD_PATTERN_DEL] = "pattern-del",
	[L2PC_CMD_PATTERN_ADD_NTF] = "pattern-add-ntf",
	[L2PC_CMD_PATTERN_DEL_NTF] = "pattern-del-ntf",
	[L2PC_CMD_PORTS_FULL_NTF] = "ports-full-ntf",
};

void world_die(const char *what, const char *which)
{
	fprintf(stderr, "world: %s: %s\n", what, which);
	abort();
}

unsigned int world_command(const char *name)
{
	for (unsigned int i = 1; i <= L2PC_CMD_MAX; i++)
		if (commands[i] && !strcmp(commands[i], name))
			return i;
	world_die("no such command", name);
}

bool world_mac(const char *s, uint8_t mac[6])
{
	int size = 0;

	return sscanf(s, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5], &size) == 6 && !s[size];
}

struct fake_port *world_port(const char *name)
{
	for (size_t i = 0; i < world.port_count; i++)
		if (!strcmp(world.ports[i].name, name))
			return &world.ports[i];
	return NULL;
}

/* "12.5" seconds, as nanoseconds. */
static uint64_t moment(const char *s)
{
	char fraction[10] = "000000000";
	const char *point = strchr(s, '.');
	size_t digits = point ? strlen(point + 1) : 0;

	memcpy(fraction, point ? point + 1 : "", digits < 9 ? digits : 9);
	return strtoull(s, NULL, 10) * 1000000000 + strtoull(fraction, NULL, 10);
}

void world_numbers(struct numbers *numbers, bool totals, char *words)
{
	const struct attribute *table = totals ? totals_attributes : port_attributes;
	char *save, *word;

	for (word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char *value = strchr(word, '=');
		unsigned int i = 0;

		if (!value)
			world_die("no value", word);
		*value++ = 0;
		while (i < ATTRS_MAX && (!table[i].name || strcmp(table[i].name, word)))
			i++;
		if (i == ATTRS_MAX)
			world_die("no such attribute", word);
		numbers->has |= 1u << i;
		numbers->value[i] = totals && (i == L2PC_A_TOTALS_OPENED || i == L2PC_A_TOTALS_CLOSED) ?
				    moment(value) : strtoull(value, NULL, 10);
	}
}

static unsigned int view_of(const char *name)
{
	static const char *const names[VIEWS] = { "window", "previous", "lifetime" };

	for (unsigned int i = 0; i < VIEWS; i++)
		if (!strcmp(names[i], name))
			return i;
	world_die("no such view", name);
}

static struct fake_station *more(struct fake_stations *stations, size_t count)
{
	stations->station = realloc(stations->station,
				    (stations->count + count) * sizeof(*stations->station));
	if (!stations->station)
		world_die("no memory for", "stations");
	stations->count += count;
	return memset(&stations->station[stations->count - count], 0,
		      count * sizeof(*stations->station));
}

static void station(struct fake_port *port, const char *words)
{
	char view[16], mac[32], field[7][32];
	struct fake_station *s;
	int count = sscanf(words, "%15s %31s %31s %31s %31s %31s %31s %31s %31s", view, mac, field[0],
			   field[1], field[2], field[3], field[4], field[5], field[6]);

	if (count != 7 && count != 9)
		world_die("station needs seven or nine words", words);
	s = more(&port->stations[view_of(view)], 1);
	s->has = 1u << L2PC_A_STATION_MAC;
	if (!world_mac(mac, s->mac))
		world_die("no address", mac);
	if (strcmp(field[0], "-")) {
		s->vlan = (uint16_t)atoi(field[0]);
		s->has |= 1u << L2PC_A_STATION_VLAN;
	}
	if (strcmp(field[1], "-")) {
		s->packets = strtoull(field[1], NULL, 10);
		s->has |= 1u << L2PC_A_STATION_PACKETS;
	}
	if (strcmp(field[2], "-")) {
		s->bytes = strtoull(field[2], NULL, 10);
		s->has |= 1u << L2PC_A_STATION_BYTES;
	}
	if (strcmp(field[3], "-")) {
		s->first = moment(field[3]);
		s->has |= 1u << L2PC_A_STATION_FIRST_SEEN;
	}
	if (strcmp(field[4], "-")) {
		s->last = moment(field[4]);
		s->has |= 1u << L2PC_A_STATION_LAST_SEEN;
	}
	if (count == 9) {
		s->tx_packets = strtoull(field[5], NULL, 10);
		s->tx_bytes = strtoull(field[6], NULL, 10);
		s->has |= 1u << L2PC_A_STATION_TX_PACKETS | 1u << L2PC_A_STATION_TX_BYTES;
	}
}

/* Many, in no order, each with other numbers; the totals are their sums. */
static void made_up(struct fake_port *port, const char *words)
{
	struct numbers *totals;
	struct fake_station *s;
	uint32_t seed = 1;
	char view[16], tx[8] = "";
	size_t count;

	if (sscanf(words, "%15s %zu %7s", view, &count, tx) < 2 || (tx[0] && strcmp(tx, "tx")))
		world_die("stations needs a view and a number", words);
	totals = &port->totals[view_of(view)];
	s = more(&port->stations[view_of(view)], count);
	for (size_t i = 0; i < count; i++, s++) {
		seed = seed * 1664525 + 1013904223;
		s->has = 1u << L2PC_A_STATION_MAC | 1u << L2PC_A_STATION_PACKETS |
			 1u << L2PC_A_STATION_BYTES | 1u << L2PC_A_STATION_FIRST_SEEN |
			 1u << L2PC_A_STATION_LAST_SEEN;
		s->mac[0] = seed & 1 << 30 ? 0x02 : 0x00;
		s->mac[1] = 0x1b;
		s->mac[2] = (uint8_t)(seed >> 24);
		s->mac[3] = (uint8_t)(i >> 16);
		s->mac[4] = (uint8_t)(i >> 8);
		s->mac[5] = (uint8_t)i;
		s->packets = 1 + (seed >> 12) + world.now / 1000000000 * (seed >> 20);
		s->bytes = s->packets * (64 + (seed >> 22));
		s->first = 1000000000 + seed;
		s->last = world.now - seed;
		totals->value[L2PC_A_TOTALS_PACKETS] += s->packets;
		totals->value[L2PC_A_TOTALS_BYTES] += s->bytes;
		if (!tx[0])
			continue;
		s->has |= 1u << L2PC_A_STATION_TX_PACKETS | 1u << L2PC_A_STATION_TX_BYTES;
		s->tx_packets = 1 + (seed >> 10 & 0xfffff) + world.now / 1000000000 * (seed >> 18 & 0xfff);
		s->tx_bytes = s->tx_packets * (64 + (seed >> 20 & 0x3ff));
		totals->value[L2PC_A_TOTALS_TX_PACKETS] += s->tx_packets;
		totals->value[L2PC_A_TOTALS_TX_BYTES] += s->tx_bytes;
		totals->has |= 1u << L2PC_A_TOTALS_TX_PACKETS | 1u << L2PC_A_TOTALS_TX_BYTES;
	}
	totals->value[L2PC_A_TOTALS_STATIONS] = port->stations[view_of(view)].count;
	totals->has |= 1u << L2PC_A_TOTALS_PACKETS | 1u << L2PC_A_TOTALS_BYTES |
		       1u << L2PC_A_TOTALS_STATIONS;
}

static void failure(char *words)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {
		{ "EPERM", EPERM }, { "ENOENT", ENOENT }, { "EEXIST", EEXIST }, { "EINVAL", EINVAL },
		{ "ENODEV", ENODEV }, { "EBUSY", EBUSY }, { "EAGAIN", EAGAIN }, { "ENOMEM", ENOMEM },
		{ "EOPNOTSUPP", EOPNOTSUPP }, { "ENOSPC", ENOSPC },
	};
	struct fake_failure *f = &world.failures[world.failure_count++];
	char *name = strtok(words, " "), *error = strtok(NULL, " "), *why = strtok(NULL, "");

	f->cmd = world_command(name);
	for (size_t i = 0; error && i < sizeof(errors) / sizeof(errors[0]); i++)
		if (!strcmp(errors[i].name, error))
			f->error = errors[i].number;
	if (!f->error)
		world_die("no such error", error ? error : name);
	f->text = why ? strdup(why) : NULL;
}

static void neighbour(const char *words)
{
	struct fake_neighbour *n = &world.neighbours[world.neighbour_count++];
	char mac[32];

	if (sscanf(words, "%63s %31s", n->ip, mac) != 2 || !world_mac(mac, n->mac))
		world_die("neighbour needs an IP and a MAC", words);
}

static void port(char *words)
{
	struct fake_port *p = &world.ports[world.port_count++];
	char *rest = words + strcspn(words, " "), *glob = strstr(rest, " pattern=");

	if (world.port_count > PORTS_MAX)
		world_die("too many ports", words);
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%.*s", (int)(rest - words), words);
	if (glob) {
		*glob = 0;
		snprintf(p->pattern, sizeof(p->pattern), "%s", glob + strlen(" pattern="));
	}
	world_numbers(&p->numbers, false, rest);
}

void world_line(char *words)
{
	struct fake_port *last = world.port_count ? &world.ports[world.port_count - 1] : NULL;
	char *rest = words + strcspn(words, " ");

	if (*rest)
		*rest++ = 0;
	if (!strcmp(words, "now")) {
		world.now = moment(rest);
	} else if (!strcmp(words, "wall")) {
		world.wall = moment(rest);
	} else if (!strcmp(words, "unsynchronized")) {
		world.unsynchronized = true;
	} else if (!strcmp(words, "slept")) {
		world.slept = moment(rest);
	} else if (!strcmp(words, "family")) {
		world.absent = true;
	} else if (!strcmp(words, "pieces")) {
		world.pieces = strtoul(rest, NULL, 10);
	} else if (!strcmp(words, "slow")) {
		world.slow = (unsigned int)strtoul(rest, NULL, 10);
	} else if (!strcmp(words, "interrupt")) {
		world.interrupt = (unsigned int)strtoul(rest, NULL, 10);
	} else if (!strcmp(words, "fail")) {
		failure(rest);
	} else if (!strcmp(words, "port")) {
		port(rest);
	} else if (!strcmp(words, "ports")) {
		world_ports(rest);
	} else if (!strcmp(words, "pattern")) {
		world_pattern_line(rest);
	} else if (!strcmp(words, "neighbour")) {
		neighbour(rest);
	} else if (!strcmp(words, "link")) {
		world_link(rest);
	} else if (!strcmp(words, "flowtable")) {
		world_flowtable(rest);
	} else if (!strcmp(words, "ethtool")) {
		world.no_ethtool = true;
	} else if (!strcmp(words, "event")) {
		world.events[world.event_count++].line = strdup(rest);
	} else if (last && !strcmp(words, "totals")) {
		size_t word = strcspn(rest, " ");
		bool end = !rest[word];

		rest[word] = 0;
		world_numbers(&last->totals[view_of(rest)], true, rest + word + !end);
	} else if (last && !strcmp(words, "station")) {
		station(last, rest);
	} else if (last && !strcmp(words, "stations")) {
		made_up(last, rest);
	} else {
		world_die("what is", words);
	}
}

static void read_on(void)
{
	static char buffer[65536];

	while (fgets(buffer, sizeof(buffer), text)) {
		buffer[strcspn(buffer, "\n")] = 0;
		if (!buffer[0] || buffer[0] == '#')
			continue;
		if (!strcmp(buffer, "then"))
			return;
		world_line(buffer);
	}
	fclose(text);
	text = NULL;
}

void world_start(void)
{
	const char *name = getenv("L2PC_WORLD");

	if (world.now)
		return;
	text = name ? fopen(name, "re") : NULL;
	if (!text)
		world_die("cannot read L2PC_WORLD", name ? name : "(not set)");
	world.now = 1000000000000;
	world.pieces = 3;
	read_on();
}

void world_later(void)
{
	if (!text)
		return;
	for (size_t i = 0; i < world.port_count; i++)
		for (unsigned int v = 0; v < VIEWS; v++)
			free(world.ports[i].stations[v].station);
	world.port_count = 0;
	read_on();
}
