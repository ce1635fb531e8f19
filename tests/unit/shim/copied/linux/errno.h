/* SPDX-License-Identifier: GPL-2.0 */
/* Also found by glibc, which wants the system's own. */
#include_next <linux/errno.h>
