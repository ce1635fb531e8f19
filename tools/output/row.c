// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of a table of stations: texts of their cells, and lines of text.
 * Copyright (C) the l2packet_counter authors
 *
 * A table has a row for each of 100,000 stations: no printf(), and no text is measured
 * twice.
 */
#define _GNU_SOURCE	/* stpcpy */
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "output/row.h"

/* Columns that are aligned to the left. */
#define LEFT	(BIT(STATION) | BIT(NAME) | BIT(VENDOR))

static const char *const titles[COLUMNS] = {
	"STATION", "VLAN", "NAME", "VENDOR", "PACKETS", "BYTES", "PKT/S", "BYTES/S", "AVG",
	"PACKETS", "BYTES", "PKT/S", "BYTES/S", "AVG", "FIRST", "LAST",
};

/* Set a cell to ASCII characters in one of the row's buffers. */
static void set_text(struct row *row, enum column column, enum color color, const char *text,
		     size_t size)
{
	row->cell[column] = (struct cell){ text, size, (int)size, color };
}

static void set_character(struct row *row, enum column column, enum color color, char character)
{
	row->number[column][0] = character;
	set_text(row, column, color, row->number[column], 1);
}

/* Set a cell to a text in its buffer that text_size() can measure, or to - for NULL. */
static void set_number(struct row *row, enum column column, const char *text)
{
	if (text)
		set_text(row, column, COLOR_NONE, text, text_size(text, row->number[column]));
	else
		set_character(row, column, COLOR_NONE, '-');
}

static void set_count(const struct table *table, struct row *row, enum column column,
		      uint64_t count, bool has)
{
	char *buffer = row->number[column];

	if (table->width[column])
		set_number(row, column, has ? output_number(table->output, count, true, buffer) : NULL);
}

static void set_rate(const struct table *table, struct row *row, enum column column,
		     uint64_t count, bool has)
{
	char *buffer = row->number[column];

	if (table->width[column])
		set_number(row, column, text_rate((double)count, has ? table->span : 0,
						  table->output->human, buffer));
}

static void set_counts(const struct table *table, struct row *row,
		       const struct counts counts[DIRECTIONS])
{
	for (int i = 0; i < table->directions; i++) {
		const struct counts *c = &counts[table->order[i]];
		enum column first = NUMBERS * i, average = first + AVERAGE;

		set_count(table, row, first + PACKETS, c->packets, c->has_packets);
		set_count(table, row, first + BYTES, c->bytes, c->has_bytes);
		set_rate(table, row, first + RATE, c->packets, c->has_packets);
		set_rate(table, row, first + BYTE_RATE, c->bytes, c->has_bytes);
		if (table->width[average])
			set_number(row, average, c->packets ? text_number(c->bytes / c->packets,
									  row->number[average]) : NULL);
	}
}

static void set_name(const struct table *table, struct row *row, enum column column,
		     enum color color, const char *name)
{
	char *buffer = column == NAME ? row->name : row->vendor;
	struct cell *cell = &row->cell[column];

	cell->color = name ? color : COLOR_FAINT;
	cell->text = buffer;
	cell->size = text_cell(name ? name : "-", table->width[column], buffer, NAME_ROOM,
			       &cell->columns);
}

static void set_age(const struct table *table, struct row *row, enum column column, uint64_t then,
		    bool has)
{
	uint64_t now = table->view->now;

	/* A frame may come while the answer is under way. */
	if (table->width[column])
		set_number(row, column, has ? text_span(now > then ? now - then : 0,
							row->number[column]) : NULL);
}

size_t row_title(const struct table *table, enum column column, char buffer[TEXT_SIZE])
{
	bool is_number = column >= PACKETS && column < FIRST;
	char *end = buffer;

	/* "RX PACKETS"; without a direction where there is only one. */
	if (is_number && table->directions > 1) {
		enum direction direction = table->order[(column - PACKETS) / NUMBERS];

		end = stpcpy(stpcpy(end, direction_label(direction, table->output->swap)), " ");
	}
	return (size_t)(stpcpy(end, titles[column]) - buffer);
}

void row_set_titles(const struct table *table, struct row *row)
{
	for (int i = 0; i < table->shown_count; i++) {
		enum column c = table->shown[i];

		set_text(row, c, COLOR_TITLE, row->number[c], row_title(table, c, row->number[c]));
	}
}

void row_set_station(const struct table *table, struct row *row, const struct station *s)
{
	const struct output *output = table->output;
	/* Counts of sent frames that are 0 are not sent. */
	const struct counts counts[DIRECTIONS] = {
		[RX] = { s->packets, s->bytes, s->has & BIT(L2PC_A_STATION_PACKETS),
			 s->has & BIT(L2PC_A_STATION_BYTES) },
		[TX] = { s->tx_packets, s->tx_bytes, true, true },
	};

	if (s->has & BIT(L2PC_A_STATION_MAC))
		set_text(row, STATION, COLOR_MAC, text_mac(s->mac, row->number[STATION]),
			 MAC_SIZE - 1);
	else
		set_character(row, STATION, COLOR_MAC, '?');
	if (table->width[VLAN])
		set_number(row, VLAN, s->has & BIT(L2PC_A_STATION_VLAN) ?
				      text_number(s->vlan, row->number[VLAN]) : NULL);
	if (table->width[NAME])
		set_name(table, row, NAME, COLOR_NAME, output_name(output, s));
	if (table->width[VENDOR])
		set_name(table, row, VENDOR, names_local(s->mac) ? COLOR_FAINT : COLOR_NONE,
			 output_origin(output, s));
	set_counts(table, row, counts);
	set_age(table, row, FIRST, s->first_seen, s->has & BIT(L2PC_A_STATION_FIRST_SEEN));
	set_age(table, row, LAST, s->last_seen, s->has & BIT(L2PC_A_STATION_LAST_SEEN));
}

void row_set_sums(const struct table *table, struct row *row, enum color color, const char *title,
		  const struct counts counts[DIRECTIONS])
{
	char *text = row->number[STATION];

	snprintf(text, sizeof(row->number[STATION]), "%s", title);
	set_text(row, STATION, color, text, strlen(text));
	for (enum column c = VLAN; c < PACKETS; c++)
		set_text(row, c, COLOR_NONE, row->number[c], 0);
	set_counts(table, row, counts);
}

/* Most texts are short, and a copy of a fixed size takes four instructions. */
static inline char *add_text(char *end, const struct cell *cell)
{
	memcpy(end, cell->text, TEXT_SIZE);
	if (cell->size > TEXT_SIZE)
		memcpy(end, cell->text, cell->size);
	return end + cell->size;
}

static inline char *add_spaces(char *end, int count)
{
	memset(end, ' ', TEXT_SIZE);
	if (count > TEXT_SIZE)
		memset(end, ' ', (size_t)count);
	return end + count;
}

static char *add_colored(char *end, const struct cell *cell)
{
	end = stpcpy(end, color_on(cell->color));
	end = add_text(end, cell);
	return stpcpy(end, color_off(cell->color));
}

void row_print(const struct table *table, struct row *row, enum column before)
{
	char *end = row->line + row->used;

	for (int i = 0; i < table->shown_count && table->shown[i] < before; i++) {
		enum column c = table->shown[i];
		const struct cell *cell = &row->cell[c];
		int gap = i ? 2 : 0, pad = table->width[c] - cell->columns;
		bool left = BIT(c) & LEFT;

		pad = pad < 0 ? 0 : pad;
		end = add_spaces(end, left ? gap : gap + pad);
		if (table->colored && cell->color != COLOR_NONE)
			end = add_colored(end, cell);
		else
			end = add_text(end, cell);
		if (left)
			end = add_spaces(end, pad);
	}
	*end++ = '\n';
	row->used = (size_t)(end - row->line);
	if (row->used > sizeof(row->line) - LINE_ROOM)
		row_flush(row);
}

void row_flush(struct row *row)
{
	fwrite(row->line, 1, row->used, stdout);
	row->used = 0;
}
