// SPDX-License-Identifier: GPL-2.0
/*
 * The world that tests show to the tool: many ports, and patterns.
 * Copyright (C) the l2packet_counter authors
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include <linux/l2packet_counter.h>

#include "world.h"

/* Each has one frame of one station, in the window and in all. */
void world_ports(const char *words)
{
	static const char *const views[] = { "window", "lifetime" };
	char name[32], text[512];
	unsigned int count;
	int used;

	if (sscanf(words, "%31s %u%n", name, &count, &used) != 2)
		world_die("ports needs a name and a number", words);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "port %s%u ifindex=%u%s", name, i, 1000 + i, words + used);
		world_line(text);
		for (size_t v = 0; v < 2; v++) {
			snprintf(text, sizeof(text),
				 "totals %s window-id=1 opened=900 packets=1 bytes=%u stations=1", views[v],
				 60 + i);
			world_line(text);
			snprintf(text, sizeof(text), "station %s 02:00:00:00:%02x:%02x - 1 %u 950 950",
				 views[v], i / 256, i % 256, 60 + i);
			world_line(text);
		}
	}
}

struct fake_port *world_pattern(const char *glob)
{
	for (size_t i = 0; i < world.pattern_count; i++)
		if (!strcmp(world.patterns[i].pattern, glob))
			return &world.patterns[i];
	return NULL;
}

struct fake_port *world_pattern_add(const char *glob)
{
	struct fake_port *p = &world.patterns[world.pattern_count++];

	memset(p, 0, sizeof(*p));
	snprintf(p->pattern, sizeof(p->pattern), "%s", glob);
	p->numbers.has = 1u << L2PC_A_PORT_PORTS | 1u << L2PC_A_PORT_MISSED;
	for (size_t i = 0; i < world.link_count; i++)
		if (!fnmatch(glob, world.links[i].name, 0) && !world_port(world.links[i].name))
			p->numbers.value[world.port_count < 4096 ? L2PC_A_PORT_PORTS :
								   L2PC_A_PORT_MISSED]++;
	return p;
}

void world_pattern_line(char *words)
{
	char *rest = words + strcspn(words, " ");

	if (*rest)
		*rest++ = 0;
	world_numbers(&world_pattern_add(words)->numbers, false, rest);
}
