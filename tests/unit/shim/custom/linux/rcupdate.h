/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_RCUPDATE_H
#define SHIM_RCUPDATE_H

#include <shim.h>

#define synchronize_rcu()	shim_synchronize()

#endif
