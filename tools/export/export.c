// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter's two ways: a file that is written once, a server that stays.
 * Copyright (C) the l2packet_counter authors
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "export/export.h"
#include "util/errors.h"
#include "util/replace.h"

int export_textfile(struct export *export, const char *name)
{
	struct replace replace;
	int error;

	export_take(export, export->stations);
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

/* Other threads inherit that both are blocked; this one waits for them. */
static const sigset_t *ends(void)
{
	static sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return &set;
}

int export_wait(struct export *export)
{
	int signal;

	if (export->ipfix)
		return ipfix_run(export->ipfix, ends());
	sigwait(ends(), &signal);
	return STATUS_DONE;
}

int export_server(struct export *export, const char *address)
{
	char where[128];
	int socket, status;

	if (!export_serves())
		return STATUS_FAILED;
	status = export_listen(address, &socket, where, sizeof(where));
	if (status)
		return status;
	ends();
	return export_serve(export, socket, where);
}
