/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	spec/l2packet_counter.yaml */
/* YNL-GEN kernel policies */

#ifndef L2PC_NETLINK_POLICY_H
#define L2PC_NETLINK_POLICY_H

#include <net/netlink.h>

#include <linux/l2packet_counter.h>

/* Integer value ranges */
static const struct netlink_range_validation l2pc_a_port_reset_interval_range = {
	.max	= L2PC_RESET_INTERVAL_MAX,
};

static const struct netlink_range_validation l2pc_a_port_max_stations_range = {
	.min	= 1ULL,
	.max	= L2PC_MAX_STATIONS_MAX,
};

static const struct netlink_range_validation l2pc_a_port_station_timeout_range = {
	.max	= L2PC_STATION_TIMEOUT_MAX,
};

static const struct netlink_range_validation l2pc_a_port_keep_range = {
	.max	= L2PC_KEEP_MAX,
};

/* L2PC_CMD_PORT_GET - do */
static const struct nla_policy l2pc_port_get_nl_policy[L2PC_A_PORT_IFNAME + 1] = {
	[L2PC_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
};

/* L2PC_CMD_PORT_ADD - do */
static const struct nla_policy l2pc_port_add_nl_policy[L2PC_A_PORT_TX + 1] = {
	[L2PC_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
	[L2PC_A_PORT_HOOK_WANTED] = NLA_POLICY_MAX(NLA_U32, 1),
	[L2PC_A_PORT_VLAN] = NLA_POLICY_MAX(NLA_U8, 1),
	[L2PC_A_PORT_RESET_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_reset_interval_range),
	[L2PC_A_PORT_MAX_STATIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_max_stations_range),
	[L2PC_A_PORT_STATION_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_station_timeout_range),
	[L2PC_A_PORT_TX] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* L2PC_CMD_PORT_DEL - do */
static const struct nla_policy l2pc_port_del_nl_policy[L2PC_A_PORT_IFNAME + 1] = {
	[L2PC_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
};

/* L2PC_CMD_PORT_SET - do */
static const struct nla_policy l2pc_port_set_nl_policy[L2PC_A_PORT_TX + 1] = {
	[L2PC_A_PORT_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
	[L2PC_A_PORT_HOOK_WANTED] = NLA_POLICY_MAX(NLA_U32, 1),
	[L2PC_A_PORT_VLAN] = NLA_POLICY_MAX(NLA_U8, 1),
	[L2PC_A_PORT_RESET_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_reset_interval_range),
	[L2PC_A_PORT_MAX_STATIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_max_stations_range),
	[L2PC_A_PORT_STATION_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_station_timeout_range),
	[L2PC_A_PORT_TX] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* L2PC_CMD_STATION_GET - dump */
static const struct nla_policy l2pc_station_get_nl_policy[L2PC_A_STATIONS_VIEW + 1] = {
	[L2PC_A_STATIONS_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
	[L2PC_A_STATIONS_VIEW] = NLA_POLICY_MAX(NLA_U32, 2),
};

/* L2PC_CMD_WINDOW_RESET - do */
static const struct nla_policy l2pc_window_reset_nl_policy[L2PC_A_RESET_IFNAME + 1] = {
	[L2PC_A_RESET_IFNAME] = { .type = NLA_NUL_STRING, .len = L2PC_NAME_MAX, },
};

/* L2PC_CMD_PATTERN_ADD - do */
static const struct nla_policy l2pc_pattern_add_nl_policy[L2PC_A_PORT_KEEP + 1] = {
	[L2PC_A_PORT_HOOK_WANTED] = NLA_POLICY_MAX(NLA_U32, 1),
	[L2PC_A_PORT_VLAN] = NLA_POLICY_MAX(NLA_U8, 1),
	[L2PC_A_PORT_RESET_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_reset_interval_range),
	[L2PC_A_PORT_MAX_STATIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_max_stations_range),
	[L2PC_A_PORT_STATION_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_station_timeout_range),
	[L2PC_A_PORT_TX] = NLA_POLICY_MAX(NLA_U8, 1),
	[L2PC_A_PORT_PATTERN] = { .type = NLA_NUL_STRING, .len = L2PC_PATTERN_MAX, },
	[L2PC_A_PORT_KEEP] = NLA_POLICY_FULL_RANGE(NLA_U32, &l2pc_a_port_keep_range),
};

/* L2PC_CMD_PATTERN_DEL - do */
static const struct nla_policy l2pc_pattern_del_nl_policy[L2PC_A_PORT_PATTERN + 1] = {
	[L2PC_A_PORT_PATTERN] = { .type = NLA_NUL_STRING, .len = L2PC_PATTERN_MAX, },
};

#endif /* L2PC_NETLINK_POLICY_H */
