// SPDX-License-Identifier: GPL-2.0
/*
 * The columns of a table of stations: their widths, and rows.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "output/table.h"

/* So many rows decide how wide names are; later ones are cut. */
#define ROWS_MEASURED	200
#define NAME_MIN	6
#define NAME_MAX_COLUMNS 24
#define NAME_ROOM	(4 * NAME_MAX_COLUMNS + 8)

static const char *const titles[COLUMNS] = {
	"STATION", "VLAN", "NAME", "VENDOR", "PACKETS", "BYTES", "PKT/S", "BYTES/S", "AVG",
	"PACKETS", "BYTES", "PKT/S", "BYTES/S", "AVG", "FIRST", "LAST",
};

struct row {
	const char *text[COLUMNS];
	enum color color[COLUMNS];
	char buffer[COLUMNS][NAME_ROOM];	/* texts of NAME and VENDOR are always there */
};

static void print_spaces(int count)
{
	static const char spaces[] = "                                ";
	const int length = sizeof(spaces) - 1;

	for (; count > length; count -= length)
		fwrite(spaces, 1, length, stdout);
	if (count > 0)
		fwrite(spaces, 1, count, stdout);
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

static void set_numbers(const struct table *table, struct row *row,
			const struct counts counts[DIRECTIONS])
{
	const struct output *output = table->output;

	for (int i = 0; i < table->directions; i++) {
		const struct counts *c = &counts[table->order[i]];
		const char **text = row->text + NUMBERS * i;
		char (*buffer)[NAME_ROOM] = row->buffer + NUMBERS * i;

		text[PACKETS] = output_number(output, c->packets, c->has_packets, buffer[PACKETS]);
		text[BYTES] = output_number(output, c->bytes, c->has_bytes, buffer[BYTES]);
		text[RATE] = text_rate((double)c->packets, c->has_packets ? table->span : 0,
				       output->human, buffer[RATE]);
		text[BYTE_RATE] = text_rate((double)c->bytes, c->has_bytes ? table->span : 0,
					    output->human, buffer[BYTE_RATE]);
		text[AVERAGE] = c->packets ? text_number(c->bytes / c->packets, buffer[AVERAGE]) : "-";
	}
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
	/* Counts of sent frames that are 0 are not sent. */
	const struct counts counts[DIRECTIONS] = {
		[RX] = { s->packets, s->bytes, s->has & BIT(L2PC_A_STATION_PACKETS),
			 s->has & BIT(L2PC_A_STATION_BYTES) },
		[TX] = { s->tx_packets, s->tx_bytes, true, true },
	};

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
	set_numbers(table, row, counts);
	row->text[FIRST] = format_age(now, s->first_seen,
				      s->has & BIT(L2PC_A_STATION_FIRST_SEEN), row->buffer[FIRST]);
	row->text[LAST] = format_age(now, s->last_seen, s->has & BIT(L2PC_A_STATION_LAST_SEEN),
				     row->buffer[LAST]);
}

void table_print_sums(const struct table *table, enum color color, const char *title,
		      const struct counts counts[DIRECTIONS])
{
	struct row row = { .text = { [STATION] = title, [VLAN] = "" }, .color[STATION] = color };

	row.text[NAME] = row.buffer[NAME];
	row.text[VENDOR] = row.buffer[VENDOR];
	set_numbers(table, &row, counts);
	print_row(table, &row, FIRST);
}

/* "RX PACKETS"; without a direction where there is only one. */
static const char *title_text(const struct table *table, enum column c, char buffer[NAME_ROOM])
{
	bool is_number = c >= PACKETS && c < FIRST, has_direction = is_number && table->directions > 1;

	snprintf(buffer, NAME_ROOM, "%s%s%s",
		 has_direction ? direction_label(table->order[(c - PACKETS) / NUMBERS],
						 table->output->swap) : "",
		 has_direction ? " " : "", titles[c]);
	return buffer;
}

void table_print_titles(const struct table *table)
{
	struct row row;

	for (enum column c = STATION; c < COLUMNS; c++) {
		row.color[c] = COLOR_TITLE;
		row.text[c] = title_text(table, c, row.buffer[c]);
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
		.tx_packets = view->totals.value[L2PC_A_TOTALS_TX_PACKETS],
		.tx_bytes = view->totals.value[L2PC_A_TOTALS_TX_BYTES],
		.first_seen = view->now,
		.last_seen = view->now,
	};
	char title[NAME_ROOM];
	struct row row = { 0 };

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
		if (s->has & BIT(L2PC_A_STATION_VLAN))
			table->width[VLAN] = (int)strlen(titles[VLAN]);
	}
	set_station(table, &row, &most);
	for (enum column c = PACKETS; c < COLUMNS; c++) {
		enum column kind = PACKETS + (c - PACKETS) % NUMBERS;
		int width = (int)strlen(title_text(table, c, title));

		if (c < FIRST && (int)(c - PACKETS) >= NUMBERS * table->directions)
			continue;
		widen_column(table, c, width);
		/* With units the widest number is not the largest. */
		if (table->output->human && (kind == PACKETS || kind == BYTES) && c < FIRST)
			table->width[c] = width < 7 ? 7 : width;
		else if (kind != AVERAGE || c >= FIRST)
			widen_column(table, c, (int)strlen(row.text[c]));
	}
	widen_column(table, FIRST, (int)strlen("16m40s"));
	widen_column(table, LAST, (int)strlen("16m40s"));
	if (table->output->statistics)
		return;
	table->width[BYTE_RATE] = table->width[AVERAGE] = table->width[FIRST] = 0;
	table->width[OTHER_BYTE_RATE] = table->width[OTHER_AVERAGE] = 0;
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
		.width[STATION] = MAC_SIZE - 1,
	};
	measure_numbers(table);
	measure_names(table);
	shrink_columns(table);
}

void table_print_stations(const struct table *table)
{
	struct row row = { 0 };

	for (size_t i = 0; i < table->view->count; i++) {
		set_station(table, &row, &table->view->stations[i]);
		print_row(table, &row, COLUMNS);
	}
}
