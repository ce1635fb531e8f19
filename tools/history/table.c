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
#define NAME_MIN	6

/* What a column has, the first to be left out on a narrow terminal first. */
enum kind {
	VENDOR,
	RATE,
	NAME,
	COUNT,
	LABEL,
};

/*
 * A table is put together before its widths are known. @brief, if not empty, is for a terminal
 * that is too narrow for @text.
 */
struct cell {
	char text[CELL], brief[TEXT_SIZE];
	int width, brief_width;
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
	enum kind kind[COLUMNS_MAX];
	int width[COLUMNS_MAX];	/* 0: left out */
	bool is_brief;
};

static struct cell *add_cell(struct rows *rows, int *column, const char *text)
{
	struct cell *cell = &rows->row[rows->count - 1].cell[(*column)++];

	text_cell(text, CELL / 4, cell->text, sizeof(cell->text), &cell->width);
	cell->brief_width = cell->width;
	if (rows->columns < *column)
		rows->columns = *column;
	return cell;
}

static void set_brief(struct cell *cell, const char *text)
{
	text_cell(text, TEXT_SIZE / 2, cell->brief, sizeof(cell->brief), &cell->brief_width);
}

static void add_number(struct rows *rows, int *column, const struct output *output, uint64_t value)
{
	char exact[TEXT_SIZE], brief[TEXT_SIZE];

	set_brief(add_cell(rows, column, output_number(output, value, true, exact)),
		  text_human((double)value, brief));
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
	static const enum kind texts[] = { LABEL, NAME, VENDOR }, counts[] = { COUNT, COUNT, RATE };
	static const char *const one[] = { "PACKETS", "BYTES", "BIT/S" };
	static const char *const two[] = {
		"RX-PACKETS", "RX-BYTES", "RX-BIT/S", "TX-PACKETS", "TX-BYTES", "TX-BIT/S",
	};
	static const char *const brief[] = { "RX-PKTS", "", "", "TX-PKTS", "", "" };
	int column = 0;

	add_row(rows);
	for (size_t i = 0; i < count; i++) {
		rows->kind[column] = texts[i];
		add_cell(rows, &column, titles[i]);
	}
	for (size_t i = 0; i < (has_tx ? ARRAY_SIZE(two) : ARRAY_SIZE(one)); i++) {
		struct cell *cell;

		rows->kind[column] = counts[i % ARRAY_SIZE(counts)];
		cell = add_cell(rows, &column, has_tx ? two[i] : one[i]);
		if (has_tx && brief[i][0])
			set_brief(cell, brief[i]);
	}
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

/* Measure the columns from a kind on. Return: the width of all, with the gap behind each */
static int measure(struct rows *rows, enum kind from)
{
	int all = 0;

	for (int c = 0; c < rows->columns; c++) {
		rows->width[c] = 0;
		if (rows->kind[c] < from)
			continue;
		for (size_t i = 0; i < rows->count; i++) {
			const struct cell *cell = &rows->row[i].cell[c];
			int width = rows->is_brief ? cell->brief_width : cell->width;

			if (rows->width[c] < width)
				rows->width[c] = width;
		}
		all += rows->width[c] + 2;
	}
	return all;
}

/* Narrow the wider of names and vendors. Return: the columns that this saves, 0 or 1 */
static int narrow_names(struct rows *rows)
{
	int wide = -1;

	for (int c = 0; c < rows->columns; c++)
		if ((rows->kind[c] == NAME || rows->kind[c] == VENDOR) &&
		    rows->width[c] > (wide < 0 ? NAME_MIN : rows->width[wide]))
			wide = c;
	if (wide < 0)
		return 0;
	rows->width[wide]--;
	return 1;
}

/*
 * Make the table as wide as the terminal at most: numbers get units where there is no room for
 * bars, names become narrower, columns are left out. Return: the room for bars
 */
static int fit(struct rows *rows, int columns)
{
	int all = measure(rows, 0), saved;

	if (!columns)
		return BAR_MAX / 2;
	rows->is_brief = all + BAR_MIN >= columns;
	for (enum kind from = 0; from <= COUNT; from++) {
		all = measure(rows, from);
		while (all - 2 > columns && (saved = narrow_names(rows)))
			all -= saved;
		if (all - 2 <= columns)
			break;
	}
	return columns - all - 1 < BAR_MAX ? columns - all - 1 : BAR_MAX;
}

static void print_cells(const struct rows *rows, const struct row *row, enum color color)
{
	int gap = 0;

	for (int c = 0; c < rows->columns; c++) {
		bool is_left = rows->kind[c] != COUNT && rows->kind[c] != RATE;
		const struct cell *cell = &row->cell[c];
		char text[CELL];
		int pad;

		if (!rows->width[c])
			continue;
		text_cell(rows->is_brief && cell->brief[0] ? cell->brief : cell->text, rows->width[c],
			  text, sizeof(text), &pad);
		pad = rows->width[c] - pad;
		printf("%*s", gap + (is_left ? 0 : pad), "");
		color_print(color, text);
		gap = 2 + (is_left ? pad : 0);
	}
}

static void print_rows(const struct output *output, struct rows *rows)
{
	int bar = fit(rows, output->columns);
	uint64_t most = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->row[i].has_bar && most < rows->row[i].bytes)
			most = rows->row[i].bytes;
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->row[i];

		print_cells(rows, row, !i ? COLOR_TITLE : COLOR_NONE);
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
