/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_RANDOM_H
#define NATIVE_RANDOM_H

#include <stddef.h>

void get_random_bytes(void *to, size_t size);

#endif
