/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stations as they change.
 * Copyright (C) the l2packet_counter authors
 *
 * top.c reads, store.c keeps, rank.c finds the busiest, frame.c has what is on the screen,
 * columns.c the stations there.
 * screen.c and keys.c are for terminals with curses.
 *
 * A station is an entry in one array that delta finds by port, address and VLAN. Each
 * reading overwrites the one before, and keeps the difference. So an entry, its place in
 * the index and in the order of the screen take some 100 bytes.
 */
#ifndef L2PC_TOOL_TOP_H
#define L2PC_TOOL_TOP_H

#include "output/output.h"
#include "output/select.h"
#include "source/delta.h"
#include "source/source.h"

struct entry {
	struct delta_station delta;	/* counters of the view */
	uint64_t base_packets;		/* of both directions, when counting began here */
	uint64_t first_seen;		/* boot time, ns */
	uint64_t last_seen;
	float new_packets[DIRECTIONS];	/* since the reading before */
	float new_bytes[DIRECTIONS];
};

struct top_port {
	struct delta_port delta;
	struct view view;		/* as last read, without stations */
	uint64_t before;		/* the reading before, or when its window was opened */
	uint64_t since;			/* when counting began here, or its window was opened */
	uint64_t packets_before[DIRECTIONS];	/* totals at @before */
	uint64_t bytes_before[DIRECTIONS];
	uint32_t stations;
	double seconds;			/* between the last two readings, or 0 */
};

struct store {
	struct delta delta;		/* of struct top_port and struct entry */
	bool tagged;			/* there is a station with a VLAN */
};

static inline struct top_port *store_port(const struct store *store, size_t slot)
{
	return (struct top_port *)store->delta.port + slot;
}

static inline struct entry *store_entry(const struct store *store, size_t number)
{
	return (struct entry *)store->delta.station + number;
}

/** store_has() - was a port in the last reading? */
static inline bool store_has(const struct store *store, size_t slot)
{
	return store_port(store, slot)->delta.scan == store->delta.scan;
}

/**
 * store_read() - read the stations
 * @ifname: the port, NULL for all
 *
 * Return: 0 or a negative errno; then there is what came before the error
 */
int store_read(struct store *store, struct source *source, const char *ifname,
	       enum l2pc_view view);

/** store_init() - start with no station; delta_free() frees all */
void store_init(struct store *store);

/** store_seconds() - from @then until a port was last read; 0 where @then is 0 */
double store_seconds(const struct top_port *port, uint64_t then);

/**
 * enum top_sort - what stations are sorted by; names in top_sort_names
 *
 * The first four are sums of both directions. The same of one direction are at the end, in
 * the same order.
 */
enum top_sort {
	TOP_RATE,
	TOP_BYTE_RATE,
	TOP_PACKETS,
	TOP_BYTES,
	TOP_LAST,
	TOP_FIRST,
	TOP_MAC,
	TOP_NAME,
	TOP_RX_RATE,
	TOP_RX_BYTE_RATE,
	TOP_RX_PACKETS,
	TOP_RX_BYTES,
	TOP_TX_RATE,
	TOP_TX_BYTE_RATE,
	TOP_TX_PACKETS,
	TOP_TX_BYTES,
	TOP_SORTS
};

/* The order by the sum of both directions; others are their own. */
static inline enum top_sort top_sort_sum(enum top_sort sort)
{
	return sort < TOP_RX_RATE ? sort : sort < TOP_TX_RATE ? sort - TOP_RX_RATE : sort - TOP_TX_RATE;
}

extern const struct enum_names top_sort_names;

/** enum top_mode - what keys are for */
enum top_mode {
	MODE_NORMAL,
	MODE_FILTER,
	MODE_RESET,
	MODE_HELP,
};

#define FILTER_SIZE	64

struct top {
	const struct options *options;
	struct source source;
	struct store store;
	const char *ifname;	/* the only port, NULL for all */
	enum l2pc_view view;
	enum top_sort sort;
	bool reverse;
	int shown;		/* slot of the port that is shown, -1 for all */
	char filter[FILTER_SIZE]; /* in the address, name or vendor of those shown */
	size_t scroll;		/* stations above the screen */
	size_t rows;		/* stations that fit on the screen */
	enum top_mode mode;
	bool paused;
	bool stale;		/* the stations have to be read */
	bool quit;
	bool ascii;		/* no other characters */
	bool bars;
	bool swap;		/* directions are those of the stations, not of the port */
	uint64_t delay;		/* between two readings, ns */
	char message[128];	/* for the last line, empty for none */
	uint32_t *ranked;	/* stations in the order of the screen, as far as it goes */
	size_t matching;	/* of these */
	size_t ranked_room;
};

/* Set the message of the last line, as printf(). */
#define top_message(top, ...)	snprintf((top)->message, sizeof((top)->message), __VA_ARGS__)

/** top_rank() - fill @ranked and @matching; in order from 0 to @scroll + @rows */
void top_rank(struct top *top);

/** top_mac() - get an address as it is shown */
void top_mac(const struct top *top, const struct entry *entry, uint8_t mac[6]);

/** top_rate() - compute how many of the @new packets or bytes of a station came in a second */
double top_rate(const struct top *top, const struct entry *entry, float new);

/** top_has_tx() - does a port that is shown count sent frames? */
bool top_has_tx(const struct top *top);

/* Where a screen is written. */
struct canvas {
	int columns;
	int lines;
	bool keys;	/* can be pressed: all lines are filled, the last one with help */
	void (*put)(enum color color, const char *text);
	void (*end)(void);	/* ends the line */
};

/** top_frame() - write the screen; @rows and @scroll are made to fit */
void top_frame(struct top *top, const struct canvas *canvas);

/** top_help_frame() - write the help */
void top_help_frame(const struct canvas *canvas);

/** top_key() - do what a key of getch() means */
void top_key(struct top *top, int key);

/** top_screen() - show it on the terminal until it is ended. Return: the exit status */
int top_screen(struct top *top);

/** top_batch() - write as many frames to stdout as --count says. Return: the exit status */
int top_batch(struct top *top);

/** top_refresh() - read the stations. Return: 0, or a negative errno that ends top */
int top_refresh(struct top *top);

/** top_only_port() - get the port that is shown and reset, or NULL for all */
const char *top_only_port(const struct top *top);

#endif /* L2PC_TOOL_TOP_H */
