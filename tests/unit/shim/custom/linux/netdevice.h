/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_NETDEVICE_H
#define SHIM_NETDEVICE_H

/* As does the kernel's, for many who do not name it. */
#include <linux/errno.h>
#include <shim.h>

#define synchronize_net()	shim_synchronize()

#endif
