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

#include "output/json.h"
#include "source/model.h"
#include "util/options.h"

struct output;

/**
 * struct format - how things are written to stdout
 * @begin: before the first, or NULL
 * @view: a view with its stations
 * @port: a port with its settings and sums
 * @closing: a window that was closed
 * @end: after the last, or NULL
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
extern const struct format format_brief;
extern const struct format format_line;
extern const struct format format_json;

/**
 * struct output - the writing of one command
 * @format: how
 * @json: the writer, for formats that are JSON
 * @timestamps: events begin with the time of day
 * @human: numbers have units
 * @statistics: all counters
 * @names: names and vendors are shown
 * @columns: of the terminal, 0 where there is none
 * @blocks: things written so far
 * @now: boot time in nanoseconds, to show moments of ports as ages
 */
struct output {
	const struct format *format;
	struct json json;
	bool timestamps;
	bool human;
	bool statistics;
	bool names;
	int columns;
	size_t blocks;
	uint64_t now;
};

static inline void output_begin(struct output *output)
{
	if (output->format->begin)
		output->format->begin(output);
}

static inline void output_end(struct output *output)
{
	if (output->format->end)
		output->format->end(output);
}

/**
 * output_init() - begin to write as the options say
 * @output: to be filled
 * @options: the options
 */
void output_init(struct output *output, const struct options *options);

/**
 * output_empty() - there is nothing to tell; but a script may expect its array
 * @options: the options
 */
void output_empty(const struct options *options);

/**
 * output_stamp() - the time of day, as monitor -ts writes it
 * @buffer: for it, of OUTPUT_STAMP bytes
 *
 * Return: @buffer
 */
char *output_stamp(char *buffer);

#define OUTPUT_STAMP	40

/** output_name() - the name of a station, NULL when it has none or is not wanted */
const char *output_name(const struct output *output, const struct station *station);

/** output_vendor() - its vendor, NULL also for a local address */
const char *output_vendor(const struct output *output, const struct station *station);

/** output_origin() - its vendor or "local", or NULL */
const char *output_origin(const struct output *output, const struct station *station);

/** output_number() - a number with a unit where units are wanted, "-" unless @has */
const char *output_number(const struct output *output, uint64_t value, bool has,
			  char buffer[TEXT_SIZE]);

/**
 * output_flush() - write what there is to stdout now
 *
 * What goes wrong is known to output_error() until the end.
 */
void output_flush(void);

/** output_error() - Return: the first errno of output_flush(), or 0 */
int output_error(void);

/** output_ifname() - a port's name as it can be shown, in a static buffer */
const char *output_ifname(const char *name);

/** output_event_ifname() - the name of an event's port */
static inline const char *output_event_ifname(const struct event *event)
{
	return event->port.ifname[0] ? event->port.ifname : event->view.ifname;
}

/** output_is_station_event() - is it about stations, and not about a port? */
static inline bool output_is_station_event(const struct event *event)
{
	return event->cmd == L2PC_CMD_STATION_NEW_NTF || event->cmd == L2PC_CMD_STATION_EXPIRE_NTF;
}

/** output_view() - format_text's view: a table */
void output_view(struct output *output, const struct view *view);

#endif /* L2PC_TOOL_OUTPUT_H */
