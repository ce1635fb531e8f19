/* SPDX-License-Identifier: GPL-2.0 */
/* The clock stands still. Like the kernel's, it is read from memory. */
#ifndef NATIVE_JIFFIES_H
#define NATIVE_JIFFIES_H

extern volatile unsigned long jiffies;

#endif
