/* SPDX-License-Identifier: GPL-2.0 */
/* Every allocation is counted, fails on request, and is checked for its context. */
#ifndef SHIM_SLAB_H
#define SHIM_SLAB_H

#include <linux/gfp.h>
#include <shim.h>

#define kmalloc(size, gfp)	shim_alloc(size, gfp, SHIM_KMALLOC)
#define kzalloc(size, gfp)	kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp) shim_alloc_array(n, size, gfp, SHIM_KMALLOC)
#define kcalloc(n, size, gfp)	kmalloc_array(n, size, (gfp) | __GFP_ZERO)
#define kfree(pointer)		shim_free(pointer, SHIM_KMALLOC)

#endif
