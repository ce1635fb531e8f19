/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints, all off the packet path.
 * Copyright (C) the l2packet_counter authors
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM l2packet_counter

#if !defined(L2PC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define L2PC_TRACE_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include "engine/archive.h"
#include "engine/sums.h"
#include "port/port.h"

/* Names are arrays, because __assign_str() has changed its arguments. */

TRACE_EVENT(l2pc_port,
	TP_PROTO(const struct l2pc_port_info *info, u8 command),
	TP_ARGS(info, command),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(u8, command)
		__field(int, ifindex)
		__field(u32, hook)
	),
	TP_fast_assign(
		memcpy(__entry->name, info->name, IFNAMSIZ);
		__entry->command = command;
		__entry->ifindex = info->ifindex;
		__entry->hook = info->hook;
	),
	TP_printk("%s %s ifindex=%d hook=%s", __entry->name,
		  __print_symbolic(__entry->command,
				   { L2PC_CMD_PORT_ADD_NTF, "add" },
				   { L2PC_CMD_PORT_DEL_NTF, "del" },
				   { L2PC_CMD_PORT_SET_NTF, "set" },
				   { L2PC_CMD_PORT_ATTACH_NTF, "attach" },
				   { L2PC_CMD_PORT_DETACH_NTF, "detach" }),
		  __entry->ifindex,
		  __print_symbolic(__entry->hook,
				   { L2PC_HOOK_KIND_NONE, "none" },
				   { L2PC_HOOK_KIND_RX_HANDLER, "rx_handler" },
				   { L2PC_HOOK_KIND_TAP, "tap" }))
);

DECLARE_EVENT_CLASS(l2pc_station,
	TP_PROTO(const struct l2pc_port_info *info,
		 const struct l2pc_station *station),
	TP_ARGS(info, station),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__array(u8, mac, ETH_ALEN)
		__field(u16, vlan)
		__field(u64, packets)
		__field(u64, bytes)
		__field(u64, tx_packets)
		__field(u64, tx_bytes)
	),
	TP_fast_assign(
		unsigned int i;

		memcpy(__entry->name, info->name, IFNAMSIZ);
		for (i = 0; i < ETH_ALEN; i++)
			__entry->mac[i] = station->key >>
					  (L2PC_KEY_MAC_SHIFT + 8 * i);
		__entry->vlan = station->key & L2PC_KEY_VLAN_MASK;
		__entry->packets = station->packets;
		__entry->bytes = station->bytes;
		__entry->tx_packets = station->tx_packets;
		__entry->tx_bytes = station->tx_bytes;
	),
	TP_printk("%s %pM vlan=%u packets=%llu bytes=%llu tx_packets=%llu tx_bytes=%llu",
		  __entry->name, __entry->mac, __entry->vlan, __entry->packets,
		  __entry->bytes, __entry->tx_packets, __entry->tx_bytes)
);

DEFINE_EVENT(l2pc_station, l2pc_station_new,
	TP_PROTO(const struct l2pc_port_info *info,
		 const struct l2pc_station *station),
	TP_ARGS(info, station)
);

DEFINE_EVENT(l2pc_station, l2pc_station_expire,
	TP_PROTO(const struct l2pc_port_info *info,
		 const struct l2pc_station *station),
	TP_ARGS(info, station)
);

TRACE_EVENT(l2pc_window_close,
	TP_PROTO(const struct l2pc_port_info *info,
		 const struct l2pc_totals *closed),
	TP_ARGS(info, closed),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(u64, id)
		__field(u64, packets)
		__field(u64, bytes)
		__field(u32, stations)
		__field(u64, untracked)
		__field(u64, tx_packets)
		__field(u64, tx_bytes)
		__field(u64, tx_untracked)
	),
	TP_fast_assign(
		memcpy(__entry->name, info->name, IFNAMSIZ);
		__entry->id = closed->id;
		__entry->packets = closed->packets;
		__entry->bytes = closed->bytes;
		__entry->stations = closed->stations;
		__entry->untracked = closed->counters.untracked_packets;
		__entry->tx_packets = closed->tx_packets;
		__entry->tx_bytes = closed->tx_bytes;
		__entry->tx_untracked = closed->tx_counters.untracked_packets;
	),
	TP_printk("%s window=%llu packets=%llu bytes=%llu stations=%u untracked=%llu tx_packets=%llu tx_bytes=%llu tx_untracked=%llu",
		  __entry->name, __entry->id, __entry->packets, __entry->bytes,
		  __entry->stations, __entry->untracked, __entry->tx_packets,
		  __entry->tx_bytes, __entry->tx_untracked)
);

TRACE_EVENT(l2pc_untracked,
	TP_PROTO(const struct l2pc_port_info *info),
	TP_ARGS(info),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(u32, max_stations)
	),
	TP_fast_assign(
		memcpy(__entry->name, info->name, IFNAMSIZ);
		__entry->max_stations = info->settings.max_stations;
	),
	TP_printk("%s max_stations=%u", __entry->name, __entry->max_stations)
);

TRACE_EVENT(l2pc_grow,
	TP_PROTO(const struct l2pc_port_info *info, unsigned int tables),
	TP_ARGS(info, tables),
	TP_STRUCT__entry(
		__array(char, name, IFNAMSIZ)
		__field(unsigned int, tables)
	),
	TP_fast_assign(
		memcpy(__entry->name, info->name, IFNAMSIZ);
		__entry->tables = tables;
	),
	TP_printk("%s tables=%u", __entry->name, __entry->tables)
);

#endif /* L2PC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
