/* SPDX-License-Identifier: GPL-2.0 */
/* The random numbers are repeatable: see shim_seed(). */
#ifndef SHIM_RANDOM_H
#define SHIM_RANDOM_H

#include <shim.h>

#define get_random_bytes(to, size)	shim_random_bytes(to, size)
#define get_random_u64() \
	({ u64 random_; shim_random_bytes(&random_, 8); random_; })
#define get_random_u32() \
	({ u32 random_; shim_random_bytes(&random_, 4); random_; })

#endif
