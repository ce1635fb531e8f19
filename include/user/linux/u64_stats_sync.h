/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* 64 bit only: empty, because a counter is one word. */
#ifndef L2PC_USER_U64_STATS_SYNC_H
#define L2PC_USER_U64_STATS_SYNC_H

struct u64_stats_sync { };

#define u64_stats_init(sync)			((void)(sync))
#define u64_stats_update_begin(sync)		((void)(sync))
#define u64_stats_update_end(sync)		((void)(sync))
#define u64_stats_fetch_begin(sync)		((void)(sync), 0U)
#define u64_stats_fetch_retry(sync, start)	((void)(sync), (start) != 0)

#endif
