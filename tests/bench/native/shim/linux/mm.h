/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_MM_H
#define NATIVE_MM_H

#include <linux/minmax.h>
#include <linux/slab.h>

#define kvmalloc_node(size, gfp, node)	((void)(gfp), (void)(node), native_zeroed(size))
#define kvfree(pointer)			free(pointer)
#define kvfree_atomic(pointer)		free(pointer)

#endif
