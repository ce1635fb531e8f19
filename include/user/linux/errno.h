/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* glibc includes this file as well, and needs the system's own. */
#include_next <linux/errno.h>
