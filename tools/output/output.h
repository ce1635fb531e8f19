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

/* How things are written to stdout. */
struct format {
	void (*view)(struct output *output, const struct view *view);
	void (*port)(struct output *output, const struct port *port);
	void (*pattern)(struct output *output, const struct port *pattern);
	void (*closed)(struct output *output, const struct view *closed);
	void (*end)(struct output *output);	/* after the last, or NULL */
	/* stands alone, without output_begin() and output_end() */
	void (*event)(struct output *output, const struct event *event);
};

extern const struct format format_text;
extern const struct format format_brief;
extern const struct format format_line;
extern const struct format format_json;
extern const struct format format_proc;

/* The output of one command. */
struct output {
	const struct format *format;
	struct json json;	/* for formats that are JSON */
	bool timestamps;	/* events begin with the time of day */
	bool human;		/* numbers have units */
	bool statistics;	/* all counters */
	bool names;		/* names and vendors are shown */
	bool swap;		/* directions are those of the stations, not of the port */
	int columns;		/* of the terminal, 0 where there is none */
	size_t blocks;		/* things written so far */
	uint64_t now;		/* boot time, ns: timestamps of ports are shown as ages */
};

/** enum color - what a colour is for */
enum color {
	COLOR_NONE,
	COLOR_TITLE,
	COLOR_PORT,
	COLOR_MAC,
	COLOR_NAME,
	COLOR_FAINT,
	COLOR_ALARM,
	COLOR_SORTED,
	COLOR_BAR,
};

/** color_init() - use colours where they are wanted: -c, a terminal, and no NO_COLOR */
void color_init(const struct options *options);

/** color_on() - the text that begins a colour, or "" */
const char *color_on(enum color color);

/** color_off() - the text that ends it, or "" */
const char *color_off(enum color color);

/** color_print() - write a text in a colour to stdout */
void color_print(enum color color, const char *text);

static inline void output_begin(struct output *output)
{
	if (output->format == &format_json)
		json_open(&output->json, NULL, '[');
}

static inline void output_end(struct output *output)
{
	if (output->format == &format_json)
		json_close(&output->json, ']');
	else if (output->format->end)
		output->format->end(output);
}

/** output_init() - begin to write as the options say @output: to be filled */
void output_init(struct output *output, const struct options *options);

/** output_empty() - write nothing, but an empty array where the options ask for JSON */
void output_empty(const struct options *options);

#define OUTPUT_STAMP	40

/** output_stamp() - the time of day, as monitor -ts writes it. Return: @buffer */
char *output_stamp(char buffer[OUTPUT_STAMP]);

/** output_name() - the name of a station, NULL when it has none or is not wanted */
const char *output_name(const struct output *output, const struct station *station);

/** output_vendor() - its vendor, NULL also for a local address */
const char *output_vendor(const struct output *output, const struct station *station);

/** output_origin() - its vendor or "local", or NULL */
const char *output_origin(const struct output *output, const struct station *station);

/** output_number() - a number with a unit where units are wanted, "-" unless @has */
static inline const char *output_number(const struct output *output, uint64_t value, bool has,
					char buffer[TEXT_SIZE])
{
	if (!has)
		return "-";
	return output->human ? text_human((double)value, buffer) : text_number(value, buffer);
}

/** direction_label() - "RX" or "TX"; with @swap what it is for the station: "UP" or "DOWN" */
static inline const char *direction_label(enum direction direction, bool swap)
{
	if (swap)
		return direction == RX ? "UP" : "DOWN";
	return direction == RX ? "RX" : "TX";
}

/** output_flush() - write to stdout what there is now; errors are kept for output_error() */
void output_flush(void);

/** output_error() - the first errno of output_flush(), or 0 */
int output_error(void);

/** output_ifname() - a port's name as it can be shown, in a static buffer */
const char *output_ifname(const char *name);

/** output_pattern() - a pattern as it can be shown, in a static buffer */
const char *output_pattern(const char *pattern);

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

/** port_hook() - by which hook a port is counted, or why it is not. Return: a static buffer,
 * empty when that was not sent
 */
const char *port_hook(const struct port *port);

/** port_check_older() - note once, on stderr, that the module is older than the tool */
void port_check_older(const struct port *port);

/** output_event() - format_text's event: a line */
void output_event(struct output *output, const struct event *event);

/** output_view() - format_text's view: a table */
void output_view(struct output *output, const struct view *view);

#endif /* L2PC_TOOL_OUTPUT_H */
