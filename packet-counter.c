// SPDX-License-Identifier: GPL-2.0
/*
 * l2packet_counter: counts the Ethernet frames an interface receives, by source
 * MAC address. Constants, parameters, and the order of loading and unloading.
 * Copyright (C) the l2packet_counter authors
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "kmod/port.h"
#include "kmod/proc.h"

/* Cells of a CPU's first table: 2^8 = 256, 8 KiB. It grows by itself. */
#define HASH_TABLE_BITS		8

/* Seconds after which a window is closed and counting starts at 0 again. */
#define RESET_INTERVAL_SEC	20

#define MAX_STATIONS		65536

const unsigned int l2pc_table_bits = HASH_TABLE_BITS;
unsigned int l2pc_reset_interval = RESET_INTERVAL_SEC;
unsigned int l2pc_max_stations = MAX_STATIONS;
enum l2pc_hook_wanted l2pc_hook_wanted = L2PC_WANT_AUTO;
bool l2pc_vlan;

static_assert(HASH_TABLE_BITS >= L2PC_MIN_BITS && HASH_TABLE_BITS <= L2PC_ATOMIC_BITS,
	      "a CPU makes its first table by itself: HASH_TABLE_BITS is 4 to 14");
static_assert(RESET_INTERVAL_SEC >= 0 && RESET_INTERVAL_SEC <= L2PC_RESET_INTERVAL_MAX,
	      "RESET_INTERVAL_SEC is 0 (never) to a year");

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "interface to monitor, or several separated by commas (default eth0)");

/* Parse a number within bounds; a bad one leaves *@to as it was. */
static int param_set_bounded(const char *text, const struct kernel_param *param,
			     unsigned int least, unsigned int most)
{
	unsigned int *to = param->arg;
	unsigned int value;

	if (kstrtouint(text, 0, &value) || value < least || value > most) {
		pr_err("parameter %s: \"%.*s\" is not a number from %u to %u\n",
		       param->name, (int)strcspn(text, "\n"), text, least, most);
		return -EINVAL;
	}
	WRITE_ONCE(*to, value);
	return 0;
}

static int reset_interval_set(const char *text, const struct kernel_param *param)
{
	int err = param_set_bounded(text, param, 0, L2PC_RESET_INTERVAL_MAX);

	if (!err)
		l2pc_ports_set_reset_interval();
	return err;
}

static int max_stations_set(const char *text, const struct kernel_param *param)
{
	int err = param_set_bounded(text, param, L2PC_MAX_STATIONS_MIN,
				    L2PC_MAX_STATIONS_MAX);

	if (!err)
		l2pc_ports_set_max_stations();
	return err;
}

static const struct kernel_param_ops reset_interval_ops = {
	.set = reset_interval_set,
	.get = param_get_uint,
};

static const struct kernel_param_ops max_stations_ops = {
	.set = max_stations_set,
	.get = param_get_uint,
};

module_param_cb(reset_interval, &reset_interval_ops, &l2pc_reset_interval, 0644);
MODULE_PARM_DESC(reset_interval, "seconds between automatic resets, 0 = never (default "
		 __stringify(RESET_INTERVAL_SEC) ")");
module_param_cb(max_stations, &max_stations_ops, &l2pc_max_stations, 0644);
MODULE_PARM_DESC(max_stations, "stations a port keeps apart at most (default "
		 __stringify(MAX_STATIONS) ")");

static const char * const hooks[] = {
	[L2PC_WANT_AUTO] = "auto",
	[L2PC_WANT_RX_HANDLER] = "rx_handler",
	[L2PC_WANT_INGRESS] = "ingress",
};

static int hook_set(const char *text, const struct kernel_param *param)
{
	int which = sysfs_match_string(hooks, text);

	if (which < 0) {
		pr_err("parameter hook: \"%.*s\" is none of auto, rx_handler, ingress\n",
		       (int)strcspn(text, "\n"), text);
		return which;
	}
	l2pc_hook_wanted = which;
	return 0;
}

static int hook_get(char *text, const struct kernel_param *param)
{
	return sysfs_emit(text, "%s\n", hooks[l2pc_hook_wanted]);
}

static const struct kernel_param_ops hook_ops = {
	.set = hook_set,
	.get = hook_get,
};

module_param_cb(hook, &hook_ops, NULL, 0444);
MODULE_PARM_DESC(hook, "way into the receive path: auto, rx_handler or ingress (default auto)");

module_param_named(vlan, l2pc_vlan, bool, 0444);
MODULE_PARM_DESC(vlan, "keep stations apart by outer VLAN id (default 0)");

static int __init l2pc_init(void)
{
	int err;

	err = l2pc_ports_init();
	if (err)
		return err;
	err = l2pc_ports_add(current->nsproxy->net_ns, interface);
	if (err)
		goto err_ports;
	err = l2pc_proc_init();
	if (err)
		goto err_ports;
	return 0;

err_ports:
	l2pc_ports_exit();
	return err;
}

static void __exit l2pc_exit(void)
{
	/* First the readers, then what they read. */
	l2pc_proc_exit();
	l2pc_ports_exit();
}

module_init(l2pc_init);
module_exit(l2pc_exit);

MODULE_DESCRIPTION("Counts received Ethernet frames by source MAC address");
MODULE_AUTHOR("the l2packet_counter authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("2.0.0");
