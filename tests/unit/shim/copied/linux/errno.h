/* SPDX-License-Identifier: GPL-2.0 */
/* glibc includes this file as well, and needs the system's own. */
#include_next <linux/errno.h>
