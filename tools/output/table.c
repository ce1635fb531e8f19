// SPDX-License-Identifier: GPL-2.0
/*
 * The columns of a table of stations: which there are, and their widths. Rows are in row.c.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "output/table.h"

/* So many rows decide how wide names are; later ones are cut. */
#define ROWS_MEASURED	200
#define NAME_MIN	6

static void widen_column(struct table *table, enum column column, int width)
{
	if (width > table->width[column])
		table->width[column] = width;
}

/* Find the largest numbers: those of the totals, where they were sent. */
static struct station find_most(struct table *table)
{
	const struct view *view = table->view;
	struct station most = {
		.has = UINT16_MAX,
		.packets = view->totals.value[L2PC_A_TOTALS_PACKETS],
		.bytes = view->totals.value[L2PC_A_TOTALS_BYTES],
		.tx_packets = view->totals.value[L2PC_A_TOTALS_TX_PACKETS],
		.tx_bytes = view->totals.value[L2PC_A_TOTALS_TX_BYTES],
		.first_seen = view->now,
		.last_seen = view->now,
	};
	uint16_t has = 0;

	for (size_t i = 0; i < view->count; i++) {
		const struct station *s = &view->stations[i];

		most.packets = s->packets > most.packets ? s->packets : most.packets;
		most.bytes = s->bytes > most.bytes ? s->bytes : most.bytes;
		most.tx_packets = s->tx_packets > most.tx_packets ? s->tx_packets : most.tx_packets;
		most.tx_bytes = s->tx_bytes > most.tx_bytes ? s->tx_bytes : most.tx_bytes;
		if (s->has & BIT(L2PC_A_STATION_FIRST_SEEN) && s->first_seen < most.first_seen)
			most.first_seen = s->first_seen;
		if (s->has & BIT(L2PC_A_STATION_LAST_SEEN) && s->last_seen < most.last_seen)
			most.last_seen = s->last_seen;
		has |= s->has;
	}
	if (has & BIT(L2PC_A_STATION_VLAN))
		table->width[VLAN] = (int)strlen("VLAN");
	return most;
}

/* Is a column for options -s only? */
static bool is_statistic(enum column column)
{
	return column == FIRST || column == BYTE_RATE || column == OTHER_BYTE_RATE ||
	       column == AVERAGE || column == OTHER_AVERAGE;
}

/* The widest row has the largest numbers. */
static void measure_numbers(struct table *table)
{
	struct station most = find_most(table);
	char title[TEXT_SIZE];
	struct row row;

	row_init(&row);
	for (enum column c = PACKETS; c < COLUMNS; c++) {
		bool is_absent = c < FIRST && (int)(c - PACKETS) >= NUMBERS * table->directions;

		if (!is_absent && (table->output->statistics || !is_statistic(c)))
			table->width[c] = (int)row_title(table, c, title);
	}
	row_set_station(table, &row, &most);
	for (enum column c = PACKETS; c < COLUMNS; c++) {
		enum column kind = c < FIRST ? PACKETS + (c - PACKETS) % NUMBERS : c;
		bool is_count = kind == PACKETS || kind == BYTES;

		if (!table->width[c] || kind == AVERAGE)
			continue;
		/* With units the widest number is not the largest. */
		widen_column(table, c, is_count && table->output->human ? 7 : row.cell[c].columns);
		if (c >= FIRST)
			widen_column(table, c, (int)strlen("16m40s"));
	}
}

static void widen_name(struct table *table, enum column column, const char *name)
{
	char text[NAME_ROOM];
	int width;

	/* A text has no more columns than bytes. */
	if (!name || (table->width[column] && (int)strlen(name) <= table->width[column]))
		return;
	width = text_width(text_plain(name, false, text, sizeof(text)));
	widen_column(table, column, width < NAME_MIN ? NAME_MIN :
		     width > NAME_MAX_COLUMNS ? NAME_MAX_COLUMNS : width);
}

static void measure_names(struct table *table)
{
	const struct view *view = table->view;

	/* Later rows may have longer ones. */
	if (view->count > ROWS_MEASURED && table->output->names)
		table->width[VENDOR] = NAME_MAX_COLUMNS;
	for (size_t i = 0; i < view->count && i < ROWS_MEASURED; i++) {
		const struct station *station = &view->stations[i];

		widen_name(table, NAME, output_name(table->output, station));
		if (table->width[VENDOR] < NAME_MAX_COLUMNS)
			widen_name(table, VENDOR, output_origin(table->output, station));
	}
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
	static const enum column one[] = { VENDOR, NAME, AVERAGE, BYTE_RATE, RATE, FIRST };
	/* Of both directions; names are worth more than rates there. */
	static const enum column two[] = {
		VENDOR, AVERAGE, BYTE_RATE, RATE, NAME, FIRST, LAST, PACKETS,
	};
	const enum column *dispensable = table->directions > 1 ? two : one;
	size_t count = table->directions > 1 ? ARRAY_SIZE(two) : ARRAY_SIZE(one);
	int columns = table->output->columns;

	if (!columns)
		return;
	while (total_width(table) > columns) {
		enum column wide = table->width[NAME] > table->width[VENDOR] ? NAME : VENDOR;

		if (table->width[wide] <= NAME_MIN)
			break;
		table->width[wide]--;
	}
	for (size_t i = 0; i < count && total_width(table) > columns; i++) {
		enum column c = dispensable[i];

		table->width[c] = 0;
		if (c >= PACKETS && c < OTHER_PACKETS)
			table->width[c + NUMBERS] = 0;
	}
}

void table_init(struct table *table, const struct output *output, const struct view *view)
{
	bool has_tx = view_has_tx(view), swap = has_tx && output->swap;

	*table = (struct table){
		.output = output,
		.view = view,
		.span = view_span(view),
		.directions = has_tx ? DIRECTIONS : 1,
		.order = { swap ? TX : RX, swap ? RX : TX },
		.colored = *color_on(COLOR_TITLE),
		.width[STATION] = MAC_SIZE - 1,
	};
	measure_numbers(table);
	measure_names(table);
	shrink_columns(table);
	for (enum column c = STATION; c < COLUMNS; c++)
		if (table->width[c])
			table->shown[table->shown_count++] = c;
}

void table_print_stations(const struct table *table)
{
	const struct view *view = table->view;
	struct row row;

	row_init(&row);
	if (view->count) {
		row_set_titles(table, &row);
		row_print(table, &row, COLUMNS);
	}
	for (size_t i = 0; i < view->count; i++) {
		row_set_station(table, &row, &view->stations[i]);
		row_print(table, &row, COLUMNS);
	}
	row_flush(&row);
}

void table_print_sums(const struct table *table, enum color color, const char *title,
		      const struct counts counts[DIRECTIONS])
{
	struct row row;

	row_init(&row);
	row_set_sums(table, &row, color, title, counts);
	row_print(table, &row, FIRST);
	row_flush(&row);
}
