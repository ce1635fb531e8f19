/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Colours, where they are wanted: -c, a terminal, and no NO_COLOR.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_COLOR_H
#define L2PC_TOOL_COLOR_H

#include "util/options.h"

/** enum color - what a colour is for */
enum color {
	COLOR_NONE,
	COLOR_TITLE,
	COLOR_PORT,
	COLOR_MAC,
	COLOR_NAME,
	COLOR_FAINT,
	COLOR_ALARM,
};

/** color_init() - decide about colours @options: -c */
void color_init(const struct options *options);

/** color_on() - what begins a colour, or "" @color: which */
const char *color_on(enum color color);

/** color_off() - what ends it, or "" @color: which */
const char *color_off(enum color color);

#endif /* L2PC_TOOL_COLOR_H */
