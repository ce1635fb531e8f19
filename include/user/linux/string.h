/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_USER_STRING_H
#define L2PC_USER_STRING_H

#include <string.h>

#endif
