/* SPDX-License-Identifier: GPL-2.0 */
/*
 * List of stations that grows, for events.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_STATION_LIST_H
#define L2PC_STATION_LIST_H

#include <linux/types.h>

#include "archive.h"

/**
 * struct l2pc_station_list - a list of stations
 * @stations: freed by l2pc_station_list_free()
 * @count: number of stations
 * @capacity: number of stations that fit in the memory allocated
 * @lost: some stations are missing for want of memory, and cannot be added later
 */
struct l2pc_station_list {
	struct l2pc_station *stations;
	u32 count;
	u32 capacity;
	bool lost;
};

bool l2pc_station_list_add(struct l2pc_station_list *list,
			   const struct l2pc_station *station);
void l2pc_station_list_free(struct l2pc_station_list *list);

#endif /* L2PC_STATION_LIST_H */
