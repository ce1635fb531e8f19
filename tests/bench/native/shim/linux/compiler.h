/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_COMPILER_H
#define NATIVE_COMPILER_H

#include <linux/compiler_types.h>
#include <linux/types.h>

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define data_race(expr)		(expr)

#endif
