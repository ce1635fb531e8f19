/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reports of the history, written as a table with bars, as lines, as JSON.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_HISTORY_PRINT_H
#define L2PC_TOOL_HISTORY_PRINT_H

#include "history/query.h"
#include "output/output.h"

#define LABEL_SIZE	48

/** label_period() - what a period is called: "2026-11-18 13:00", "2026-11". Return: @buffer */
char *label_period(const struct query *query, const struct report_period *period,
		   char buffer[LABEL_SIZE]);

/** label_day() - the date on which a time is. Return: @buffer */
char *label_day(int64_t time, char buffer[LABEL_SIZE]);

/** print_table() - write the table of a report; @has_tx: with both directions */
void print_table(struct output *output, const struct query *query, const struct report *report,
		 bool has_tx);

/** print_line() - write the records of a report, fields separated by tabs */
void print_line(const struct output *output, const struct query *query, const struct report *report);

/** print_json() - write a report as an object */
void print_json(struct json *json, const struct query *query, const struct report *report,
		bool names);

#endif /* L2PC_TOOL_HISTORY_PRINT_H */
