// SPDX-License-Identifier: GPL-2.0
/*
 * The verb export: a server, or a file for node_exporter.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "export.h"
#include "verb.h"

/* Who reads the file never sees half of one: it is renamed when it is complete. */
static int textfile(struct export *export, const char *name)
{
	char *part;
	FILE *file = NULL;
	int fd;

	if (asprintf(&part, "%s.XXXXXX", name) < 0)
		out_of_memory();
	export_take(export, export->stations);
	fd = mkstemp(part);
	if (fd >= 0) {
		file = fdopen(fd, "w");
		if (!file)
			out_of_memory();
		export_metrics(export, FORM_PROMETHEUS, file);
		/* Its reader is another user. */
		if (fchmod(fd, 0644) || fflush(file) || ferror(file) || fsync(fd)) {
			fclose(file);
			file = NULL;
		} else if (fclose(file) || rename(part, name)) {
			file = NULL;
		}
	}
	if (!file) {
		complain("cannot write %s: %s", name, strerror(errno));
		if (fd >= 0)
			unlink(part);
	}
	free(part);
	return file ? STATUS_DONE : STATUS_FAILED;
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
