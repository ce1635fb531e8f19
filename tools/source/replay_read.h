/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON of l2pc -j, taken apart.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_REPLAY_READ_H
#define L2PC_TOOL_REPLAY_READ_H

#include "source/model.h"

struct json_object;

/**
 * replay_read_array() - take in what one command wrote
 * @array: its array
 * @views: views are added
 * @ports: ports are added
 * @why: what is wrong with it is put there
 *
 * Return: false when it was not written by l2pc
 */
bool replay_read_array(struct json_object *array, struct views *views, struct ports *ports,
		       const char **why);

#endif /* L2PC_TOOL_REPLAY_READ_H */
