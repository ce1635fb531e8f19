// SPDX-License-Identifier: GPL-2.0
/*
 * The verb export: a server, a file for node_exporter, or what goes to a collector.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "cmd/verb.h"
#include "export/export.h"
#include "util/errors.h"
#include "util/replace.h"
#include "util/text.h"

#define INTERVAL_MIN	(SECOND / 10)

static int textfile(struct export *export, const char *name)
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
		complain("cannot write %s: %s", name, replace_text(error));
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

static int serve(struct export *export, const char *address)
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

static int run(struct export *export, const struct options *options, bool listens)
{
	if (options_have(options, OPT_TEXTFILE))
		return textfile(export, options->text[OPT_TEXTFILE]);
	if (!listens)
		return export_wait(export);
	return serve(export, options_have(options, OPT_LISTEN) ? options->text[OPT_LISTEN] :
			     EXPORT_LISTEN);
}

/* What only goes with something else. */
static int check(const struct options *options)
{
	if (options_have(options, OPT_JSON))
		return usage_error("export has no -j; /api/v1/stations is JSON");
	if (!options_have(options, OPT_IPFIX)) {
		if (options_have(options, OPT_IPFIX_TEMPLATE) || options_have(options, OPT_IPFIX_INTERVAL))
			return usage_error("without --ipfix there is no --%s",
					   options_have(options, OPT_IPFIX_TEMPLATE) ?
					   "ipfix-template" : "ipfix-interval");
		return STATUS_DONE;
	}
	if (options_have(options, OPT_LISTEN) && options_have(options, OPT_REPLAY) &&
	    !strcmp(options->text[OPT_REPLAY], "-"))
		return usage_error("--ipfix and --web.listen-address both read the recording: --replay - can be read once; give it a name");
	if (options_have(options, OPT_STATIONS) && !options_have(options, OPT_LISTEN))
		return usage_error("with --ipfix alone there is no --stations: IPFIX has all of them");
	if (options_have(options, OPT_IPFIX_INTERVAL) &&
	    options->number[OPT_IPFIX_INTERVAL] < INTERVAL_MIN)
		return usage_error("ipfix-interval \"%s\" is less than 0.1s",
				   options->text[OPT_IPFIX_INTERVAL]);
	return STATUS_DONE;
}

/* The module may come later; a recording is there, and has lifetime, or it is an error. */
static int open_recording(struct source *source, const struct options *options)
{
	int status = source_open(source, options, "export"), error;

	if (status)
		return status;
	error = source_look(source, L2PC_VIEW_LIFETIME);
	return error ? source_explain(source, error, NULL) : STATUS_DONE;
}

int verb_export(const struct call *call)
{
	const struct options *options = &call->options;
	struct export export = { 0 };
	bool listens = options_have(options, OPT_LISTEN) || !options_have(options, OPT_IPFIX);
	int status = call_end(call);

	if (!status)
		status = check(options);
	if (status)
		return status;
	if (options_have(options, OPT_STATIONS))
		export.stations = options->number[OPT_STATIONS];
	if (listens && options_have(options, OPT_REPLAY))
		status = open_recording(&export.source, options);
	if (!status && options_have(options, OPT_IPFIX))
		status = ipfix_open(options, &export.ipfix);
	if (!status)
		status = run(&export, options, listens);
	ipfix_close(export.ipfix);
	export_free(&export);
	if (export.source.replay)
		source_close(&export.source);
	return status;
}
