/* SPDX-License-Identifier: GPL-2.0 */
/* All memory is zeroed, also where the caller does not need it: no allocation is timed. */
#ifndef NATIVE_SLAB_H
#define NATIVE_SLAB_H

#include <linux/gfp.h>
#include <linux/percpu.h>

#define kmalloc(size, gfp)	((void)(gfp), native_zeroed(size))

#endif
