// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter: a file that is written once, and waiting for the end.
 * Copyright (C) the l2packet_counter authors
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "export/export.h"
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
