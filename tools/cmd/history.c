// SPDX-License-Identifier: GPL-2.0
/*
 * The verb history: what was counted by hour, day and month.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "cmd/verb.h"
#include "history/print.h"
#include "history/range.h"
#include "names/names.h"

static void anonymize(struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		for (size_t s = 0; s < reports->report[i].stations; s++)
			anonymous_mac(reports->report[i].station[s].mac);
}

static bool has_station(const struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->report[i].has_station)
			return true;
	return false;
}

static void print_reports(const struct options *options, const struct query *query,
			  const struct reports *reports)
{
	bool has_tx = reports_have_tx(reports);
	struct output output;

	output_init(&output, options);
	output_begin(&output);
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = &reports->report[i];

		if (query->station && !report->has_station)
			continue;
		if (options_have(options, OPT_JSON))
			print_json(&output.json, query, report, output.names);
		else if (options_have(options, OPT_ONELINE))
			print_line(&output, query, report);
		else
			print_table(&output, query, report, has_tx);
	}
	output_end(&output);
	if (reports->months_only)
		error_print("note: days of two years ago are stored as months, and left out (--by month)");
}

static int show(const struct options *options, const struct query *query, const char *name)
{
	struct reports reports = { 0 };
	struct history history;
	int status = STATUS_FAILED;

	if (history_open_reader(&history, name) && history_begin_reader(&history) &&
	    query_run(&history, query, &reports)) {
		status = STATUS_DONE;
		if (query->ifname && !reports.count)
			status = usage_error("%s: no counts of %s", name, query->ifname);
		else if (query->station && !has_station(&reports))
			status = usage_error("%s: no station \"%s\" (its address, or its name)", name,
					     query->station);
	}
	history_close(&history);
	if (!status) {
		if (options_have(options, OPT_ANONYMIZE))
			anonymize(&reports);
		print_reports(options, query, &reports);
	}
	reports_free(&reports);
	return status;
}

int verb_history(const struct call *call)
{
	const struct options *options = &call->options;
	struct query query = { .ifname = call->ifname };
	int status = range_read(options, &query);

	if (status)
		return status;
	if (options_have(options, OPT_STATION))
		query.station = options->text[OPT_STATION];
	if (options_have(options, OPT_TOP))
		query.top = options->number[OPT_TOP];
	return show(options, &query, history_name(options));
}
