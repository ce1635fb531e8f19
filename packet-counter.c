// SPDX-License-Identifier: GPL-2.0
/*
 * l2packet_counter: counter of received Ethernet frames by source MAC address, and of
 * sent ones by destination. This file has the constants, the parameters, and the order
 * of loading and unloading.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>

#include "kmod/engine/area.h"
#include "kmod/iface/event.h"
#include "kmod/iface/netlink.h"
#include "kmod/iface/param.h"
#include "kmod/iface/proc.h"
#include "kmod/port/port.h"
#include "kmod/port/ports.h"

/* Cells of a CPU's first table: 2^8 = 256, 8 KiB. Tables grow automatically. */
#define HASH_TABLE_BITS		8

/* Seconds between automatic resets; 0: never. */
#define RESET_INTERVAL_SEC	20

#define MAX_STATIONS_DEFAULT		65536

/* Seconds for which a pattern's port is kept after its device is gone. */
#define KEEP_SEC		3600

const unsigned int l2pc_table_bits = HASH_TABLE_BITS;

/* Default port settings. */
struct l2pc_settings l2pc_defaults = {
	.hook_wanted = L2PC_HOOK_WANTED_TAP,
	.reset_interval = RESET_INTERVAL_SEC,
	.max_stations = MAX_STATIONS_DEFAULT,
	.keep = KEEP_SEC,
};

static_assert(HASH_TABLE_BITS >= L2PC_MIN_BITS && HASH_TABLE_BITS <= L2PC_ATOMIC_BITS,
	      "a CPU allocates its first table in softirq: HASH_TABLE_BITS is 4 to 14");
static_assert(RESET_INTERVAL_SEC >= 0 && RESET_INTERVAL_SEC <= L2PC_RESET_INTERVAL_MAX,
	      "RESET_INTERVAL_SEC is 0 (never) to a year");

static char *interface = "eth0";
module_param(interface, charp, 0444);
MODULE_PARM_DESC(interface, "interface or pattern (tap*) to count, several separated by commas, or none (default eth0)");

#define BOUNDED(name, min, max, setting, text)					\
	static struct l2pc_bounded name##_bounds = {				\
		&l2pc_defaults.name, min, max, L2PC_SETTING(setting)		\
	};									\
	module_param_cb(name, &l2pc_bounded_ops, &name##_bounds, 0644);		\
	MODULE_PARM_DESC(name, text)

BOUNDED(reset_interval, 0, L2PC_RESET_INTERVAL_MAX, RESET_INTERVAL,
	"seconds between automatic resets, 0 = never (default "
	__stringify(RESET_INTERVAL_SEC) ")");
BOUNDED(max_stations, L2PC_MAX_STATIONS_MIN, L2PC_MAX_STATIONS_MAX, MAX_STATIONS,
	"maximum number of stations of a port (default " __stringify(MAX_STATIONS_DEFAULT) ")");
BOUNDED(station_timeout, 0, L2PC_STATION_TIMEOUT_MAX, STATION_TIMEOUT,
	"seconds after which an idle station expires, 0 = never (default 0)");

BOUNDED(keep, 0, L2PC_KEEP_MAX, KEEP,
	"seconds for which a pattern's port is kept after its interface is gone (default "
	__stringify(KEEP_SEC) ")");

module_param_cb(hook, &l2pc_hook_ops, NULL, 0444);
MODULE_PARM_DESC(hook, "where frames are counted: tap or rx_handler (default tap)");

module_param_named(vlan, l2pc_defaults.vlan, bool, 0444);
MODULE_PARM_DESC(vlan, "count stations by outer VLAN id as well (default 0)");

module_param_named(tx, l2pc_defaults.tx, bool, 0444);
MODULE_PARM_DESC(tx, "count sent frames by destination as well (default 0)");

static int __init l2pc_init(void)
{
	int err;

	l2pc_notify_init(&l2pc_event_ops);
	err = l2pc_ports_init();
	if (err)
		return err;
	err = l2pc_param_interfaces(current->nsproxy->net_ns, interface);
	if (err)
		goto err_ports;
	err = l2pc_proc_init();
	if (err)
		goto err_ports;
	/* The last step, see l2pc_netlink_init(). */
	err = l2pc_netlink_init();
	if (err)
		goto err_proc;
	return 0;

err_proc:
	l2pc_proc_exit();
err_ports:
	l2pc_ports_shutdown();
	l2pc_ports_exit();
	l2pc_areas_exit();
	return err;
}

static void __exit l2pc_exit(void)
{
	/* The ports before the family, which sends their events. */
	l2pc_proc_exit();
	l2pc_ports_shutdown();
	l2pc_netlink_exit();
	l2pc_ports_exit();
	l2pc_areas_exit();
}

module_init(l2pc_init);
module_exit(l2pc_exit);

MODULE_DESCRIPTION("Counts received Ethernet frames by source MAC address");
MODULE_AUTHOR("the l2packet_counter authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("2.2.0");
