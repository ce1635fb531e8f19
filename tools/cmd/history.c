// SPDX-License-Identifier: GPL-2.0
/*
 * The verb history: what was counted by hour, day and month.
 * Copyright (C) the l2packet_counter authors
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "history/edit.h"
#include "history/print.h"
#include "history/range.h"
#include "names/names.h"
#include "source/source.h"

#define SIZE_MIN	(INT64_C(1) << 20)
#define SIZE_MAX_BYTES	(INT64_C(1) << 43)

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

/* "500M", "2G", also with KiB and the like. */
static int read_size(const char *text, int64_t *size)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;

	*size = strtoll(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	for (ptrdiff_t i = 0; unit && i <= unit - units; i++)
		*size *= 1024;
	end += unit != NULL;
	if (end == text || (*end && strcmp(end, "B") && strcmp(end, "iB")) || *size < SIZE_MIN ||
	    *size > SIZE_MAX_BYTES)
		return usage_error("--max-size: invalid size \"%s\" (1M to 8T; examples: 500M, 2G)",
				   text);
	return STATUS_DONE;
}

static int change_settings(const struct options *options, struct history *history)
{
	int64_t size = SIZE_DEFAULT;

	if (options_have(options, OPT_MAX_SIZE) && read_size(options->text[OPT_MAX_SIZE], &size))
		return STATUS_USAGE;
	if (!history_begin(history))
		return STATUS_FAILED;
	if (options_have(options, OPT_MAX_SIZE))
		setting_put(history, SETTING_SIZE, size);
	if (options_have(options, OPT_MAX_STATIONS))
		setting_put(history, SETTING_STATIONS, (int64_t)options->number[OPT_MAX_STATIONS]);
	return history_commit(history) ? STATUS_DONE : STATUS_FAILED;
}

/* Counts of a port that is counted would be saved once more. */
static int check_uncounted(const char *ifname, const char *why)
{
	return source_has_port(ifname) ?
		       usage_error("%s is counted now (%s)", ifname, why) : STATUS_DONE;
}

static int edit(const struct call *call, struct history *history)
{
	const struct options *options = &call->options;
	const char *other = options->text[OPT_MERGE];
	int status;

	if (options_have(options, OPT_RENAME)) {
		status = check_uncounted(call->ifname, "its history has its name");
		return status ? status : edit_rename(history, call->ifname, options->text[OPT_RENAME]);
	}
	if (options_have(options, OPT_MERGE)) {
		status = check_uncounted(other, "merge the one that is not into it");
		return status ? status : edit_merge(history, call->ifname, other);
	}
	status = check_uncounted(call->ifname, "sudo l2pc del it first");
	return status ? status : edit_forget(history, call->ifname);
}

/* The options that do not show it. */
static int change(const struct call *call)
{
	const struct options *options = &call->options;
	const uint64_t of_port = OPTION(RENAME) | OPTION(MERGE) | OPTION(FORGET);
	const uint64_t others = ~(OPTIONS_HISTORY_EDIT | OPTIONS_COMMON | OPTION(FILE));
	bool is_check = options_have(options, OPT_CHECK);
	const char *name = history_name(options);
	struct history history = { 0 };
	int status = STATUS_FAILED;

	if (options->given & others)
		return usage_error("history: shows or changes (use one)");
	if (!(options->given & of_port) != !call->ifname)
		return call->ifname ? usage_error("history: a setting or a check is not of a port") :
				      usage_error("history: missing interface (l2pc history DEV ...)");
	/* A change does not create a history. */
	if (access(name, F_OK) || is_check) {
		if (history_open_reader(&history, name))
			status = history_check(&history);
	} else if (history_open(&history, name)) {
		status = options->given & of_port ? edit(call, &history) :
						    change_settings(options, &history);
	}
	history_rollback(&history);
	history_close(&history);
	return status;
}

int verb_history(const struct call *call)
{
	const struct options *options = &call->options;
	struct query query = { .ifname = call->ifname };
	int status;

	if (options->given & OPTIONS_HISTORY_EDIT)
		return change(call);
	status = range_read(options, &query);
	if (status)
		return status;
	if (options_have(options, OPT_STATION))
		query.station = options->text[OPT_STATION];
	if (options_have(options, OPT_TOP))
		query.top = options->number[OPT_TOP];
	return show(options, &query, history_name(options));
}
