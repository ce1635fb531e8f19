/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
#ifndef L2PC_USER_BUILD_BUG_H
#define L2PC_USER_BUILD_BUG_H

#define BUILD_BUG_ON(condition)		_Static_assert(!(condition), #condition)
#ifndef static_assert
#define static_assert			_Static_assert
#endif

#endif
