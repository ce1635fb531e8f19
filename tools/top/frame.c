// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of top, and its help.
 * Copyright (C) the l2packet_counter authors
 *
 *	eth0  lifetime 16m30s  3 stations            1.2k pkt/s  940k bytes/s
 *	total 18.2M packets  9.4G bytes  untracked 40  skipped 91
 *	STATION            NAME             PKT/S          BYTES/S  AVG/S ...
 *	02:00:00:00:00:02  nas               1.2k ███████     940k   1.1k ...
 *	...
 *	s sort:rate  v view  / filter  space pause  r reset  ? help  q quit
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "top/top.h"

#define LINE		256
#define HEAD_LINES	3
#define NUMBER		7

enum column {
	STATION,
	VLAN,
	PORT,
	NAME,
	RATE,
	BAR,
	BYTE_RATE,
	AVERAGE,
	PACKETS,
	BYTES,
	LAST,
	COLUMNS
};

static const struct {
	const char *title;
	int width;
	int sort;	/* the order that it shows, or -1 */
} columns[COLUMNS] = {
	[STATION] = { "STATION", MAC_SIZE - 1, TOP_MAC },
	[VLAN] = { "VLAN", 4, -1 },
	[PORT] = { "PORT", 8, -1 },
	[NAME] = { "NAME", 12, TOP_NAME },
	[RATE] = { "PKT/S", NUMBER, TOP_RATE },
	[BAR] = { "", 6, -1 },
	[BYTE_RATE] = { "BYTES/S", NUMBER, TOP_BYTE_RATE },
	[AVERAGE] = { "AVG/S", NUMBER, -1 },
	[PACKETS] = { "PACKETS", NUMBER, TOP_PACKETS },
	[BYTES] = { "BYTES", NUMBER, TOP_BYTES },
	[LAST] = { "LAST", 6, TOP_LAST },
};

struct frame {
	const struct top *top;
	const struct canvas *canvas;
	int width[COLUMNS];	/* 0 where there is no room for it */
	double highest;		/* packets a second, of a station on the screen */
};

static bool is_wanted(const struct top *top, enum column column)
{
	switch (column) {
	case VLAN:
		return top->store.tagged;
	case PORT:
		return top->shown < 0 && top->store.delta.ports > 1;
	case BAR:
		return top->bars;
	default:
		return true;
	}
}

static void set_widths(struct frame *frame)
{
	static const enum column by_need[] = {
		STATION, RATE, PACKETS, NAME, VLAN, PORT, LAST, BYTE_RATE, BAR, AVERAGE, BYTES,
	};
	int rest = frame->canvas->columns + 1, more;

	for (size_t i = 0; i < ARRAY_SIZE(by_need); i++) {
		enum column c = by_need[i];

		if (!is_wanted(frame->top, c) || columns[c].width >= rest)
			continue;
		frame->width[c] = columns[c].width;
		rest -= columns[c].width + 1;
	}
	/* What is left goes to the name, then to the bar. */
	if (frame->width[NAME]) {
		more = rest < 12 ? rest : 12;
		frame->width[NAME] += more;
		rest -= more;
	}
	if (frame->width[BAR])
		frame->width[BAR] += rest < 24 ? rest : 24;
}

static void put_spaces(const struct canvas *canvas, int count)
{
	char text[LINE];

	if (count <= 0)
		return;
	snprintf(text, sizeof(text), "%*s", count, "");
	canvas->put(COLOR_NONE, text);
}

static void put_cell(const struct frame *frame, enum column column, enum color color,
		     const char *text)
{
	bool left = column == STATION || column == NAME || column == PORT || column == BAR;
	int pad = frame->width[column] - text_width(text);

	if (!frame->width[column])
		return;
	put_spaces(frame->canvas, (column != STATION) + (left || pad < 0 ? 0 : pad));
	frame->canvas->put(color, text);
	put_spaces(frame->canvas, left ? pad : 0);
}

/* Rates have at most one digit behind the point. */
static const char *rate_text(double rate, char buffer[TEXT_SIZE])
{
	return rate > 0 ? text_rate(rate, SECOND, true, buffer) : "-";
}

static void put_bar_cell(const struct frame *frame, double part)
{
	int room = 8 * frame->width[BAR], eighths = (int)(part * room + 0.5);
	char text[LINE] = "";

	if (part > 0 && !eighths)
		eighths = 1;
	if (eighths > room)
		eighths = room;
	/* U+2588 is a full block, U+2589 to U+258F have seven to one eighths. */
	for (int left = eighths; left > 0; left -= 8) {
		if (frame->top->ascii)
			text_append(text, sizeof(text), "#");
		else
			text_append(text, sizeof(text), "\xe2\x96%c", left >= 8 ? 0x88 : 0x90 - left);
	}
	put_cell(frame, BAR, COLOR_BAR, text);
}

/* A text of any kind, as far as there is room. */
static void put_name_cell(const struct frame *frame, enum column column, enum color color,
			  const char *name)
{
	char text[LINE];

	text_plain(name, frame->top->ascii, text, sizeof(text));
	if (frame->width[column])
		text_fit(text, sizeof(text), frame->width[column]);
	put_cell(frame, column, color, text);
}

static void put_station_line(const struct frame *frame, const struct entry *entry)
{
	const struct top *top = frame->top;
	const struct top_port *port = store_port(&top->store, entry->delta.port);
	bool anonymous = options_have(top->options, OPT_ANONYMIZE);
	double age = store_seconds(port, port->since), rate = top_rate(top, entry, entry->new_packets);
	const char *name = anonymous ? NULL : names_find(entry->delta.mac), *origin = "local";
	uint64_t now = port->view.now;
	char buffer[TEXT_SIZE], mac[MAC_SIZE];
	uint8_t address[6];

	top_mac(top, entry, address);
	put_cell(frame, STATION, COLOR_NONE, text_mac(address, mac));
	put_cell(frame, VLAN, COLOR_NONE, entry->delta.vlan == NO_VLAN ? "-" :
		 text_number(entry->delta.vlan, buffer));
	put_name_cell(frame, PORT, COLOR_NONE, port->view.ifname);
	if (!name && frame->width[NAME] && !anonymous && !names_local(entry->delta.mac))
		origin = names_vendor(entry->delta.mac);
	put_name_cell(frame, NAME, name || anonymous ? COLOR_NONE : COLOR_FAINT,
		      name ? name : anonymous || !origin ? "-" : origin);
	put_cell(frame, RATE, rate > 0 ? COLOR_TITLE : COLOR_FAINT, rate_text(rate, buffer));
	put_bar_cell(frame, frame->highest > 0 ? rate / frame->highest : 0);
	put_cell(frame, BYTE_RATE, COLOR_NONE, rate_text(top_rate(top, entry, entry->new_bytes), buffer));
	rate = age > 0 ? (double)(entry->delta.packets - entry->base_packets) / age : 0;
	put_cell(frame, AVERAGE, COLOR_NONE, rate_text(rate, buffer));
	put_cell(frame, PACKETS, COLOR_NONE, text_human((double)entry->delta.packets, buffer));
	put_cell(frame, BYTES, COLOR_NONE, text_human((double)entry->delta.bytes, buffer));
	put_cell(frame, LAST, COLOR_NONE,
		 text_span(now > entry->last_seen ? now - entry->last_seen : 0, buffer));
	frame->canvas->end();
}

/* The column that makes the order stands out. */
static void put_title_line(const struct frame *frame)
{
	for (enum column c = STATION; c < COLUMNS; c++)
		put_cell(frame, c, columns[c].sort == (int)frame->top->sort ? COLOR_SORTED :
			 COLOR_TITLE, columns[c].title);
	frame->canvas->end();
}

/* Sums of the ports that are shown. */
struct sums {
	uint64_t packets, bytes, untracked, skipped, stations;
	double rate, byte_rate;
	uint64_t span;
};

static void sum_up(const struct top *top, struct sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	for (size_t i = 0; i < top->store.delta.ports; i++) {
		const struct top_port *port = store_port(&top->store, i);
		const struct totals *totals = &port->view.totals;

		if ((top->shown >= 0 && (size_t)top->shown != i) ||
		    !store_has(&top->store, i))
			continue;
		sums->packets += totals->value[L2PC_A_TOTALS_PACKETS];
		sums->bytes += totals->value[L2PC_A_TOTALS_BYTES];
		sums->untracked += totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
		sums->skipped += totals_skipped(totals, RX);
		sums->stations += port->stations;
		if (view_span(&port->view) > sums->span)
			sums->span = view_span(&port->view);
		if (port->seconds > 0 && totals->value[L2PC_A_TOTALS_PACKETS] >= port->packets_before) {
			sums->rate += (double)(totals->value[L2PC_A_TOTALS_PACKETS] -
					       port->packets_before) / port->seconds;
			sums->byte_rate += (double)(totals->value[L2PC_A_TOTALS_BYTES] -
						    port->bytes_before) / port->seconds;
		}
	}
}

/* What is shown, and reset. */
static const char *ports_name(const struct top *top)
{
	const char *name = top_only_port(top);

	return name ? name : "all ports";
}

/* One more piece of a line that has @width columns, if there is room for it. */
static void put_piece(const struct canvas *canvas, int *width, enum color color,
		      const char *word, uint64_t count)
{
	char text[LINE], number[TEXT_SIZE];

	if (!count)
		return;
	snprintf(text, sizeof(text), "  %s %s", word, text_human((double)count, number));
	*width += (int)strlen(text);
	if (*width <= canvas->columns)
		canvas->put(color, text);
}

static void put_head(const struct top *top, const struct canvas *canvas)
{
	char line[LINE], right[LINE], a[TEXT_SIZE], b[TEXT_SIZE];
	struct sums sums;
	int width;

	sum_up(top, &sums);
	snprintf(line, sizeof(line), "%s  %s%s%s  %" PRIu64 " station%s%s", ports_name(top),
		 top->store.delta.ports ? view_name(&store_port(&top->store, 0)->view) :
					  enum_name(&view_names, top->view),
		 sums.span ? " " : "", sums.span ? text_span(sums.span, a) : "", sums.stations,
		 text_plural(sums.stations), top->paused ? "  PAUSED" : "");
	snprintf(right, sizeof(right), "%s pkt/s  %s bytes/s", rate_text(sums.rate, a),
		 rate_text(sums.byte_rate, b));
	text_plain(line, true, line, sizeof(line));
	width = text_fit(line, sizeof(line), canvas->columns) + (int)strlen(right);
	canvas->put(COLOR_TITLE, line);
	if (width + 2 <= canvas->columns) {
		put_spaces(canvas, canvas->columns - width);
		canvas->put(COLOR_TITLE, right);
	}
	canvas->end();

	snprintf(line, sizeof(line), "total %s packets  %s bytes", text_human((double)sums.packets, a),
		 text_human((double)sums.bytes, b));
	width = text_fit(line, sizeof(line), canvas->columns);
	canvas->put(COLOR_NONE, line);
	put_piece(canvas, &width, COLOR_ALARM, "untracked", sums.untracked);
	put_piece(canvas, &width, COLOR_NONE, "skipped", sums.skipped);
	canvas->end();
}

static void put_foot(const struct top *top, const struct canvas *canvas)
{
	char line[LINE] = "", rows[64] = "";

	if (top->matching > top->rows)
		snprintf(rows, sizeof(rows), "%zu-%zu of %zu  ", top->scroll + 1,
			 top->scroll + top->rows < top->matching ? top->scroll + top->rows :
			 top->matching, top->matching);
	switch (top->mode) {
	case MODE_FILTER:
		snprintf(line, sizeof(line), "filter: %s_  enter keeps it, escape clears it",
			 top->filter);
		break;
	case MODE_RESET:
		snprintf(line, sizeof(line), "close the window of %s, and begin a new one? y or n",
			 ports_name(top));
		break;
	default:
		if (top->message[0])
			snprintf(line, sizeof(line), "%s", top->message);
		else if (top->filter[0])
			snprintf(line, sizeof(line), "%sfilter: %s  / changes it  ? help  q quit",
				 rows, top->filter);
		else
			snprintf(
				line, sizeof(line),
				"%ss sort:%s%s  v view  / filter  space pause  r reset  ? help  q quit",
				rows, top_sort_names.name[top->sort],
				top->reverse ? " reversed" : "");
	}
	text_fit(line, sizeof(line), canvas->columns);
	canvas->put(top->mode == MODE_NORMAL ? COLOR_SORTED : COLOR_TITLE, line);
}

void top_frame(struct top *top, const struct canvas *canvas)
{
	struct frame frame = { .top = top, .canvas = canvas };
	size_t line, end;

	top->rows = canvas->lines > HEAD_LINES + 1 ? (size_t)canvas->lines - HEAD_LINES - 1 : 0;
	top_rank(top);
	if (top->scroll + top->rows > top->matching) {
		top->scroll = top->matching > top->rows ? top->matching - top->rows : 0;
		top_rank(top);
	}
	end = top->scroll + top->rows < top->matching ? top->scroll + top->rows : top->matching;
	for (size_t i = top->scroll; i < end; i++) {
		const struct entry *entry = store_entry(&top->store, top->ranked[i]);
		double rate = top_rate(top, entry, entry->new_packets);

		frame.highest = rate > frame.highest ? rate : frame.highest;
	}
	set_widths(&frame);
	put_head(top, canvas);
	put_title_line(&frame);
	for (size_t i = top->scroll; i < end; i++)
		put_station_line(&frame, store_entry(&top->store, top->ranked[i]));
	line = end - top->scroll;
	if (!top->matching && top->rows) {
		canvas->put(COLOR_FAINT, top->store.delta.stations ? "no station matches" :
			    top->store.delta.ports ? "no stations yet" :
			    "no ports; add one: sudo l2pc add eth0");
		canvas->end();
		line = 1;
	}
	if (!canvas->keys || canvas->lines <= HEAD_LINES)
		return;
	for (; line < top->rows; line++)
		canvas->end();
	put_foot(top, canvas);
}

void top_help_frame(const struct canvas *canvas)
{
	static const char *const lines[] = {
		"l2pc top: stations as they change. PKT/S and BYTES/S are of the last reading,",
		"AVG/S since top was started or the window was opened.",
		"",
		"  s S            next, previous order: rate, byte-rate, packets, bytes, last,",
		"                 first, mac, name           i   the other way round",
		"  v V            next, previous view        w p l  window, previous, lifetime",
		"  tab            next port                  a   all ports",
		"  /              filter as you type: address, name, vendor",
		"  up down j k    scroll                     page up, page down, home, end too",
		"  space          pause                      + -  read more, less often",
		"  b              bars on or off",
		"  r              reset: close the window of what is shown; asks first",
		"  ?              this help                  q   quit",
		"",
		"any key goes back",
	};
	int line = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lines) && line < canvas->lines - 1; i++, line++) {
		char text[LINE];

		snprintf(text, sizeof(text), "%s", lines[i]);
		text_fit(text, sizeof(text), canvas->columns);
		canvas->put(i < 2 ? COLOR_TITLE : COLOR_NONE, text);
		canvas->end();
	}
	for (; line < canvas->lines - 1; line++)
		canvas->end();
}
