/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables of the history.
 * Copyright (C) the l2packet_counter authors
 *
 * What is counted is in two chains of periods, and in each of them once: in days, which
 * become months when they are two years old; and in ten minutes, which become hours after
 * two days and are deleted after sixty. So a save writes two rows for a station.
 *
 * A row of period has the sums of its port. Stations that have no row of count in it, and
 * frames without a station, are what is missing to these: "others" needs no row.
 */
#ifndef L2PC_TOOL_SCHEMA_H
#define L2PC_TOOL_SCHEMA_H

/* "l2pc" in the file's head, at offset 68, and the version of the tables at offset 60. */
#define APPLICATION_ID	0x6c327063
#define VERSION		1

#define SCHEMA \
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;" \
	/* Names and vendors, each once. */ \
	"CREATE TABLE text(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);" \
	/* identity: permanent address of the device. boot ... slept: when it was read. Times in
	 * ns since boot; since: ms since 1970.
	 */ \
	"CREATE TABLE port(id INTEGER PRIMARY KEY, name TEXT NOT NULL, identity INTEGER," \
	" boot TEXT NOT NULL, ifindex INTEGER, opened INTEGER, read INTEGER, slept INTEGER," \
	" since INTEGER);" \
	/* counter: enum sum. imported: the part that is in no period. */ \
	"CREATE TABLE port_sum(port INTEGER, counter INTEGER, ended INTEGER, current INTEGER," \
	" imported INTEGER, PRIMARY KEY(port, counter)) WITHOUT ROWID;" \
	/* vlan: NULL without a tag. Counters: of the lifetime that goes on, and of those that
	 * have ended. Times in ms since 1970.
	 */ \
	"CREATE TABLE station(id INTEGER PRIMARY KEY, port INTEGER NOT NULL, mac INTEGER," \
	" vlan INTEGER, first INTEGER, last INTEGER, packets INTEGER, bytes INTEGER," \
	" tx_packets INTEGER, tx_bytes INTEGER, ended_packets INTEGER, ended_bytes INTEGER," \
	" ended_tx_packets INTEGER, ended_tx_bytes INTEGER, name INTEGER, vendor INTEGER);" \
	/* Earlier names and vendors; until: s since 1970. */ \
	"CREATE TABLE named(station INTEGER, until INTEGER, name INTEGER, vendor INTEGER," \
	" PRIMARY KEY(station, until)) WITHOUT ROWID;" \
	/* The time of day less the time since boot, in seconds, and whether it was right. */ \
	"CREATE TABLE clock(id INTEGER PRIMARY KEY, boot TEXT, offset INTEGER, synced INTEGER);" \
	/* level and start: history/calendar.h. clock: of ten minutes, else 0. day: the start of
	 * the day that has the same counts, of ten minutes and hours.
	 */ \
	"CREATE TABLE period(id INTEGER PRIMARY KEY, level INTEGER, start INTEGER, port INTEGER," \
	" clock INTEGER, day INTEGER, packets INTEGER, bytes INTEGER, tx_packets INTEGER," \
	" tx_bytes INTEGER, UNIQUE(level, start, port, clock));" \
	"CREATE TABLE count(period INTEGER, station INTEGER, packets INTEGER, bytes INTEGER," \
	" tx_packets INTEGER, tx_bytes INTEGER, PRIMARY KEY(period, station)) WITHOUT ROWID;"

#endif /* L2PC_TOOL_SCHEMA_H */
