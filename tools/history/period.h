/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Periods: rows that have what a port has counted in ten minutes, an hour, a day, a month.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_PERIOD_H
#define L2PC_TOOL_PERIOD_H

#include "history/calendar.h"
#include "history/database.h"
#include "history/state.h"

/* What a period is known by. */
struct period {
	enum level level;
	int64_t start;		/* as calendar_start() has it */
	int64_t port;
	int64_t clock;		/* of ten minutes: the clock by which they were counted; else 0 */
	int64_t day;		/* of ten minutes and hours: the day that has the same counts */
};

/** struct periods - periods as they are in the database */
struct periods {
	struct period_row {
		int64_t id;
		struct period period;
	} *row;
	size_t count, room;
};

/* What periods_read() reads, from the table period. */
#define PERIOD_COLUMNS	"id, level, start, port, clock, day"

/**
 * periods_read() - append the periods that a statement selects
 * @stmt: selects PERIOD_COLUMNS
 * @periods: to be freed with free() of its rows. They are read first, because what is done
 *	with them changes the table
 */
void periods_read(struct history *history, sqlite3_stmt *stmt, struct periods *periods);

/** period_find() - find or add a period. Return: its id */
int64_t period_find(struct history *history, const struct period *period);

/** period_add() - add to the sums of a period */
void period_add(struct history *history, int64_t id, const uint64_t count[COUNTS]);

/** period_add_station() - add to the counts of a station in it, and not to its sums */
void period_add_station(struct history *history, int64_t id, int64_t station,
			const uint64_t count[COUNTS]);

/** period_merge() - add one period to another, station by station, and delete it */
void period_merge(struct history *history, int64_t from, int64_t to);

/** period_delete() - delete a period with its counts */
void period_delete(struct history *history, int64_t id);

/**
 * period_limit() - bound the number of stations in a period
 * @stations: as many stay, those with the most bytes
 */
void period_limit(struct history *history, int64_t id, int64_t stations);

#endif /* L2PC_TOOL_PERIOD_H */
