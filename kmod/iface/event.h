/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events by netlink and tracepoints.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_EVENT_H
#define L2PC_EVENT_H

#include "port/notify.h"

extern const struct l2pc_notify_ops l2pc_event_ops;

#endif /* L2PC_EVENT_H */
