/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports whose hooks could not be registered, and are tried again.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_RETRY_H
#define L2PC_RETRY_H

#include "list.h"

void l2pc_retry_init_net(struct l2pc_net *of);
void l2pc_retry_exit_net(struct l2pc_net *of);

#endif /* L2PC_RETRY_H */
