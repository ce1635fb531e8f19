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

struct table {
	const struct output *output;
	const struct view *view;
	uint64_t span;		/* of the view, for rates */
	int width[COLUMNS];	/* 0 where a column is left out */
};

struct row {
	const char *text[COLUMNS];
	enum color color[COLUMNS];
	char buffer[COLUMNS][NAME_ROOM];	/* texts of NAME and VENDOR are always there */
};

static void print_spaces(int count)
{
	while (count-- > 0)
		putchar(' ');
}

/* Without the columns from @end on. */
static void print_row(const struct table *table, struct row *row, enum column end)
{
	for (enum column c = STATION; c < end; c++) {
		bool is_name = c == NAME || c == VENDOR, left = is_name || c == STATION;
		int width = table->width[c], pad;

		if (!width)
			continue;
		pad = width - (is_name ? text_fit(row->buffer[c], NAME_ROOM, width) :
					 (int)strlen(row->text[c]));
		print_spaces((c == STATION ? 0 : 2) + (left || pad < 0 ? 0 : pad));
		color_print(row->color[c], row->text[c]);
		print_spaces(left ? pad : 0);
	}
	putchar('\n');
}

static void set_numbers(const struct table *table, struct row *row, uint64_t packets,
			uint64_t bytes, bool has_packets, bool has_bytes)
{
	const struct output *output = table->output;

	row->text[PACKETS] = output_number(output, packets, has_packets, row->buffer[PACKETS]);
	row->text[BYTES] = output_number(output, bytes, has_bytes, row->buffer[BYTES]);
	row->text[RATE] = text_rate((double)packets, has_packets ? table->span : 0, output->human,
				    row->buffer[RATE]);
	row->text[BYTE_RATE] = text_rate((double)bytes, has_bytes ? table->span : 0,
					 output->human, row->buffer[BYTE_RATE]);
	row->text[AVERAGE] = packets ? text_number(bytes / packets, row->buffer[AVERAGE]) : "-";
}

static void set_name(struct row *row, enum column column, enum color color, const char *name)
{
	row->color[column] = name ? color : COLOR_FAINT;
	row->text[column] = text_plain(name ? name : "-", false, row->buffer[column], NAME_ROOM);
}

static const char *format_age(uint64_t now, uint64_t then, bool has, char buffer[TEXT_SIZE])
{
	/* A frame may come while the answer is under way. */
	return has ? text_span(now > then ? now - then : 0, buffer) : "-";
}

static void set_station(const struct table *table, struct row *row, const struct station *s)
{
	const struct output *output = table->output;
	uint64_t now = table->view->now;

	row->text[STATION] = s->has & BIT(L2PC_A_STATION_MAC) ?
			     text_mac(s->mac, row->buffer[STATION]) : "?";
	row->color[STATION] = COLOR_MAC;
	row->text[VLAN] = s->has & BIT(L2PC_A_STATION_VLAN) ?
			  text_number(s->vlan, row->buffer[VLAN]) : "-";
	if (table->width[NAME])
		set_name(row, NAME, COLOR_NAME, output_name(output, s));
	if (table->width[VENDOR])
		set_name(row, VENDOR, names_local(s->mac) ? COLOR_FAINT : COLOR_NONE,
			 output_origin(output, s));
	set_numbers(table, row, s->packets, s->bytes, s->has & BIT(L2PC_A_STATION_PACKETS),
		    s->has & BIT(L2PC_A_STATION_BYTES));
	row->text[FIRST] = format_age(now, s->first_seen,
				      s->has & BIT(L2PC_A_STATION_FIRST_SEEN), row->buffer[FIRST]);
	row->text[LAST] = format_age(now, s->last_seen, s->has & BIT(L2PC_A_STATION_LAST_SEEN),
				     row->buffer[LAST]);
}

/* A row of sums. The title may reach over the columns between it and the numbers. */
static void print_sum_row(const struct table *table, enum color color, const char *title,
			  uint64_t packets, uint64_t bytes)
{
	struct row row = { .text = { [STATION] = title, [VLAN] = "" }, .color[STATION] = color };

	row.text[NAME] = row.buffer[NAME];
	row.text[VENDOR] = row.buffer[VENDOR];
	set_numbers(table, &row, packets, bytes, true, true);
	print_row(table, &row, FIRST);
}

static void print_title_row(const struct table *table)
{
	struct row row;

	for (enum column c = STATION; c < COLUMNS; c++) {
		row.color[c] = COLOR_TITLE;
		row.text[c] = strcpy(row.buffer[c], titles[c]);
	}
	print_row(table, &row, COLUMNS);
}

static void widen_column(struct table *table, enum column column, int width)
{
	if (width > table->width[column])
		table->width[column] = width;
}

/* The widest row has the largest numbers: those of the totals, where they were sent. */
static void measure_numbers(struct table *table)
{
	const struct view *view = table->view;
	struct station most = {
		.has = UINT16_MAX,
		.packets = view->totals.value[L2PC_A_TOTALS_PACKETS],
		.bytes = view->totals.value[L2PC_A_TOTALS_BYTES],
		.first_seen = view->now,
		.last_seen = view->now,
	};
	struct row row;

	for (size_t i = 0; i < view->count; i++) {
		const struct station *s = &view->stations[i];

		most.packets = s->packets > most.packets ? s->packets : most.packets;
		most.bytes = s->bytes > most.bytes ? s->bytes : most.bytes;
		if (s->has & BIT(L2PC_A_STATION_FIRST_SEEN) && s->first_seen < most.first_seen)
			most.first_seen = s->first_seen;
		if (s->has & BIT(L2PC_A_STATION_LAST_SEEN) && s->last_seen < most.last_seen)
			most.last_seen = s->last_seen;
		if (s->has & BIT(L2PC_A_STATION_VLAN))
			table->width[VLAN] = (int)strlen(titles[VLAN]);
	}
	set_station(table, &row, &most);
	for (enum column c = PACKETS; c < COLUMNS; c++) {
		widen_column(table, c, (int)strlen(titles[c]));
		if (c != AVERAGE)
			widen_column(table, c, (int)strlen(row.text[c]));
	}
	/* With units the widest number is not the largest. */
	if (table->output->human)
		table->width[PACKETS] = table->width[BYTES] = 7;
	widen_column(table, FIRST, (int)strlen("16m40s"));
	widen_column(table, LAST, (int)strlen("16m40s"));
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
	widen_column(table, column, width < NAME_MIN ? NAME_MIN :
		     width > NAME_MAX_COLUMNS ? NAME_MAX_COLUMNS : width);
}

static void measure_names(struct table *table)
{
	const struct view *view = table->view;

	for (size_t i = 0; i < view->count && i < ROWS_MEASURED; i++) {
		widen_name(table, NAME, output_name(table->output, &view->stations[i]));
		widen_name(table, VENDOR, output_origin(table->output, &view->stations[i]));
	}
	/* Later rows may have longer ones. */
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

	color_print(COLOR_PORT, output_ifname(view->ifname));
	printf(": %s", view_name(view));
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
	const char *comma = "skipped:";

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uint64_t value = totals->value[kinds[i].attr];
		char buffer[TEXT_SIZE];

		if (!totals_has(totals, kinds[i].attr) || !(value || table->output->statistics))
			continue;
		printf("%s %s %s", comma, output_number(table->output, value, true, buffer),
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
		       output_number(table->output, count, true, buffer));
}

static void print_sum_rows(const struct table *table)
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
	struct row row = { 0 };

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
	for (size_t i = 0; i < view->count; i++) {
		set_station(&table, &row, &view->stations[i]);
		print_row(&table, &row, COLUMNS);
	}
	print_sum_rows(&table);
}
