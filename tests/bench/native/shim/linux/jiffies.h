/* SPDX-License-Identifier: GPL-2.0 */
/* The clock stands still, and is read as the kernel's is: from memory. */
#ifndef NATIVE_JIFFIES_H
#define NATIVE_JIFFIES_H

extern volatile unsigned long jiffies;

#endif
