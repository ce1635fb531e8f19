/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Preallocation of tables, with placeholder cells for known stations.
 * Copyright (C) the l2packet_counter authors
 *
 * Context of all functions: process, l2pc_counts.lock held.
 */
#ifndef L2PC_PREALLOC_H
#define L2PC_PREALLOC_H

#include "counts.h"

struct l2pc_table *l2pc_prealloc_table(const struct l2pc_counts *counts,
				       const struct l2pc_writer *writer,
				       u8 min_bits, int cpu);
struct l2pc_table *l2pc_prealloc_spare(struct l2pc_counts *counts,
				       struct l2pc_writer *writer, int cpu);

#endif /* L2PC_PREALLOC_H */
