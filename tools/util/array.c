// SPDX-License-Identifier: GPL-2.0
/*
 * Arrays that grow.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdint.h>
#include <stdlib.h>

#include "util/array.h"
#include "util/errors.h"

void *array_grow(void *array, size_t *room, size_t count, size_t size)
{
	size_t more = *room ? 2 * *room : 16;

	if (count < *room)
		return array;
	array = more <= SIZE_MAX / size ? realloc(array, more * size) : NULL;
	if (!array)
		out_of_memory();
	*room = more;
	return array;
}
