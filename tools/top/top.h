/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stations as they change.
 * Copyright (C) the l2packet_counter authors
 *
 * top.c reads and waits, store.c keeps, rank.c finds the busiest,
 * frame.c says what is on the screen, keys.c what a key does; and
 * screen.c is the only one that knows curses.
 */
#ifndef L2PC_TOOL_TOP_H
#define L2PC_TOOL_TOP_H

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

/**
 * struct top - a screen of stations
 * @options: which stations
 * @source: where from
 * @store: what is known
 * @ifname: the only port, NULL for all
 * @view: since when
 * @sort: order
 * @reverse: the other way round
 * @shown: place of the port that is shown, -1 for all
 * @filter: only who has this in address, name or vendor
 * @scroll: stations above the screen
 * @rows: stations that fit on the screen
 * @mode: what keys are for
 * @paused: the screen stands still
 * @stale: something is to be read or shown anew
 * @quit: a key ended it
 * @ascii: no characters but ASCII
 * @bars: with bars
 * @delay: nanoseconds between two readings
 * @message: for the last line, empty for none
 * @ranked: stations in the order of the screen, as far as it goes
 * @matching: how many there are in it
 * @ranked_room: how many it has room for
 */
struct top {
	const struct options *options;
	struct source source;
	struct store store;
	const char *ifname;
	enum l2pc_view view;
	enum top_sort sort;
	bool reverse;
	int shown;
	char filter[FILTER_SIZE];
	size_t scroll;
	size_t rows;
	enum top_mode mode;
	bool paused;
	bool stale;
	bool quit;
	bool ascii;
	bool bars;
	uint64_t delay;
	char message[128];
	uint32_t *ranked;
	size_t matching;
	size_t ranked_room;
};

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

/** enum attribute - how a piece of the screen looks */
enum attribute {
	ATTR_PLAIN,
	ATTR_BOLD,
	ATTR_REVERSE,
	ATTR_FAINT,
	ATTR_BAR,
	ATTR_ALARM,
};

/**
 * struct canvas - where a screen is written
 * @columns: that it has
 * @lines: that it has
 * @keys: somebody can press keys: all lines are filled, the last one with help
 * @put: write a piece of a line
 * @end: end the line
 */
struct canvas {
	int columns;
	int lines;
	bool keys;
	void (*put)(enum attribute attribute, const char *text);
	void (*end)(void);
};

/** top_frame() - write the screen @top: rows and scroll are made to fit @canvas: where */
void top_frame(struct top *top, const struct canvas *canvas);

/** top_help_frame() - write the help @canvas: where */
void top_help_frame(const struct canvas *canvas);

/* Keys that are no characters. */
enum {
	TOP_KEY_UP = 0x110000,
	TOP_KEY_DOWN,
	TOP_KEY_PAGE_UP,
	TOP_KEY_PAGE_DOWN,
	TOP_KEY_HOME,
	TOP_KEY_END,
	TOP_KEY_TAB_BACK,
	TOP_KEY_ERASE,
	TOP_KEY_ENTER,
	TOP_KEY_ESCAPE,
};

/** top_key() - a key was pressed @top: top @key: a character or TOP_KEY_x */
void top_key(struct top *top, unsigned int key);

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
