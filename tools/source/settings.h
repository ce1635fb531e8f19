/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings of a port: the one table behind add, set, port, help and completion.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SETTINGS_H
#define L2PC_TOOL_SETTINGS_H

#include "source/model.h"

#define SETTINGS	5

/**
 * struct setting - a setting of a port
 * @name: as it is typed and shown
 * @value: what help calls its value; NULL where @names lists the values
 * @names: names of its values, NULL for a number
 * @attr: L2PC_A_PORT_x
 * @size: bytes of the netlink attribute
 * @min: lowest number
 * @max: highest number
 */
struct setting {
	const char *name;
	const char *value;
	const struct enum_names *names;
	uint16_t attr;
	uint8_t size;
	uint32_t min;
	uint32_t max;
};

extern const struct setting settings[SETTINGS];

#endif /* L2PC_TOOL_SETTINGS_H */
