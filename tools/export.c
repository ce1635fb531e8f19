// SPDX-License-Identifier: GPL-2.0
/*
 * The verb export: a server, or a file for node_exporter.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "complain.h"
#include "export.h"
#include "replace.h"
#include "verb.h"

static int textfile(struct export *export, const char *name)
{
	struct replace replace;
	int error;

	export_take(export, export->stations);
	error = replace_begin(&replace, name);
	if (!error) {
		export_metrics(export, FORM_PROMETHEUS, replace.file);
		error = replace_end(&replace, name, 0);
	}
	if (error)
		complain("cannot write %s: %s", name, strerror(-error));
	return error ? STATUS_FAILED : STATUS_DONE;
}

static int serve(struct export *export, const char *address)
{
	char where[128];
	int socket, status;

	if (!export_serves())
		return STATUS_FAILED;
	status = export_listen(address, &socket, where, sizeof(where));
	return status ? status : export_serve(export, socket, where);
}

int verb_export(const struct call *call)
{
	const struct options *options = &call->options;
	struct export export = { 0 };
	int status = call_end(call);

	if (status)
		return status;
	if (options_have(options, OPT_JSON))
		return usage_error("export has no -j; /api/v1/stations is JSON");
	if (options_have(options, OPT_STATIONS))
		export.stations = options->number[OPT_STATIONS];
	/* The module may come later; a recording is there, or is none. */
	if (options_have(options, OPT_REPLAY))
		status = source_open(&export.source, options, "export");
	if (status)
		return status;
	if (options_have(options, OPT_TEXTFILE))
		status = textfile(&export, options->text[OPT_TEXTFILE]);
	else
		status = serve(&export, options_have(options, OPT_LISTEN) ?
					options->text[OPT_LISTEN] : EXPORT_LISTEN);
	export_free(&export);
	if (export.source.replay)
		source_close(&export.source);
	return status;
}
