/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* A grace period of the packet path. */
#ifndef L2PC_RUN_NETDEVICE_H
#define L2PC_RUN_NETDEVICE_H

#include <linux/errno.h>

#include "run/program.h"

#define synchronize_net()	run_grace_period()

#endif
