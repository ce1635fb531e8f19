/* SPDX-License-Identifier: GPL-2.0 */
/* As in include/vdso/bits.h. */
#ifndef SHIM_LINUX_BITS_H
#define SHIM_LINUX_BITS_H

#define BIT_ULL(nr)	(1ULL << (nr))

#endif
