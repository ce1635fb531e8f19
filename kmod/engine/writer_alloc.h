/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writers of a port: allocation.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_WRITER_ALLOC_H
#define L2PC_WRITER_ALLOC_H

#include "table.h"

int l2pc_writers_alloc(struct l2pc_writers *writers, u8 first_bits,
		       u32 max_stations, const struct l2pc_writers_ops *ops);
void l2pc_writers_free(struct l2pc_writers *writers);

#endif /* L2PC_WRITER_ALLOC_H */
