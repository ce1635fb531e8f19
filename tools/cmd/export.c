// SPDX-License-Identifier: GPL-2.0
/*
 * The verb export: a server, a file for node_exporter, or what goes to a collector.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "cmd/verb.h"
#include "export/export.h"

#define INTERVAL_MIN	(SECOND / 10)

static int export_run(struct export *export, const struct options *options, bool listens)
{
	if (options_have(options, OPT_TEXTFILE))
		return export_textfile(export, options->text[OPT_TEXTFILE]);
	if (!listens)
		return export_wait(export);
	return export_serve(export, options_have(options, OPT_LISTEN) ? options->text[OPT_LISTEN] :
				     EXPORT_LISTEN);
}

/* Check options that need others. */
static int check_options(const struct options *options)
{
	bool replays_stdin = options_have(options, OPT_REPLAY) &&
			     !strcmp(options->text[OPT_REPLAY], "-");

	if (!options_have(options, OPT_IPFIX)) {
		if (options_have(options, OPT_IPFIX_TEMPLATE))
			return usage_error("--ipfix-template: needs --ipfix");
		if (options_have(options, OPT_IPFIX_INTERVAL))
			return usage_error("--ipfix-interval: needs --ipfix");
		if (options_have(options, OPT_IPFIX_SIZE))
			return usage_error("--ipfix-size: needs --ipfix");
		return STATUS_DONE;
	}
	if (options_have(options, OPT_LISTEN) && replays_stdin)
		return usage_error(
			"--replay: stdin can be read only once (name a file, for --ipfix and --web.listen-address)");
	if (options_have(options, OPT_STATIONS) && !options_have(options, OPT_LISTEN))
		return usage_error(
			"--stations: needs --web.listen-address (IPFIX sends all stations)");
	if (options_have(options, OPT_IPFIX_INTERVAL) &&
	    options->number[OPT_IPFIX_INTERVAL] < INTERVAL_MIN)
		return usage_error("--ipfix-interval: too short \"%s\" (at least 0.1s)",
				   options->text[OPT_IPFIX_INTERVAL]);
	if (options_have(options, OPT_IPFIX_SIZE) && options->number[OPT_IPFIX_SIZE] < IPFIX_SIZE_MIN)
		return usage_error("--ipfix-size: too small \"%s\" (from %d to %d)",
				   options->text[OPT_IPFIX_SIZE], IPFIX_SIZE_MIN, IPFIX_SIZE_MAX);
	return STATUS_DONE;
}

/* The module may come later; a recording is there, and has lifetime, or it is an error. */
static int open_recording(struct source *source, const struct options *options)
{
	int status = source_open(source, options, "export"), error;

	if (status)
		return status;
	error = source_has_view(source, L2PC_VIEW_LIFETIME);
	return error ? source_explain(source, error, NULL) : STATUS_DONE;
}

int verb_export(const struct call *call)
{
	const struct options *options = &call->options;
	struct export export;
	bool listens = options_have(options, OPT_LISTEN) || !options_have(options, OPT_IPFIX);
	int status = check_options(options);

	if (status)
		return status;
	if (listens && !options_have(options, OPT_TEXTFILE) && !export_serve)
		return export_exec(call->words);
	export_init(&export, options_have(options, OPT_STATIONS) ? options->number[OPT_STATIONS] : 0);
	if (listens && options_have(options, OPT_REPLAY))
		status = open_recording(&export.source, options);
	if (!status && options_have(options, OPT_IPFIX))
		status = ipfix_open(options, &export.ipfix);
	if (!status)
		status = export_run(&export, options, listens);
	ipfix_close(export.ipfix);
	export_free(&export);
	source_close(&export.source);
	return status;
}
