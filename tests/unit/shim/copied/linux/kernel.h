/* SPDX-License-Identifier: GPL-2.0 */
/* What the engine uses of it, not the one that userspace is given. */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/array_size.h>
#include <linux/limits.h>

#endif
