/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The world that the tool is shown by tests: ports and stations from a text,
 * instead of from a kernel.
 * Copyright (C) the l2packet_counter authors
 *
 * A line each; numbers by the names of spec/l2packet_counter.yaml:
 *
 *	now SECONDS                     time since boot
 *	wall SECONDS                    time of day
 *	unsynchronized                  nothing keeps the time of day right
 *	slept SECONDS                   of the time since boot, in suspension
 *	family off                      the module is not loaded
 *	pieces N                        so many stations in a message
 *	interrupt N                     the first N dumps are interrupted
 *	slow N                          N seconds pass before a dump is answered
 *	fail COMMAND ERRNO [TEXT]       COMMAND gets this answer
 *	port NAME KEY=VALUE...          pattern=GLOB: the pattern that made it a port
 *	ports NAME COUNT KEY=VALUE...   ports NAME0, NAME1, ..., with ifindex from 1000 on
 *	pattern GLOB KEY=VALUE...       links that match, and are not ports, become its
 *					ports when it is added
 *	totals VIEW KEY=VALUE...        of the last port
 *	station VIEW MAC VLAN PACKETS BYTES FIRST LAST [TX-PACKETS TX-BYTES]
 *	                                of the last port, - for what is not sent
 *	stations VIEW COUNT [tx]        made up ones; tx: with sent frames
 *	neighbour IP MAC
 *	link NAME [kind=KIND] [permanent=MAC] [index=N] [below=N] [native=ID] [generic=ID] [offloaded=ID] [lro=1]
 *	          [altname=NAME]...
 *	                                what the kernel says of an interface: kind, ids of
 *	                                its XDP programs, LRO, alternative names
 *	flowtable FAMILY TABLE NAME FLAGS DEV...
 *	                                of nftables, numbers as in its messages; DEV* for
 *	                                a beginning of a name
 *	flowtable denied                asking for flowtables needs privileges
 *	ethtool off                     the kernel has no family ethtool
 *	event NAME PORT KEY=VALUE...    or for each station MAC[/VLAN][=PACKETS,BYTES[,
 *	                                TX-PACKETS,TX-BYTES]]
 *	event lost|quiet|unload|HEX     a full socket; nothing until the ports are
 *	                                asked for; the module goes; any bytes
 *	then                            what follows is there from the next dump of
 *	                                stations on, in place of ports and stations
 */
#ifndef L2PC_TEST_WORLD_H
#define L2PC_TEST_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIEWS		3
#define ATTRS_MAX	32
#define PORTS_MAX	4200
#define PATTERNS_MAX	64

/**
 * struct numbers - attributes that are numbers
 * @has: bit n is set where attribute n is there
 * @value: by attribute
 */
struct numbers {
	uint32_t has;
	uint64_t value[ATTRS_MAX];
};

/** struct fake_station - a station; bits of @has are those of L2PC_A_STATION_x */
struct fake_station {
	uint32_t has;
	uint16_t vlan;
	uint8_t mac[6];
	uint64_t packets, bytes, first, last, tx_packets, tx_bytes;
};

/** struct fake_stations - those of a view */
struct fake_stations {
	struct fake_station *station;
	size_t count;
};

/** struct fake_port - a port with its three views; or a pattern, which has no name */
struct fake_port {
	char name[64], pattern[64];
	struct numbers numbers;
	struct numbers totals[VIEWS];
	struct fake_stations stations[VIEWS];
};

/** struct fake_event - what the monitor is told next */
struct fake_event {
	char *line;
};

/** struct fake_failure - the answer that a command gets */
struct fake_failure {
	unsigned int cmd;
	int error;
	char *text;
};

/** struct fake_neighbour - an entry of the neighbour table */
struct fake_neighbour {
	char ip[64];
	uint8_t mac[6];
};

/**
 * struct fake_link - an interface; ids of XDP programs are 0 where there is none
 * @tcx: programs at tcx, in their order: "12/filter,13/l2pc_ingress"
 * @altnames: alternative names, each with a blank behind it
 */
struct fake_link {
	char name[64], kind[32], tcx[128], altnames[1024];
	uint32_t native, generic, offloaded;
	uint8_t permanent[6];
	uint32_t index, below;
	bool lro;
};

/** struct fake_flowtable - a flowtable of nftables; @devices with blanks between */
struct fake_flowtable {
	unsigned int family, flags;
	char table[256], name[256], devices[1024];
};

/** struct world - all of it, as it is now */
struct world {
	uint64_t now, wall, slept;
	bool unsynchronized;
	bool absent;
	size_t pieces;
	unsigned int interrupt;
	unsigned int slow;
	struct fake_port ports[PORTS_MAX];
	size_t port_count;
	struct fake_port patterns[PATTERNS_MAX];
	size_t pattern_count;
	struct fake_failure failures[16];
	size_t failure_count;
	struct fake_neighbour neighbours[64];
	size_t neighbour_count;
	struct fake_link links[64];
	size_t link_count;
	struct fake_flowtable flowtables[16];
	size_t flowtable_count;
	bool flowtables_denied, no_ethtool;
	struct fake_event events[256];
	size_t event_count, event_next;
};

/** world - the world; world_start() comes first */
extern struct world world;

/** world_start() - read the world, named by L2PC_WORLD, up to the first `then` */
void world_start(void);

/**
 * world_absent() - is the module not loaded?
 *
 * For tools that go on: also while there is a file named by L2PC_AWAY. Likewise the
 * file named by L2PC_LATER has the seconds that went by.
 */
bool world_absent(void);

/** world_later() - go on to the next `then`, where there is one */
void world_later(void);

/** world_numbers() - take KEY=VALUE words apart, for ports and totals */
void world_numbers(struct numbers *numbers, bool totals, char *words);

/** world_command() - L2PC_CMD_x by its name in the spec */
unsigned int world_command(const char *name);

/** world_mac() - an address; false when it is none */
bool world_mac(const char *text, uint8_t mac[6]);

/** world_port() - a port by its name, or NULL */
struct fake_port *world_port(const char *name);

/** world_pattern() - a pattern, or NULL */
struct fake_port *world_pattern(const char *glob);

/** world_pattern_add() - add a pattern, without a check */
struct fake_port *world_pattern_add(const char *glob);

/** world_line() - take a line of the world's text */
void world_line(char *words);

/** world_link() - add the interface of a line `link` */
void world_link(char *words);

/** world_flowtable() - add the flowtable of a line `flowtable` */
void world_flowtable(const char *words);

/** world_ports() - add the ports of a line `ports` */
void world_ports(const char *words);

/** world_pattern_line() - add the pattern of a line `pattern` */
void world_pattern_line(char *words);

/** world_die() - the world's text is wrong */
void world_die(const char *what, const char *which) __attribute__((noreturn));

/* Names of attributes in the spec, with the size they are sent in. */
struct attribute {
	const char *name;
	unsigned int size;
};

extern const struct attribute totals_attributes[ATTRS_MAX];
extern const struct attribute port_attributes[ATTRS_MAX];

#endif /* L2PC_TEST_WORLD_H */
