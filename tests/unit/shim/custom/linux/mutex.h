/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_MUTEX_H
#define SHIM_MUTEX_H

#include <shim.h>

struct mutex {
	struct shim_mutex shim;
};

#define mutex_init(lock)	shim_mutex_init(&(lock)->shim)
#define mutex_destroy(lock)	shim_mutex_destroy(&(lock)->shim)
#define mutex_lock(lock)	shim_mutex_lock(&(lock)->shim)
#define mutex_unlock(lock)	shim_mutex_unlock(&(lock)->shim)

#endif
