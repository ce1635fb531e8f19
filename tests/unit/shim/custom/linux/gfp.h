/* SPDX-License-Identifier: GPL-2.0 */
/* Only the flags that decide whether an allocation may sleep, and whether it is zeroed. */
#ifndef SHIM_GFP_H
#define SHIM_GFP_H

#define __GFP_DIRECT_RECLAIM	0x01U
#define __GFP_HIGH		0x02U
#define __GFP_ZERO		0x04U
#define __GFP_NOWARN		0x08U
#define __GFP_NOMEMALLOC	0x10U
#define __GFP_ACCOUNT		0x20U
#define __GFP_NORETRY		0x40U
#define GFP_KERNEL		__GFP_DIRECT_RECLAIM
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_ATOMIC		__GFP_HIGH
#define GFP_NOWAIT		0U

#define PAGE_SIZE		4096UL
#define PAGE_ALLOC_COSTLY_ORDER	3

#endif
