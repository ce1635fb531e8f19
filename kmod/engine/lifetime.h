/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lifetime: all closed windows, and who is known from them.
 * Copyright (C) the l2packet_counter authors
 *
 * All in process context, under the window's mutex.
 */
#ifndef L2PC_LIFETIME_H
#define L2PC_LIFETIME_H

#include "window.h"

struct l2pc_stamp l2pc_first_seen_at_rank(const struct l2pc_archive *archive,
					  u32 rank);
void l2pc_lifetime_learn(struct l2pc_window *window);
bool l2pc_lifetime_merge(struct l2pc_window *window);
bool l2pc_lifetime_expire(struct l2pc_window *window, u64 before,
			  struct l2pc_news *gone);

#endif /* L2PC_LIFETIME_H */
