/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Queries: what ports and stations have counted in the periods of a range.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_QUERY_H
#define L2PC_TOOL_QUERY_H

#include "history/calendar.h"
#include "history/database.h"
#include "history/state.h"

/* What is wanted. */
struct query {
	enum level by;		/* length of the periods */
	unsigned int cycle;	/* months begin on this day; 1: those of the calendar */
	int64_t from, to;	/* days, or seconds since 1970 for hours; @to is behind the end */
	const char *ifname;	/* NULL: all ports */
	const char *station;	/* only this address or name; NULL: all */
	size_t top;		/* so many stations, those with the most bytes */
};

struct report_period {
	int64_t start, end;	/* seconds since 1970 */
	uint64_t count[COUNTS];
};

struct report_station {
	int64_t id;
	uint8_t mac[6];
	uint16_t vlan;		/* or NO_VLAN */
	char *name, *vendor;	/* at the end of the range, or NULL */
	uint64_t count[COUNTS];
};

/* What a port, or the stations that were asked for, have counted. */
struct report {
	char ifname[L2PC_NAME_MAX + 1];
	struct report_period *period;
	size_t count, room;
	struct report_station *station;
	size_t stations, station_room;
	uint64_t sum[COUNTS];
	uint64_t others[COUNTS];	/* of those that are not in @station */
	bool has_station;		/* the port knows the station that was asked for */
};

struct reports {
	struct report *report;
	size_t count, room;
	bool months_only;	/* the range has counts that are stored by month, and left out */
};

/** query_is_time() - are from and to of a level times, and not days? */
static inline bool query_is_time(enum level level)
{
	return level == LEVEL_TEN || level == LEVEL_HOUR;
}

/**
 * query_run() - append a report for each port
 *
 * Return: false after an error message
 */
bool query_run(struct history *history, const struct query *query, struct reports *reports);

/** reports_free() - free and empty */
void reports_free(struct reports *reports);

/** reports_have_tx() - are there counts of sent frames? */
bool reports_have_tx(const struct reports *reports);

#endif /* L2PC_TOOL_QUERY_H */
