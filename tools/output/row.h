/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rows of a table of stations: texts of their cells, and lines of text.
 * Copyright (C) the l2packet_counter authors
 *
 * table.c chooses the columns. Only cells of columns that have a width are set.
 */
#ifndef L2PC_TOOL_ROW_H
#define L2PC_TOOL_ROW_H

#include "output/output.h"

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
	OTHER_PACKETS,
	OTHER_BYTES,
	OTHER_RATE,
	OTHER_BYTE_RATE,
	OTHER_AVERAGE,
	FIRST,
	LAST,
	COLUMNS
};

/* Columns of a direction. */
#define NUMBERS	(OTHER_PACKETS - PACKETS)

/* What all rows of a table have in common. */
struct table {
	const struct output *output;
	const struct view *view;
	uint64_t span;		/* of the view, for rates */
	int directions;		/* that have columns */
	enum direction order[DIRECTIONS];	/* of their columns */
	bool colored;
	int width[COLUMNS];		/* 0 where a column is left out */
	enum column shown[COLUMNS];	/* the others, in this order */
	int shown_count;
};

/* Frames of one direction. */
struct counts {
	uint64_t packets, bytes;
	bool has_packets, has_bytes;
};

#define NAME_MAX_COLUMNS 24
#define NAME_ROOM	(4 * NAME_MAX_COLUMNS + 8)

/* Of a line: cells with colors, and the spaces between them. */
#define LINE_ROOM	(COLUMNS * (NAME_ROOM + 80))

struct cell {
	const char *text;	/* in a buffer that has TEXT_SIZE bytes from there on */
	size_t size;		/* of the text */
	int columns;		/* that it takes */
	enum color color;
};

/* The cells of a row, and the lines before it. */
struct row {
	struct cell cell[COLUMNS];
	char number[COLUMNS][2 * TEXT_SIZE];	/* texts of cells but names */
	char name[NAME_ROOM], vendor[NAME_ROOM];
	size_t used;		/* bytes of @line */
	char line[4 * LINE_ROOM];
};

/** row_init() - start with empty cells */
static inline void row_init(struct row *row)
{
	memset(row->cell, 0, sizeof(row->cell));
	row->used = 0;
}

/** row_title() - write the title of a column. Return: its bytes */
size_t row_title(const struct table *table, enum column column, char buffer[TEXT_SIZE]);

/** row_set_titles() - set the cells of the titles */
void row_set_titles(const struct table *table, struct row *row);

/** row_set_station() - set the cells of a station */
void row_set_station(const struct table *table, struct row *row, const struct station *station);

/** row_set_sums() - set the cells of sums, behind @title; see table_print_sums() */
void row_set_sums(const struct table *table, struct row *row, enum color color, const char *title,
		  const struct counts counts[DIRECTIONS]);

/** row_print() - add a line with the cells before the column @before; row_flush() writes it */
void row_print(const struct table *table, struct row *row, enum column before);

/** row_flush() - write the lines to stdout */
void row_flush(struct row *row);

#endif /* L2PC_TOOL_ROW_H */
