/* SPDX-License-Identifier: GPL-2.0 */
/* The numbers of table.c that it keeps to itself, written down a second time. */
#ifndef SIZES_H
#define SIZES_H

#include "table.h"

/* Where a table of so many cells is full, and where it takes no more at all. */
#define LIMIT(cells)	(((cells) - L2PC_HEADER_CELLS) * 49 / 64)
#define HARD(cells)	(((cells) - L2PC_HEADER_CELLS) * 7 / 8)

#endif
