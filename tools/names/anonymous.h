/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Other addresses in the place of the real ones, for what is shown to strangers.
 * Copyright (C) the l2packet_counter authors
 *
 * The key is random, and another one each time; with L2PC_ANONYMIZE_KEY in the
 * environment the same key gives the same addresses. Without the key the real
 * address cannot be found by trying all of them.
 */
#ifndef L2PC_TOOL_ANONYMOUS_H
#define L2PC_TOOL_ANONYMOUS_H

#include <stdint.h>

/** anonymous_mac() - replace an address by another, local, unicast one @mac: in place */
void anonymous_mac(uint8_t mac[6]);

#endif /* L2PC_TOOL_ANONYMOUS_H */
