/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LOCKDEP_H
#define SHIM_LOCKDEP_H

#include <shim.h>

#define lockdep_assert_held(lock) \
	shim_assert(shim_mutex_held(&(lock)->shim), "lock not held: " #lock)

#endif
