/* SPDX-License-Identifier: GPL-2.0 */
/* The part that the engine uses, instead of the uapi header of this name. */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/array_size.h>
#include <linux/limits.h>

#endif
