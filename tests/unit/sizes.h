/* SPDX-License-Identifier: GPL-2.0 */
/* Private constants of table.c, defined a second time. */
#ifndef SIZES_H
#define SIZES_H

#include "table.h"

/* Number of claims at which a table of @cells cells grows, and its maximum. */
#define LIMIT(cells)	(((cells) - L2PC_HEADER_CELLS) * 49 / 64)
#define HARD(cells)	(((cells) - L2PC_HEADER_CELLS) * 7 / 8)

#endif
