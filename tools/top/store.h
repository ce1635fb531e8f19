/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What top knows of stations and ports: as they are now, and what came since the
 * time before.
 * Copyright (C) the l2packet_counter authors
 *
 * A station is an entry in one array; an index finds it by port, address and
 * VLAN. Each reading writes over the one before, and keeps the difference. So an
 * entry, its place in the index and in the order of the screen take less than
 * 100 bytes, and a reading costs little more than taking the answer apart.
 */
#ifndef L2PC_TOOL_TOP_STORE_H
#define L2PC_TOOL_TOP_STORE_H

#include "source/source.h"

#define NO_VLAN		UINT16_MAX

/**
 * struct entry - a station
 * @packets: of the view
 * @bytes: of the view
 * @base_packets: when counting began here, for the rate since then
 * @base_bytes: when counting began here
 * @first_seen: boot time in nanoseconds
 * @last_seen: boot time in nanoseconds
 * @new_packets: since the reading before
 * @new_bytes: since the reading before
 * @mac: the address
 * @vlan: outer VLAN id, or NO_VLAN
 * @port: place in the ports
 * @reading: low bits of the number of the reading that had it last
 */
struct entry {
	uint64_t packets;
	uint64_t bytes;
	uint64_t base_packets;
	uint64_t base_bytes;
	uint64_t first_seen;
	uint64_t last_seen;
	float new_packets;
	float new_bytes;
	uint8_t mac[6];
	uint16_t vlan;
	uint16_t port;
	uint16_t reading;
};

/**
 * struct top_port - a port
 * @view: as it was read last, without stations
 * @before: when it was read before that, or its window was opened
 * @since: when counting began here, or its window was opened
 * @packets_before: its total at @before
 * @bytes_before: its total at @before
 * @base_packets: its total at @since
 * @base_bytes: its total at @since
 * @stations: entries that it has
 * @reading: the reading that had it last
 * @seconds: as store_seconds() says, for who asks of each of its stations
 */
struct top_port {
	struct view view;
	uint64_t before;
	uint64_t since;
	uint64_t packets_before;
	uint64_t bytes_before;
	uint64_t base_packets;
	uint64_t base_bytes;
	uint32_t stations;
	uint32_t reading;
	double seconds;
};

/**
 * struct store - all of it
 * @entry: @count stations, of room for @room
 * @count: how many
 * @room: how many there is room for
 * @index: open addressing, place of an entry plus one
 * @index_bits: there are 2^bits of them
 * @port: @ports of them
 * @ports: how many
 * @port_room: how many there is room for
 * @current: the port whose stations are being read
 * @next: the entry behind that of the station read last
 * @reading: number of the reading, from 1
 * @changed: the window of @current is another one than before
 * @tagged: there is a station with a VLAN
 */
struct store {
	struct entry *entry;
	size_t count;
	size_t room;
	uint32_t *index;
	unsigned int index_bits;
	struct top_port *port;
	size_t ports;
	size_t port_room;
	size_t current;
	size_t next;
	uint32_t reading;
	bool changed;
	bool tagged;
};

/**
 * store_read() - read the stations
 * @store: all zero at first
 * @source: where from
 * @ifname: the port, NULL for all
 * @view: since when
 *
 * Return: 0 or a negative errno; then there is what came before the error
 */
int store_read(struct store *store, struct source *source, const char *ifname,
	       enum l2pc_view view);

/** store_clear() - forget everything, for another view */
void store_clear(struct store *store);

/** store_seconds() - between the last two readings of a port, or 0 */
double store_seconds(const struct top_port *port);

/** store_age() - seconds since counting began here, or 0 */
double store_age(const struct top_port *port);

#endif /* L2PC_TOOL_TOP_STORE_H */
