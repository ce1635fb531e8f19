/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Discovery: which stations are new, for listeners.
 * Copyright (C) the l2packet_counter authors
 *
 * The packet path only requests a scan (l2pc_writer.scan_pending). The scan runs
 * some time later in process context: a station is new when neither the history nor
 * an earlier scan of this window has it. Without a listener there is no scan, and
 * no memory is used.
 */
#ifndef L2PC_DISCOVER_H
#define L2PC_DISCOVER_H

#include <linux/types.h>

struct l2pc_counts;
struct l2pc_discovery;
struct l2pc_station;
struct l2pc_station_list;

void l2pc_discovery_init(struct l2pc_discovery *discovery,
			 const u64 hash_key[2], u64 since);
void l2pc_discovery_free(struct l2pc_discovery *discovery);
void l2pc_discovery_close(struct l2pc_counts *counts);
void l2pc_discovery_forget(struct l2pc_counts *counts,
			   const struct l2pc_station *station, bool reporting);
void l2pc_discovery_trim(struct l2pc_counts *counts);
void l2pc_discovery_start(struct l2pc_counts *counts);
u64 l2pc_discovery_scan(struct l2pc_counts *counts, bool listening);
void l2pc_discovery_fetch(struct l2pc_counts *counts,
			  struct l2pc_station_list *new, bool *untracked);

#endif /* L2PC_DISCOVER_H */
