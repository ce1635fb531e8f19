// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot as JSON, as l2pc -j show writes it.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "export/export.h"
#include "output/output.h"

void export_json(const struct export *export, const char *device, size_t limit, FILE *file)
{
	struct options options = { .given = OPTION(JSON) };
	struct output output;

	output_init(&output, &options);
	output.json.file = file;
	output_begin(&output);
	for (size_t i = 0; i < export->now.count; i++) {
		struct view view = export->now.device[i].busiest;

		if (device && strcmp(device, view.ifname))
			continue;
		for (; view.count > limit; view.count--)
			hidden_add(&view.hidden, &view.stations[view.count - 1]);
		output.format->view(&output, &view);
	}
	output_end(&output);
}
