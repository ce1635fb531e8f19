// SPDX-License-Identifier: GPL-2.0
/*
 * A view for people: a table, busiest station first.
 * Copyright (C) the l2packet_counter authors
 *
 * On a terminal the table fits its columns: names and vendors are cut, and left
 * out when that is not enough. Elsewhere nobody counts columns.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "output/output.h"
#include "util/color.h"
#include "util/text.h"

/* So many rows decide how wide names are; later ones are cut. */
#define ROWS_MEASURED	200
#define NAME_MIN	6
#define NAME_MAX_COLUMNS 24
#define NAME_ROOM	(4 * NAME_MAX_COLUMNS + 8)

enum column {
	STATION,
	VLAN,
	NAME,
	VENDOR,
	PACKETS,
	BYTES,
	RATE,
	BYTE_RATE,
	AVERAGE,
	FIRST,
	LAST,
	COLUMNS
};

static const char *const titles[COLUMNS] = {
	"STATION", "VLAN", "NAME", "VENDOR", "PACKETS", "BYTES", "PKT/S", "BYTES/S", "AVG", "FIRST",
	"LAST",
};

/**
 * struct table - a table being written
 * @output: where
 * @view: of what
 * @span: of the view, for rates
 * @width: of each column, 0 where it is left out
 */
struct table {
	const struct output *output;
	const struct view *view;
	uint64_t span;
	int width[COLUMNS];
};

static bool is_left(enum column column)
{
	return column == STATION || column == NAME || column == VENDOR;
}

static void print_spaces(int count)
{
	static const char blank[] = "                                                                ";

	for (; count > 0; count -= (int)sizeof(blank) - 1)
		fwrite(blank, 1, count < (int)sizeof(blank) - 1 ? (size_t)count : sizeof(blank) - 1,
		       stdout);
}

/* @text takes @width columns of the screen. */
static void print_cell(const struct table *table, enum column column, enum color color,
		       const char *text, int width)
{
	int pad = table->width[column] - width;
	bool last = true;

	if (!table->width[column])
		return;
	for (int c = column + 1; c < COLUMNS; c++)
		last &= !table->width[c];
	if (column != STATION)
		fputs("  ", stdout);
	if (!is_left(column))
		print_spaces(pad);
	fputs(color_on(color), stdout);
	fputs(text, stdout);
	fputs(color_off(color), stdout);
	if (is_left(column) && !last)
		print_spaces(pad);
}

static void print_text_cell(const struct table *table, enum column column, enum color color,
			    const char *text)
{
	print_cell(table, column, color, text, (int)strlen(text));
}

static const char *format_number(const struct table *table, uint64_t value, bool has,
				 char buffer[TEXT_SIZE])
{
	if (!has)
		return "-";
	return table->output->human ? text_human((double)value, buffer) : text_number(value, buffer);
}

static const char *format_age(uint64_t now, uint64_t then, bool has, char buffer[TEXT_SIZE])
{
	/* A frame may come while the answer is under way. */
	return has ? text_span(now > then ? now - then : 0, buffer) : "-";
}

static const char *format_average(uint64_t bytes, uint64_t packets, char buffer[TEXT_SIZE])
{
	return packets ? text_number(bytes / packets, buffer) : "-";
}

/* The columns of numbers, of a station and of sums. */
static void print_number_cells(const struct table *table, uint64_t packets, uint64_t bytes,
			       bool has_packets, bool has_bytes)
{
	char buffer[TEXT_SIZE];

	print_text_cell(table, PACKETS, COLOR_NONE,
			format_number(table, packets, has_packets, buffer));
	print_text_cell(table, BYTES, COLOR_NONE, format_number(table, bytes, has_bytes, buffer));
	print_text_cell(table, RATE, COLOR_NONE,
			text_rate((double)packets, has_packets ? table->span : 0,
				  table->output->human, buffer));
	print_text_cell(table, BYTE_RATE, COLOR_NONE,
			text_rate((double)bytes, has_bytes ? table->span : 0, table->output->human,
				  buffer));
	print_text_cell(table, AVERAGE, COLOR_NONE, format_average(bytes, packets, buffer));
}

static void print_name_cell(const struct table *table, enum column column, enum color color,
			    const char *name)
{
	char text[NAME_ROOM];
	int width;

	if (!table->width[column])
		return;
	text_plain(name ? name : "-", false, text, sizeof(text));
	width = text_fit(text, sizeof(text), table->width[column]);
	print_cell(table, column, name ? color : COLOR_FAINT, text, width);
}

static const char *vendor_of(const struct output *output, const struct station *station)
{
	if (!output->names)
		return NULL;
	return names_local(station->mac) ? "local" : output_vendor(output, station);
}

static void print_station_row(const struct table *table, const struct station *station)
{
	const struct output *output = table->output;
	char mac[MAC_SIZE] = "?", buffer[TEXT_SIZE];

	if (station->has & BIT(L2PC_A_STATION_MAC))
		text_mac(station->mac, mac);
	print_text_cell(table, STATION, COLOR_MAC, mac);
	print_text_cell(
		table, VLAN, COLOR_NONE,
		station->has & BIT(L2PC_A_STATION_VLAN) ? text_number(station->vlan, buffer) : "-");
	if (table->width[NAME])
		print_name_cell(table, NAME, COLOR_NAME, output_name(output, station));
	if (table->width[VENDOR])
		print_name_cell(table, VENDOR, names_local(station->mac) ? COLOR_FAINT : COLOR_NONE,
				vendor_of(output, station));
	print_number_cells(table, station->packets, station->bytes,
			   station->has & BIT(L2PC_A_STATION_PACKETS),
			   station->has & BIT(L2PC_A_STATION_BYTES));
	print_text_cell(table, FIRST, COLOR_NONE,
			format_age(table->view->now, station->first_seen,
				   station->has & BIT(L2PC_A_STATION_FIRST_SEEN), buffer));
	print_text_cell(table, LAST, COLOR_NONE,
			format_age(table->view->now, station->last_seen,
				   station->has & BIT(L2PC_A_STATION_LAST_SEEN), buffer));
	putchar('\n');
}

/* A row of sums. The title may reach over the columns between it and the numbers. */
static void print_sum_row(struct table *table, enum color color, const char *title,
			  uint64_t packets, uint64_t bytes)
{
	int first = table->width[FIRST], last = table->width[LAST];

	print_text_cell(table, STATION, color, title);
	print_text_cell(table, VLAN, COLOR_NONE, "");
	print_cell(table, NAME, COLOR_NONE, "", 0);
	print_cell(table, VENDOR, COLOR_NONE, "", 0);
	table->width[FIRST] = table->width[LAST] = 0;
	print_number_cells(table, packets, bytes, true, true);
	table->width[FIRST] = first;
	table->width[LAST] = last;
	putchar('\n');
}

static void print_title_row(const struct table *table)
{
	for (enum column c = STATION; c < COLUMNS; c++)
		print_text_cell(table, c, COLOR_TITLE, titles[c]);
	putchar('\n');
}

static void widen_column(struct table *table, enum column column, const char *text)
{
	int size = (int)strlen(text);

	if (size > table->width[column])
		table->width[column] = size;
}

/* The largest numbers are those of the totals, where they were sent. */
static void measure_numbers(struct table *table)
{
	const struct view *view = table->view;
	uint64_t packets = view->totals.value[L2PC_A_TOTALS_PACKETS];
	uint64_t bytes = view->totals.value[L2PC_A_TOTALS_BYTES];
	uint64_t first = view->now, last = view->now;
	char buffer[TEXT_SIZE];

	for (size_t i = 0; i < view->count; i++) {
		const struct station *s = &view->stations[i];

		packets = s->packets > packets ? s->packets : packets;
		bytes = s->bytes > bytes ? s->bytes : bytes;
		if (s->has & BIT(L2PC_A_STATION_FIRST_SEEN) && s->first_seen < first)
			first = s->first_seen;
		if (s->has & BIT(L2PC_A_STATION_LAST_SEEN) && s->last_seen < last)
			last = s->last_seen;
		if (s->has & BIT(L2PC_A_STATION_VLAN))
			table->width[VLAN] = (int)strlen(titles[VLAN]);
	}
	for (enum column c = PACKETS; c < COLUMNS; c++)
		table->width[c] = (int)strlen(titles[c]);
	widen_column(table, PACKETS, format_number(table, packets, true, buffer));
	widen_column(table, BYTES, format_number(table, bytes, true, buffer));
	/* With units the widest number is not the largest. */
	if (table->output->human)
		table->width[PACKETS] = table->width[BYTES] = 7;
	widen_column(table, RATE,
		     text_rate((double)packets, table->span, table->output->human, buffer));
	widen_column(table, BYTE_RATE,
		     text_rate((double)bytes, table->span, table->output->human, buffer));
	widen_column(table, LAST, "16m40s");
	widen_column(table, FIRST, "16m40s");
	widen_column(table, LAST, format_age(view->now, last, true, buffer));
	widen_column(table, FIRST, format_age(view->now, first, true, buffer));
	if (!table->output->statistics)
		table->width[BYTE_RATE] = table->width[AVERAGE] = table->width[FIRST] = 0;
}

static void widen_name(struct table *table, enum column column, const char *name)
{
	char text[NAME_ROOM];
	int width;

	if (!name)
		return;
	width = text_width(text_plain(name, false, text, sizeof(text)));
	if (width > NAME_MAX_COLUMNS)
		width = NAME_MAX_COLUMNS;
	if (width < NAME_MIN)
		width = NAME_MIN;
	if (width > table->width[column])
		table->width[column] = width;
}

static void measure_names(struct table *table)
{
	const struct view *view = table->view;

	for (size_t i = 0; i < view->count && i < ROWS_MEASURED; i++) {
		widen_name(table, NAME, output_name(table->output, &view->stations[i]));
		widen_name(table, VENDOR, vendor_of(table->output, &view->stations[i]));
	}
	/* Of more rows than were looked at, later ones may have longer ones. */
	if (view->count > ROWS_MEASURED && table->output->names)
		table->width[VENDOR] = NAME_MAX_COLUMNS;
}

static int total_width(const struct table *table)
{
	int sum = -2;

	for (enum column c = STATION; c < COLUMNS; c++)
		if (table->width[c])
			sum += table->width[c] + 2;
	return sum;
}

/* Make the table as wide as the terminal at most, taking from names first. */
static void shrink_columns(struct table *table)
{
	static const enum column dispensable[] = { VENDOR, NAME, AVERAGE, BYTE_RATE, RATE, FIRST };
	int columns = table->output->columns;

	if (!columns)
		return;
	while (total_width(table) > columns) {
		enum column wide = table->width[NAME] > table->width[VENDOR] ? NAME : VENDOR;

		if (table->width[wide] <= NAME_MIN)
			break;
		table->width[wide]--;
	}
	for (size_t i = 0; i < ARRAY_SIZE(dispensable) && total_width(table) > columns; i++)
		table->width[dispensable[i]] = 0;
}

/* "eth0: window 12, 10s, 4 stations" */
static void print_heading(const struct table *table)
{
	const struct view *view = table->view;
	const struct totals *totals = &view->totals;
	uint64_t stations = totals->value[L2PC_A_TOTALS_STATIONS];
	char buffer[TEXT_SIZE];

	printf("%s%s%s: %s", color_on(COLOR_PORT), output_ifname(view->ifname),
	       color_off(COLOR_PORT), view_name(view));
	if (!view->all_time && view->view == L2PC_VIEW_PREVIOUS && !totals->has && !view->count) {
		puts(", no window was closed yet");
		return;
	}
	if (totals_has(totals, L2PC_A_TOTALS_WINDOW_ID) && view->view != L2PC_VIEW_LIFETIME)
		printf(" %" PRIu64, totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	if (table->span)
		printf(", %s", text_span(table->span, buffer));
	if (totals_has(totals, L2PC_A_TOTALS_CLOSED))
		printf(", closed %s ago",
		       format_age(view->now, totals->value[L2PC_A_TOTALS_CLOSED], true, buffer));
	if (totals_has(totals, L2PC_A_TOTALS_STATIONS))
		printf(", %" PRIu64 " station%s", stations, text_plural(stations));
	putchar('\n');
}

static void print_skipped(const struct table *table)
{
	static const struct {
		unsigned int attr;
		const char *word;
	} kinds[] = {
		{ L2PC_A_TOTALS_SKIPPED_MULTICAST, "multicast" },
		{ L2PC_A_TOTALS_SKIPPED_BROADCAST, "broadcast" },
		{ L2PC_A_TOTALS_SKIPPED_INVALID, "invalid" },
	};
	const struct totals *totals = &table->view->totals;
	bool all = table->output->statistics;
	const char *comma = "skipped:";

	if (!totals_skipped(totals) && !all)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		char buffer[TEXT_SIZE];

		if (!totals_has(totals, kinds[i].attr) || !(totals->value[kinds[i].attr] || all))
			continue;
		printf("%s %s %s", comma,
		       format_number(table, totals->value[kinds[i].attr], true, buffer),
		       kinds[i].word);
		comma = ",";
	}
	if (comma[0] == ',')
		putchar('\n');
}

/* They are in the total: each as one frame of its length. */
static void print_malformed(const struct table *table)
{
	const struct totals *totals = &table->view->totals;
	uint64_t count = totals->value[L2PC_A_TOTALS_MALFORMED_PACKETS];
	char buffer[TEXT_SIZE];

	if (count || (table->output->statistics &&
		      totals_has(totals, L2PC_A_TOTALS_MALFORMED_PACKETS)))
		printf("malformed: %s, each counted as one frame\n",
		       format_number(table, count, true, buffer));
}

static void print_sum_rows(struct table *table)
{
	const struct totals *totals = &table->view->totals;
	const struct hidden *hidden = &table->view->hidden;
	bool all = table->output->statistics;
	char title[40];

	if (hidden->stations) {
		snprintf(title, sizeof(title), "(%" PRIu64 " not shown)", hidden->stations);
		print_sum_row(table, COLOR_FAINT, title, hidden->packets, hidden->bytes);
	}
	if (totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS] ||
	    (all && totals_has(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS)))
		print_sum_row(table, COLOR_ALARM, "(untracked)",
			      totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS],
			      totals->value[L2PC_A_TOTALS_UNTRACKED_BYTES]);
	/* A part of the row above, which has a place of its own in the sum. */
	if (totals->value[L2PC_A_TOTALS_FORGOTTEN_PACKETS] && all)
		print_sum_row(table, COLOR_FAINT, "  of it forgotten",
			      totals->value[L2PC_A_TOTALS_FORGOTTEN_PACKETS],
			      totals->value[L2PC_A_TOTALS_FORGOTTEN_BYTES]);
	if (totals->has)
		print_sum_row(table, COLOR_TITLE, "total", totals->value[L2PC_A_TOTALS_PACKETS],
			      totals->value[L2PC_A_TOTALS_BYTES]);
	print_skipped(table);
	print_malformed(table);
}

void output_view(struct output *output, const struct view *view)
{
	struct table table = { .output = output, .view = view, .span = view_span(view) };

	if (output->blocks++)
		putchar('\n');
	print_heading(&table);
	if (!view->totals.has && !view->count)
		return;
	table.width[STATION] = MAC_SIZE - 1;
	measure_numbers(&table);
	measure_names(&table);
	shrink_columns(&table);
	if (view->count)
		print_title_row(&table);
	for (size_t i = 0; i < view->count; i++)
		print_station_row(&table, &view->stations[i]);
	print_sum_rows(&table);
}
