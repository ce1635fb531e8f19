/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The columns of a table of stations, for format_table.c.
 * Copyright (C) the l2packet_counter authors
 *
 * Where sent frames are counted, the columns with numbers are there twice, one direction
 * after the other. Elsewhere the second ones are left out.
 *
 * On a terminal the table fits its columns: names and vendors are cut, and left
 * out when that is not enough. Elsewhere nobody counts columns.
 */
#ifndef L2PC_TOOL_TABLE_H
#define L2PC_TOOL_TABLE_H

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

struct table {
	const struct output *output;
	const struct view *view;
	uint64_t span;		/* of the view, for rates */
	int directions;		/* that have columns */
	enum direction order[DIRECTIONS];	/* of their columns */
	int width[COLUMNS];	/* 0 where a column is left out */
};

/* Frames of one direction. */
struct counts {
	uint64_t packets, bytes;
	bool has_packets, has_bytes;
};

/** table_init() - choose columns and their widths for a view */
void table_init(struct table *table, const struct output *output, const struct view *view);

/** table_print_titles() - print the titles of the columns */
void table_print_titles(const struct table *table);

/** table_print_stations() - print the rows of the view's stations */
void table_print_stations(const struct table *table);

/**
 * table_print_sums() - print a row of sums
 * @title: may reach over the columns between it and the numbers
 * @counts: by direction
 */
void table_print_sums(const struct table *table, enum color color, const char *title,
		      const struct counts counts[DIRECTIONS]);

#endif /* L2PC_TOOL_TABLE_H */
