/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is shown, and how: a verb hands over things, a format writes them.
 * Copyright (C) the l2packet_counter authors
 *
 * A format is one file that fills a struct format. No verb knows which one is in
 * use, and no format knows where the things come from.
 */
#ifndef L2PC_TOOL_OUTPUT_H
#define L2PC_TOOL_OUTPUT_H

#include "json.h"
#include "model.h"

struct output;

/**
 * struct format - how things are written to stdout
 * @begin: before the first
 * @view: a view with its stations
 * @port: a port with its settings and sums
 * @closing: a window that was closed
 * @end: after the last
 * @event: an event; stands alone, without @begin and @end
 */
struct format {
	void (*begin)(struct output *output);
	void (*view)(struct output *output, const struct view *view);
	void (*port)(struct output *output, const struct port *port);
	void (*closing)(struct output *output, const struct closing *closing);
	void (*end)(struct output *output);
	void (*event)(struct output *output, const struct event *event);
};

extern const struct format format_text;
extern const struct format format_json;

/**
 * struct output - the writing of one command
 * @format: how
 * @json: the writer, for formats that are JSON
 * @timestamps: events begin with the time of day
 * @blocks: things written so far
 * @now: boot time in nanoseconds, to show moments as ages
 */
struct output {
	const struct format *format;
	struct json json;
	bool timestamps;
	size_t blocks;
	uint64_t now;
};

/**
 * output_stamp() - the time of day, as monitor -ts writes it
 * @buffer: for it, of OUTPUT_STAMP bytes
 *
 * Return: @buffer
 */
char *output_stamp(char *buffer);

#define OUTPUT_STAMP	40

#endif /* L2PC_TOOL_OUTPUT_H */
