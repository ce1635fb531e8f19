/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stations as they change.
 * Copyright (C) the l2packet_counter authors
 *
 * top.c reads and waits, store.c keeps, rank.c finds the busiest, frame.c has what is
 * on the screen. keys.c, what a key does, and screen.c are for terminals with curses.
 */
#ifndef L2PC_TOOL_TOP_H
#define L2PC_TOOL_TOP_H

#include "output/output.h"
#include "output/select.h"
#include "top/store.h"
#include "util/options.h"

/** enum top_sort - what stations are sorted by; names in top_sort_names */
enum top_sort {
	TOP_RATE,
	TOP_BYTE_RATE,
	TOP_PACKETS,
	TOP_BYTES,
	TOP_LAST,
	TOP_FIRST,
	TOP_MAC,
	TOP_NAME,
	TOP_SORTS
};

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
	uint64_t delay;		/* between two readings, ns */
	char message[128];	/* for the last line, empty for none */
	uint32_t *ranked;	/* stations in the order of the screen, as far as it goes */
	size_t matching;	/* of these */
	size_t ranked_room;
};

/* Set the message of the last line, as printf(). */
#define top_message(top, ...)	snprintf((top)->message, sizeof((top)->message), __VA_ARGS__)

/**
 * top_rank() - bring the stations of the screen into order
 * @top: @ranked and @matching are filled; in order from 0 to @scroll + @rows
 */
void top_rank(struct top *top);

/** top_mac() - an address as it is shown @top: top @entry: of this station @mac: put there */
void top_mac(const struct top *top, const struct entry *entry, uint8_t mac[6]);

/** top_rate() - packets a second @top: top @entry: of this station */
double top_rate(const struct top *top, const struct entry *entry);

/** top_byte_rate() - bytes a second @top: top @entry: of this station */
double top_byte_rate(const struct top *top, const struct entry *entry);

/* Where a screen is written. */
struct canvas {
	int columns;
	int lines;
	bool keys;	/* can be pressed: all lines are filled, the last one with help */
	void (*put)(enum color color, const char *text);
	void (*end)(void);	/* ends the line */
};

/** top_frame() - write the screen @top: rows and scroll are made to fit @canvas: where */
void top_frame(struct top *top, const struct canvas *canvas);

/** top_help_frame() - write the help @canvas: where */
void top_help_frame(const struct canvas *canvas);

/** top_key() - a key was pressed @top: top @key: as of getch() */
void top_key(struct top *top, int key);

/**
 * top_screen() - show it on the terminal, until it is ended
 * @top: top
 *
 * Return: the exit status
 */
int top_screen(struct top *top);

/**
 * top_batch() - write frames to stdout, until there were as many as --count says
 * @top: top
 *
 * Return: the exit status
 */
int top_batch(struct top *top);

/**
 * top_refresh() - read the stations
 * @top: top
 *
 * Return: 0, or a negative errno that ends it
 */
int top_refresh(struct top *top);

/** top_only_port() - the port that is shown, and reset @top: top; NULL: all of them */
const char *top_only_port(const struct top *top);

#endif /* L2PC_TOOL_TOP_H */
