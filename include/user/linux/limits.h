/* SPDX-License-Identifier: GPL-2.0 */
/* Copyright (C) the l2packet_counter authors */
/* glibc includes this file as well, and needs the system's own. */
#include_next <linux/limits.h>
#ifndef U64_MAX
#define U32_MAX		(~0U)
#define U64_MAX		(~0ULL)
#define S64_MAX		((long long)(U64_MAX >> 1))
#endif
