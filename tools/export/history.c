// SPDX-License-Identifier: GPL-2.0
/*
 * The history as JSON, as l2pc -j history writes it.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "export/export.h"
#include "history/print.h"
#include "history/range.h"
#include "util/files.h"

/* The parameters are the options, without their hyphens. */
static const struct parameter {
	const char *name;
	enum option_id option;
} parameters[] = {
	{ "by", OPT_BY }, { "last", OPT_LAST }, { "from", OPT_FROM }, { "to", OPT_TO },
	{ "month", OPT_MONTH }, { "cycle", OPT_CYCLE }, { "station", OPT_STATION }, { "top", OPT_TOP },
};

/* Of the range only one. */
static int check_range(const struct options *options)
{
	bool from_to = options_have(options, OPT_FROM) || options_have(options, OPT_TO);

	return from_to + options_have(options, OPT_LAST) + options_have(options, OPT_MONTH) > 1 ?
		       usage_error("last, month, from and to: use one") : STATUS_DONE;
}

static int read_value(enum option_id option, const char *name, const char *text, uint64_t *number)
{
	switch (option) {
	case OPT_BY:
		return value_enum(name, text, &level_names, number);
	case OPT_LAST:
		return value_span(name, text, number);
	case OPT_CYCLE:
		return value_number(name, text, 1, 31, number);
	case OPT_TOP:
		return value_number(name, text, 1, EXPORT_BUSIEST, number);
	default:
		return STATUS_DONE;
	}
}

static int read_parameters(export_parameter *get, void *data, struct query *query)
{
	struct options options = { 0 };
	int status = STATUS_DONE;

	for (size_t i = 0; i < ARRAY_SIZE(parameters) && !status; i++) {
		const struct parameter *p = &parameters[i];
		const char *text = get(data, p->name);

		if (!text)
			continue;
		options.given |= UINT64_C(1) << p->option;
		options.text[p->option] = text;
		status = read_value(p->option, p->name, text, &options.number[p->option]);
	}
	if (!status)
		status = check_range(&options);
	if (!status)
		status = range_read(&options, query);
	query->ifname = get(data, "device");
	query->station = options.text[OPT_STATION];
	query->top = options.number[OPT_TOP];
	return status;
}

static void write_reports(const struct query *query, const struct reports *reports, FILE *file)
{
	struct options options = { .given = OPTION(JSON) };
	struct output output;

	output_init(&output, &options);
	output.json.file = file;
	output_begin(&output);
	for (size_t i = 0; i < reports->count; i++)
		if (!query->station || reports->report[i].has_station)
			print_json(&output.json, query, &reports->report[i], true);
	output_end(&output);
}

int export_history(export_parameter *get, void *data, FILE *file, char *why, size_t size)
{
	struct history history = { 0 };
	struct reports reports = { 0 };
	struct query query = { 0 };
	int status;

	why[0] = 0;
	error_capture(why, size);
	status = read_parameters(get, data, &query);
	if (!status) {
		bool done = history_open_reader(&history, file_path(HISTORY_FILE)) &&
			    history_begin_reader(&history) && query_run(&history, &query, &reports);

		history_close(&history);
		status = done ? STATUS_DONE : STATUS_FAILED;
	}
	if (!status)
		write_reports(&query, &reports, file);
	reports_free(&reports);
	error_capture(NULL, 0);
	return status;
}
