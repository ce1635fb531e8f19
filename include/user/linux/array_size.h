/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_USER_ARRAY_SIZE_H
#define L2PC_USER_ARRAY_SIZE_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
