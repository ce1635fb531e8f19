/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_NETDEVICE_H
#define SHIM_NETDEVICE_H

/* Included by the kernel's header as well: many files rely on it. */
#include <linux/errno.h>
#include <shim.h>

#define synchronize_net()	shim_synchronize()

#endif
