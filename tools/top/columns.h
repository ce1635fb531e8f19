/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stations on the screen of top: columns and lines.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_COLUMNS_H
#define L2PC_TOOL_COLUMNS_H

#include "top/top.h"

/* Bytes of a line. */
#define LINE		256

/*
 * Where sent frames are counted, columns with numbers are there in pairs: the second
 * direction has the column behind the first one.
 */
enum column {
	STATION,
	VLAN,
	PORT,
	NAME,
	RATE,
	OTHER_RATE,
	BAR,
	BYTE_RATE,
	OTHER_BYTE_RATE,
	AVERAGE,
	PACKETS,
	OTHER_PACKETS,
	BYTES,
	OTHER_BYTES,
	LAST,
	COLUMNS
};

struct frame {
	const struct top *top;
	const struct canvas *canvas;
	bool has_tx;		/* columns are in pairs */
	int width[COLUMNS];	/* 0 where there is no room for it */
	double highest;		/* packets a second, of a station on the screen */
};

/** columns_init() - choose the columns that there is room for */
void columns_init(struct frame *frame);

/** columns_titles() - write the titles; those of the order stand out */
void columns_titles(const struct frame *frame);

/** columns_station() - write the line of a station */
void columns_station(const struct frame *frame, const struct entry *entry);

/** columns_spaces() - write @count blanks */
void columns_spaces(const struct canvas *canvas, int count);

/** columns_rate() - format a rate, with at most one digit behind the point */
const char *columns_rate(double rate, char buffer[TEXT_SIZE]);

#endif /* L2PC_TOOL_COLUMNS_H */
