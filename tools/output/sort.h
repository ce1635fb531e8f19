/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The order of stations.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SORT_H
#define L2PC_TOOL_SORT_H

#include "source/model.h"

/**
 * enum sort - what stations are sorted by; names in sort_names
 *
 * SORT_PACKETS and SORT_BYTES are the sums of both directions.
 */
enum sort {
	SORT_PACKETS,
	SORT_BYTES,
	SORT_LAST,
	SORT_FIRST,
	SORT_MAC,
	SORT_NAME,
	SORT_RX_PACKETS,
	SORT_RX_BYTES,
	SORT_TX_PACKETS,
	SORT_TX_BYTES,
};

extern const struct enum_names sort_names;

/**
 * sort_view() - sort the stations of a view; equal ones by address and VLAN
 * @sort: the busiest, newest or first one comes first
 * @reverse: or it comes last
 * @wanted: so many in front are sorted, the others are behind them
 */
void sort_view(struct view *view, enum sort sort, bool reverse, size_t wanted);

#endif /* L2PC_TOOL_SORT_H */
