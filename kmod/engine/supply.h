/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Supply: tables made ahead, with places for the stations that are known.
 * Copyright (C) the l2packet_counter authors
 *
 * All in process context, under the window's mutex.
 */
#ifndef L2PC_SUPPLY_H
#define L2PC_SUPPLY_H

#include "window.h"

struct l2pc_table *l2pc_supply_table(const struct l2pc_window *window,
				     const struct l2pc_writer *writer,
				     u8 least_bits, int cpu);
struct l2pc_table *l2pc_supply_writer(struct l2pc_window *window,
				      struct l2pc_writer *writer, int cpu);

#endif /* L2PC_SUPPLY_H */
