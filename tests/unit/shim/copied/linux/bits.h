/* SPDX-License-Identifier: GPL-2.0 */
/* As include/vdso/bits.h has it. */
#ifndef SHIM_LINUX_BITS_H
#define SHIM_LINUX_BITS_H

#define BIT_ULL(nr)	(1ULL << (nr))

#endif
