/* SPDX-License-Identifier: GPL-2.0 */
/* Memory is zeroed whether that was asked for or not: none of it is timed. */
#ifndef NATIVE_SLAB_H
#define NATIVE_SLAB_H

#include <linux/gfp.h>
#include <linux/percpu.h>

#define kmalloc(size, gfp)	((void)(gfp), native_zeroed(size))

#endif
