// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of the history as tables, with bars.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/print.h"
#include "names/names.h"
#include "util/clock.h"

#define BAR_MIN		8
#define BAR_MAX		40
#define COLUMNS_MAX	12
#define CELL		96

/* A table is put together before its widths are known. */
struct cell {
	char text[CELL];
	int width;
};

struct row {
	struct cell cell[COLUMNS_MAX];
	uint64_t bytes;		/* for the bar */
	bool has_bar;
};

struct rows {
	struct row *row;
	size_t count, room;
	int columns;
	int left;		/* columns from the left that are texts */
};

static void add_cell(struct rows *rows, int *column, const char *text)
{
	struct cell *cell = &rows->row[rows->count - 1].cell[(*column)++];
	int taken;

	text_cell(text, CELL / 4, cell->text, sizeof(cell->text), &taken);
	cell->width = taken;
	if (rows->columns < *column)
		rows->columns = *column;
}

static void add_number(struct rows *rows, int *column, const struct output *output, uint64_t value)
{
	char buffer[TEXT_SIZE];

	add_cell(rows, column, output_number(output, value, true, buffer));
}

static struct row *add_row(struct rows *rows)
{
	return list_add(rows, row);
}

/* Counts of one direction or two; @seconds: for the rate, 0 for none. */
static void add_count_cells(struct rows *rows, int *column, const struct output *output,
			    const uint64_t count[COUNTS], bool has_tx, int64_t seconds)
{
	char buffer[TEXT_SIZE];

	for (int c = 0; c < (has_tx ? COUNTS : COUNT_TX_PACKETS); c += 2) {
		add_number(rows, column, output, count[c]);
		add_number(rows, column, output, count[c + 1]);
		add_cell(rows, column,
			 seconds > 0 ? text_human((double)count[c + 1] * 8 / (double)seconds, buffer) : "-");
	}
}

static void add_titles(struct rows *rows, const char *const *titles, size_t count, bool has_tx)
{
	static const char *const one[] = { "PACKETS", "BYTES", "BIT/S" };
	static const char *const two[] = {
		"RX-PACKETS", "RX-BYTES", "RX-BIT/S", "TX-PACKETS", "TX-BYTES", "TX-BIT/S",
	};
	int column = 0;

	add_row(rows);
	for (size_t i = 0; i < count; i++)
		add_cell(rows, &column, titles[i]);
	rows->left = column;
	for (size_t i = 0; i < (has_tx ? ARRAY_SIZE(two) : ARRAY_SIZE(one)); i++)
		add_cell(rows, &column, has_tx ? two[i] : one[i]);
}

static void print_bar(uint64_t bytes, uint64_t most, int columns)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int size = most ? (int)((double)bytes / (double)most * columns * 8 + 0.5) : 0;

	if (!size && bytes)
		size = 1;
	fputs("  ", stdout);
	fputs(color_on(COLOR_BAR), stdout);
	for (int i = 0; i < size / 8; i++)
		fputs(text_utf8() ? "█" : "#", stdout);
	if (size % 8)
		fputs(text_utf8() ? eighths[size % 8] : size < 8 ? "." : "", stdout);
	fputs(color_off(COLOR_BAR), stdout);
}

static void print_rows(const struct output *output, const struct rows *rows)
{
	int width[COLUMNS_MAX] = { 0 }, all = 0, bar;
	uint64_t most = 0;

	for (size_t i = 0; i < rows->count; i++) {
		for (int c = 0; c < rows->columns; c++)
			if (width[c] < rows->row[i].cell[c].width)
				width[c] = rows->row[i].cell[c].width;
		if (rows->row[i].has_bar && most < rows->row[i].bytes)
			most = rows->row[i].bytes;
	}
	for (int c = 0; c < rows->columns; c++)
		all += width[c] + 2;
	bar = output->columns ? output->columns - all - 1 : BAR_MAX / 2;
	if (bar > BAR_MAX)
		bar = BAR_MAX;
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		for (int c = 0; c < rows->columns; c++) {
			const struct cell *cell = &row->cell[c];
			int pad = width[c] - cell->width;
			bool is_left = c < rows->left, is_last = c == rows->columns - 1;

			printf("%s%*s", c ? "  " : "", is_left ? 0 : pad, "");
			color_print(!i ? COLOR_TITLE : COLOR_NONE, cell->text);
			printf("%*s", is_left && !is_last ? pad : 0, "");
		}
		if (row->has_bar && row->bytes && bar >= BAR_MIN)
			print_bar(row->bytes, most, bar);
		putchar('\n');
	}
}

static uint64_t both_bytes(const uint64_t count[COUNTS])
{
	return add_counts(count[COUNT_BYTES], count[COUNT_TX_BYTES]);
}

/* Seconds of a period that have passed. */
static int64_t seconds_of(int64_t start, int64_t end)
{
	int64_t now = (int64_t)(clock_wall() / SECOND);

	return (end < now ? end : now) - start;
}

static void print_periods(const struct output *output, const struct query *query,
			  const struct report *report, bool has_tx)
{
	static const char *const titles[] = { "10 MINUTES", "HOUR", "DAY", "MONTH" };
	struct rows rows = { 0 };
	int64_t seconds = 0;
	int column;

	add_titles(&rows, &titles[query->by], 1, has_tx);
	for (size_t i = 0; i < report->count; i++) {
		const struct report_period *period = &report->period[i];
		struct row *row = add_row(&rows);
		char label[LABEL_SIZE];

		row->has_bar = true;
		row->bytes = both_bytes(period->count);
		column = 0;
		add_cell(&rows, &column, label_period(query, period, label));
		add_count_cells(&rows, &column, output, period->count, has_tx,
				seconds_of(period->start, period->end));
		seconds += seconds_of(period->start, period->end);
	}
	add_row(&rows);
	column = 0;
	add_cell(&rows, &column, "total");
	add_count_cells(&rows, &column, output, report->sum, has_tx, seconds);
	print_rows(output, &rows);
	free(rows.row);
}

static void print_stations(const struct output *output, const struct report *report, bool has_tx)
{
	static const char *const titles[] = { "STATION", "NAME", "VENDOR" };
	const int64_t seconds = report->count ? seconds_of(report->period[0].start,
							   report->period[report->count - 1].end) : 0;
	struct rows rows = { 0 };
	int column;

	add_titles(&rows, titles, output->names ? ARRAY_SIZE(titles) : 1, has_tx);
	for (size_t i = 0; i <= report->stations; i++) {
		const struct report_station *station = &report->station[i];
		bool is_others = i == report->stations;
		const uint64_t *count = is_others ? report->others : station->count;
		char mac[MAC_SIZE + 8] = "others";
		struct row *row;

		if (is_others && !(count[COUNT_PACKETS] | count[COUNT_TX_PACKETS]))
			break;
		row = add_row(&rows);
		row->has_bar = true;
		row->bytes = both_bytes(count);
		if (!is_others)
			text_mac(station->mac, mac);
		if (!is_others && station->vlan != NO_VLAN)
			text_append(mac, sizeof(mac), "/%u", station->vlan);
		column = 0;
		add_cell(&rows, &column, mac);
		if (output->names) {
			const char *vendor = is_others ? "" : station->vendor ? station->vendor :
					     names_local(station->mac) ? "local" : "-";

			add_cell(&rows, &column,
				 is_others ? "" : station->name ? station->name : "-");
			add_cell(&rows, &column, vendor);
		}
		add_count_cells(&rows, &column, output, count, has_tx, seconds);
	}
	print_rows(output, &rows);
	free(rows.row);
}

void print_table(struct output *output, const struct query *query, const struct report *report,
		 bool has_tx)
{
	char label[LABEL_SIZE];

	if (output->blocks++)
		putchar('\n');
	color_print(COLOR_PORT, output_ifname(report->ifname));
	printf(": by %s", enum_name(&level_names, query->by));
	if (query->cycle > 1)
		printf(" from day %u", query->cycle);
	if (query->station) {
		text_plain(query->station, !text_utf8(), label, sizeof(label));
		printf(", %s", label);
	}
	if (!report->count) {
		puts(", nothing counted");
		return;
	}
	printf(", %s", label_day(report->period[0].start, label));
	printf(" to %s\n", label_day(report->period[report->count - 1].end - 1, label));
	print_periods(output, query, report, has_tx);
	if (query->top && !query->station) {
		putchar('\n');
		print_stations(output, report, has_tx);
	}
}
