// SPDX-License-Identifier: GPL-2.0
/*
 * The world that tests show to the tool: interfaces and flowtables of the kernel.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

void world_link(char *words)
{
	struct fake_link *link = &world.links[world.link_count++];
	char *save, *word = strtok_r(words, " ", &save);

	if (world.link_count > sizeof(world.links) / sizeof(world.links[0]) || !word)
		world_die("link", "needs a name, and there are 64 at most");
	snprintf(link->name, sizeof(link->name), "%s", word);
	while ((word = strtok_r(NULL, " ", &save))) {
		if (!strncmp(word, "permanent=", 10) && world_mac(word + 10, link->permanent))
			continue;
		if (!strncmp(word, "altname=", strlen("altname="))) {
			size_t used = strlen(link->altnames);

			snprintf(link->altnames + used, sizeof(link->altnames) - used, "%s ",
				 word + strlen("altname="));
			continue;
		}
		if (sscanf(word, "kind=%31s", link->kind) == 1 ||
		    sscanf(word, "tcx=%127s", link->tcx) == 1 ||
		    sscanf(word, "index=%" SCNu32, &link->index) == 1 ||
		    sscanf(word, "below=%" SCNu32, &link->below) == 1 ||
		    sscanf(word, "native=%" SCNu32, &link->native) == 1 ||
		    sscanf(word, "generic=%" SCNu32, &link->generic) == 1 ||
		    sscanf(word, "offloaded=%" SCNu32, &link->offloaded) == 1)
			continue;
		if (strcmp(word, "lro=1"))
			world_die("what is the link's", word);
		link->lro = true;
	}
}

void world_flowtable(const char *words)
{
	struct fake_flowtable *f = &world.flowtables[world.flowtable_count];

	if (!strcmp(words, "denied")) {
		world.flowtables_denied = true;
		return;
	}
	if (++world.flowtable_count > sizeof(world.flowtables) / sizeof(world.flowtables[0]) ||
	    sscanf(words, "%u %255s %255s %u %1023[^\n]", &f->family, f->table, f->name, &f->flags,
		   f->devices) != 5)
		world_die("flowtable needs FAMILY TABLE NAME FLAGS DEV...", words);
}
