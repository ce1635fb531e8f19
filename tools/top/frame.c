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

#include "top/columns.h"

#define HEAD_LINES	3

/* Sums of the ports that are shown, of one direction. */
struct sums {
	uint64_t packets, bytes, untracked, skipped;
	double rate, byte_rate;
};

static bool is_shown(const struct top *top, size_t slot)
{
	return (top->shown < 0 || (size_t)top->shown == slot) && store_has(&top->store, slot);
}

static void sum_up(const struct top *top, enum direction direction, struct sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	for (size_t i = 0; i < top->store.delta.ports; i++) {
		const struct top_port *port = store_port(&top->store, i);
		const struct totals *totals = &port->view.totals;
		uint64_t packets = totals_value(totals, direction, L2PC_A_TOTALS_PACKETS);
		uint64_t bytes = totals_value(totals, direction, L2PC_A_TOTALS_BYTES);

		if (!is_shown(top, i))
			continue;
		sums->packets += packets;
		sums->bytes += bytes;
		sums->untracked += totals_value(totals, direction, L2PC_A_TOTALS_UNTRACKED_PACKETS);
		sums->skipped += totals_skipped(totals, direction);
		if (port->seconds > 0 && packets >= port->packets_before[direction]) {
			sums->rate += (double)(packets - port->packets_before[direction]) /
				      port->seconds;
			sums->byte_rate += (double)(bytes - port->bytes_before[direction]) /
					   port->seconds;
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

/* "1.2k pkt/s  940k bytes/s" */
static void format_rates(const struct sums *sums, char line[LINE])
{
	char a[TEXT_SIZE], b[TEXT_SIZE];

	snprintf(line, LINE, "%s pkt/s  %s bytes/s", columns_rate(sums->rate, a),
		 columns_rate(sums->byte_rate, b));
}

/* Write a text at the right end of a line that has @width columns, if there is room for it. */
static void put_right(const struct canvas *canvas, int width, const char *text)
{
	width += (int)strlen(text);
	if (width + 2 > canvas->columns)
		return;
	columns_spaces(canvas, canvas->columns - width);
	canvas->put(COLOR_TITLE, text);
}

/* The totals of a direction; @label: what it is called, @right: at the end of the line. */
static void put_totals(const struct canvas *canvas, const struct sums *sums, const char *label,
		       int label_width, const char *right)
{
	char line[LINE], a[TEXT_SIZE], b[TEXT_SIZE];
	int width, end = right[0] ? (int)strlen(right) + 2 : 0;
	/* Rates may be left out for untracked frames, but not for skipped ones. */
	struct canvas rest = *canvas;

	snprintf(line, sizeof(line), "%-*s %s packets  %s bytes", label_width, label,
		 text_human((double)sums->packets, a), text_human((double)sums->bytes, b));
	width = text_fit(line, sizeof(line), canvas->columns);
	canvas->put(COLOR_NONE, line);
	put_piece(canvas, &width, COLOR_ALARM, "untracked", sums->untracked);
	rest.columns -= width + end <= canvas->columns ? end : 0;
	put_piece(&rest, &width, COLOR_NONE, "skipped", sums->skipped);
	if (end)
		put_right(canvas, width, right);
	canvas->end();
}

static void put_head(const struct frame *frame)
{
	const struct top *top = frame->top;
	const struct canvas *canvas = frame->canvas;
	char line[LINE], right[LINE], a[TEXT_SIZE];
	uint64_t span = 0, stations = 0;
	struct sums sums;
	int width;

	for (size_t i = 0; i < top->store.delta.ports; i++) {
		const struct top_port *port = store_port(&top->store, i);

		if (!is_shown(top, i))
			continue;
		stations += port->stations;
		if (view_span(&port->view) > span)
			span = view_span(&port->view);
	}
	snprintf(line, sizeof(line), "%s  %s%s%s  %" PRIu64 " station%s%s", ports_name(top),
		 top->store.delta.ports ? view_name(&store_port(&top->store, 0)->view) :
					  enum_name(&view_names, top->view),
		 span ? " " : "", span ? text_span(span, a) : "", stations, text_plural(stations),
		 top->paused ? "  PAUSED" : "");
	text_plain(line, true, line, sizeof(line));
	width = text_fit(line, sizeof(line), canvas->columns);
	canvas->put(COLOR_TITLE, line);
	sum_up(top, RX, &sums);
	format_rates(&sums, right);
	if (!frame->has_tx) {
		put_right(canvas, width, right);
		canvas->end();
		put_totals(canvas, &sums, "total", 0, "");
		return;
	}
	canvas->end();
	for (int i = 0; i < DIRECTIONS; i++) {
		enum direction direction = (i == 0) == top->swap ? TX : RX;

		sum_up(top, direction, &sums);
		format_rates(&sums, right);
		put_totals(canvas, &sums, direction_label(direction, top->swap),
			   (int)strlen(direction_label(TX, top->swap)), right);
	}
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
	struct frame frame = { .top = top, .canvas = canvas, .has_tx = top_has_tx(top) };
	int head = HEAD_LINES + frame.has_tx;
	size_t line, end;

	top->rows = canvas->lines > head + 1 ? (size_t)(canvas->lines - head - 1) : 0;
	top_rank(top);
	if (top->scroll + top->rows > top->matching) {
		top->scroll = top->matching > top->rows ? top->matching - top->rows : 0;
		top_rank(top);
	}
	end = top->scroll + top->rows < top->matching ? top->scroll + top->rows : top->matching;
	for (size_t i = top->scroll; i < end; i++) {
		const struct entry *entry = store_entry(&top->store, top->ranked[i]);
		double rate = top_rate(top, entry, entry->new_packets[RX] + entry->new_packets[TX]);

		frame.highest = rate > frame.highest ? rate : frame.highest;
	}
	columns_init(&frame);
	put_head(&frame);
	columns_titles(&frame);
	for (size_t i = top->scroll; i < end; i++)
		columns_station(&frame, store_entry(&top->store, top->ranked[i]));
	line = end - top->scroll;
	if (!top->matching && top->rows) {
		canvas->put(COLOR_FAINT, top->store.delta.stations ? "no station matches" :
			    top->store.delta.ports ? "no stations yet" :
			    "no ports; add one: sudo l2pc add eth0");
		canvas->end();
		line = 1;
	}
	if (!canvas->keys || canvas->lines <= head)
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
		"                 first, mac, name; where frames sent are counted, too, also",
		"                 rx-rate, tx-bytes...       i   the other way round",
		"  v V            next, previous view        w p l  window, previous, lifetime",
		"  tab            next port                  a   all ports",
		"  /              filter as you type: address, name, vendor",
		"  up down j k    scroll                     page up, page down, home, end too",
		"  space          pause                      + -  read more, less often",
		"  b              bars on or off             d   RX and TX, or down and up",
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
