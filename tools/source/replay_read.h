/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reader of the JSON of l2pc -j.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_REPLAY_READ_H
#define L2PC_TOOL_REPLAY_READ_H

#include "source/model.h"

struct json_object;

/*
 * replay_read_array() - append the views and ports of one array
 *
 * Return: NULL, or why it was not written by l2pc
 */
const char *replay_read_array(struct json_object *array, struct views *views, struct ports *ports);

#endif /* L2PC_TOOL_REPLAY_READ_H */
