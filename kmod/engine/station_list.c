// SPDX-License-Identifier: GPL-2.0
/*
 * List of stations that grows, for events.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "area.h"
#include "station_list.h"

#define LIST_CAPACITY_MIN	32U

/**
 * l2pc_station_list_add() - append a station
 * @list: the list; NULL: nothing is appended
 * @station: copied
 *
 * Context: process, may sleep.
 * Return: false when there is no memory.
 */
bool l2pc_station_list_add(struct l2pc_station_list *list,
			   const struct l2pc_station *station)
{
	struct l2pc_station *more;
	u32 capacity;

	if (!list)
		return true;
	if (list->count == list->capacity) {
		capacity = max(list->capacity * 2, LIST_CAPACITY_MIN);
		more = l2pc_area_array(capacity, sizeof(*more),
				       GFP_KERNEL | __GFP_NOWARN);
		if (!more)
			return false;
		if (list->count)
			memcpy(more, list->stations, list->count * sizeof(*more));
		l2pc_area_free(list->stations);
		list->stations = more;
		list->capacity = capacity;
	}
	list->stations[list->count++] = *station;
	return true;
}

/**
 * l2pc_station_list_free() - empty a list and free its memory
 * @list: may be used again immediately
 */
void l2pc_station_list_free(struct l2pc_station_list *list)
{
	l2pc_area_free(list->stations);
	memset(list, 0, sizeof(*list));
}
