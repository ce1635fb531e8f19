// SPDX-License-Identifier: GPL-2.0
/*
 * The code of the tracepoints in trace.h.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/module.h>

#ifndef __CHECKER__
#define CREATE_TRACE_POINTS
#include "trace.h"
#endif
