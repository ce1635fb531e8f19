// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter: a file that is written once, JSON as l2pc -j show writes it, waiting for the
 * end.
 * Copyright (C) the l2packet_counter authors
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "export/export.h"
#include "output/output.h"
#include "util/replace.h"

int export_textfile(struct export *export, const char *name)
{
	struct replace replace;
	int error;

	export_fetch(export, export->stations);
	if (!strcmp(name, "-")) {
		export_metrics(export, FORM_PROMETHEUS, stdout);
		return STATUS_DONE;
	}
	error = replace_begin(&replace, name);
	if (!error) {
		export_metrics(export, FORM_PROMETHEUS, replace.file);
		error = replace_end(&replace, 0);
	}
	if (error)
		error_print("cannot write %s: %s", name, replace_text(error));
	return error ? STATUS_FAILED : STATUS_DONE;
}

static sigset_t ends;

void export_block(void)
{
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
}

int export_wait(struct export *export)
{
	int signal;

	export_block();
	if (export->ipfix)
		return ipfix_run(export->ipfix, &ends);
	sigwait(&ends, &signal);
	return STATUS_DONE;
}

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
