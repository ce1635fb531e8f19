/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Model for spin: tables are published, switched, detached, folded and freed
 * (kmod/engine/table.c, writer.c, window.c, prealloc.c), in every interleaving of a counting CPU
 * with the operations of window.c. Each frame is counted exactly once, no table is
 * accessed after it was freed, and none leaks.
 * Copyright (C) the l2packet_counter authors
 *
 * A single CPU is enough: CPUs share only the window, which handles one after the other.
 * Memory is sequentially consistent here; tests/unit/test_thread.c checks the barriers
 * under TSan.
 *
 * Each WITHOUT_... is a mistake, which spin must find: see run.sh.
 */
#ifndef FRAMES
#define FRAMES	3	/* number of frames that arrive */
#endif
#ifndef STEPS
#define STEPS	3	/* number of operations of window.c */
#endif
#ifndef TABLES
#define TABLES	6	/* number of tables that can be made; freed ones are not reused */
#endif
#define NONE	0	/* NULL; in `live`: l2pc_table_none, always full */

byte live = NONE;	/* l2pc_writer.active */
byte spare = NONE;
byte made = 1;

/* The tables. */
byte packets[TABLES];	/* frames counted in it */
byte used[TABLES];	/* cells claimed; soft limit 1, hard limit 2 */
byte older[TABLES];
bool freed[TABLES];

byte untracked;		/* the owner's counter, which only ever grows */
byte base;		/* its value when the window opened; window.c */
byte folded;		/* frames of the open window that are folded; window.c */
byte closed;		/* frames of all closed windows; window.c */
byte arrived;		/* frames being counted, or counted */
byte counted;		/* frames counted */
bool done;		/* the owner has ended */

/* The read-side section: odd while the owner is in it. */
byte section;

#define ALIVE(table)	assert(table == NONE || !freed[table])

inline table_make(table)
{
	/* The allocation may fail. */
	if
	:: atomic { made < TABLES -> table = made; made++ }
	:: table = NONE
	fi
}

inline table_free(table)
{
	atomic {
		ALIVE(table);
		if
		:: table != NONE -> freed[table] = true
		:: else
		fi
	}
}

/* --- the packet path -------------------------------------------------------- */

inline count_in(table)
{
	ALIVE(table);
	sum = packets[table];
	/* Only the owner writes it, so these may be two steps. */
	ALIVE(table);
	packets[table] = sum + 1
}

/* writer_grow() and writer_install() */
inline grow()
{
	atomic { next = spare; spare = NONE }
	if
	:: next == NONE -> table_make(next)
	:: else
	fi
	if
	:: next == NONE -> got = false
	:: else ->
		older[next] = table;
#ifdef WITHOUT_EXCHANGE
		live = next;
		table = next;
#else
		if
		:: atomic { live == table -> live = next }
			table = next
		:: atomic { live != table -> skip }
			/* window.c switched first. */
			older[next] = NONE;
#ifdef WITHOUT_PUTTING_BACK
			skip;
#else
			if
			:: atomic { spare == NONE -> spare = next }
			:: atomic { spare != NONE -> skip } table_free(next)
			fi;
#endif
			table = live
		fi;
#endif
		got = true
	fi
}

active proctype owner()
{
	byte table, next, other, sum;
	bool got;

	do
	:: arrived < FRAMES ->
		atomic { section++; arrived++ }
		table = live;
again:
		ALIVE(table);
		if
		/* A station with a cell here. */
		:: table != NONE && used[table] > 0 -> count_in(table)
		/* A station without a cell here. */
		:: table == NONE || used[table] >= 1 ->
			grow();
			if
			:: got -> goto again
			:: else
			fi;
			/* The station may have a cell in an older table, or claim one here. */
			other = (table == NONE -> NONE : older[table]);
			if
			:: other != NONE -> count_in(other)
			:: table != NONE && used[table] < 2 ->
				used[table] = used[table] + 1;
				count_in(table)
			:: untracked = untracked + 1
			fi
		:: table != NONE && used[table] == 0 ->
			used[table] = 1;
			count_in(table)
		fi;
		atomic { section++; counted++ }
	:: else -> break
	od;
	done = true
}

/* --- window.c, under l2pc_counts.lock ---------------------------------------- */

inline grace_period()
{
#ifdef WITHOUT_GRACE_PERIOD
	skip
#else
	seen = section;
	!(seen & 1) || section != seen
#endif
}

/* fold_exchanged(): fold and free the tables from @chain on. */
inline fold(chain)
{
	do
	:: chain != NONE ->
		ALIVE(chain);
		folded = folded + packets[chain];
		other = older[chain];
		table_free(chain);
		chain = other
	:: else -> break
	od
}

/* window_switch() */
inline switch()
{
	table_make(next);
	atomic { table = live; live = next }
	atomic { next = spare; spare = NONE }
	table_free(next);
	now = untracked;
#ifdef WITHOUT_WAITING_FIRST
	fold(table);
	grace_period();
#else
	grace_period();
	fold(table);
#endif
	folded = folded + now - base;
	base = now
}

/* l2pc_prealloc_spare() and l2pc_counts_grow() */
inline preallocate()
{
	table = live;
	if
	:: spare == NONE && (table == NONE || used[table] > 0) ->
		table_make(next);
		if
		:: next == NONE
		:: else ->
			got = false;
			if
			:: table == NONE || used[table] >= 1 ->
				older[next] = table;
				if
				:: atomic { live == table -> live = next }
					got = true;
					table = next
				:: atomic { live != table -> skip }
					older[next] = NONE;
					table_free(next)
				fi
			:: atomic { other = spare; spare = next }
				table_free(other);
				got = live == table && table != NONE
			fi;
			if
			:: got ->
				next = older[table];
				older[table] = NONE;
				if
				:: next != NONE ->
					grace_period();
					fold(next)
				:: else
				fi
			:: else
			fi
		fi
	:: else
	fi
}

/* open_add(): one read of the pointer finds all tables. */
inline read()
{
	before = counted;
	sum = folded;
	table = live;
	do
	:: table != NONE ->
		ALIVE(table);
		sum = sum + packets[table];
		table = older[table]
	:: else -> break
	od;
	sum = sum + untracked - base;
	assert(closed + sum >= before && closed + sum <= arrived)
}

active proctype window()
{
	byte table, next, other, sum, seen, now, before, steps;
	bool got;

	do
	:: steps < STEPS ->
		steps++;
		if
		:: switch()
		:: switch();
			atomic { closed = closed + folded; folded = 0 }
		:: preallocate()
		:: read()
		fi
	:: else -> break
	od;
	done;
	read();
	assert(closed + sum == FRAMES);
	/* l2pc_writers_free() frees all that is left. */
	table_free(spare);
	table = live;
	fold(table);
	atomic {
		next = 1;
		do
		:: next < made -> assert(freed[next]); next++
		:: else -> break
		od
	}
}
