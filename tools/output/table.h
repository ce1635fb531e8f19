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

#include "output/row.h"

/** table_init() - choose columns and their widths for a view */
void table_init(struct table *table, const struct output *output, const struct view *view);

/** table_print_stations() - print the titles of the columns, and the rows of the stations, if any */
void table_print_stations(const struct table *table);

/**
 * table_print_sums() - print a row of sums
 * @title: may reach over the columns between it and the numbers
 * @counts: by direction
 */
void table_print_sums(const struct table *table, enum color color, const char *title,
		      const struct counts counts[DIRECTIONS]);

#endif /* L2PC_TOOL_TABLE_H */
