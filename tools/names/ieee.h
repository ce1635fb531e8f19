/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IEEE's lists of who was assigned which addresses, as the package ieee-data
 * installs them.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_IEEE_H
#define L2PC_TOOL_IEEE_H

#include <stdint.h>

/** ieee_load() - read the lists that there are */
void ieee_load(void);

/** ieee_find() - whose address it is, NULL when that is not known @mac: it */
const char *ieee_find(const uint8_t mac[6]);

#endif /* L2PC_TOOL_IEEE_H */
