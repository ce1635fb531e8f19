// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel for tests: programs at tcx.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/tcx.h"
#include "fake.h"

unsigned int tcx_read(const char *ifname, struct tcx_program programs[TCX_PROGRAMS])
{
	unsigned int count = 0;

	for (size_t i = 0; i < world.link_count; i++) {
		char list[sizeof(world.links[i].tcx)], *save, *word;

		if (strcmp(world.links[i].name, ifname))
			continue;
		strcpy(list, world.links[i].tcx);
		for (word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
			struct tcx_program *program = &programs[count++];

			*program = (struct tcx_program){ .id = (uint32_t)atoi(word) };
			snprintf(program->name, sizeof(program->name), "%s", strchr(word, '/') + 1);
		}
	}
	return count;
}
