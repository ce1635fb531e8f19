// SPDX-License-Identifier: GPL-2.0
/*
 * What is on top's screen.
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
#include "util/text.h"

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

static const char *const titles[COLUMNS] = {
	"STATION", "VLAN", "PORT", "NAME", "PKT/S", "", "BYTES/S", "AVG/S", "PACKETS", "BYTES", "LAST",
};

/* Width of each column, 0 where there is no room for it. */
struct layout {
	int width[COLUMNS];
};

static int layout_width(const struct layout *layout)
{
	int sum = -1;

	for (enum column c = STATION; c < COLUMNS; c++)
		sum += layout->width[c] ? layout->width[c] + 1 : 0;
	return sum;
}

static void layout_make(const struct top *top, int columns, struct layout *layout)
{
	/* The most wanted first. */
	const struct {
		enum column column;
		int width;
		bool wanted;
	} wishes[] = {
		{ STATION, MAC_SIZE - 1, true },
		{ RATE, NUMBER, true },
		{ PACKETS, NUMBER, true },
		{ NAME, 12, true },
		{ VLAN, 4, top->store.tagged },
		{ PORT, 8, top->shown < 0 && top->store.delta.ports > 1 },
		{ LAST, 6, true },
		{ BYTE_RATE, NUMBER, true },
		{ BAR, 6, top->bars },
		{ AVERAGE, NUMBER, true },
		{ BYTES, NUMBER, true },
	};
	int rest;

	memset(layout, 0, sizeof(*layout));
	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++) {
		if (!wishes[i].wanted)
			continue;
		layout->width[wishes[i].column] = wishes[i].width;
		if (layout_width(layout) > columns)
			layout->width[wishes[i].column] = 0;
	}
	/* What is left goes to the name, then to the bar. */
	rest = columns - layout_width(layout);
	if (rest > 0 && layout->width[NAME]) {
		int more = rest < 24 - layout->width[NAME] ? rest : 24 - layout->width[NAME];

		layout->width[NAME] += more;
		rest -= more;
	}
	if (rest > 0 && layout->width[BAR])
		layout->width[BAR] += rest < 24 ? rest : 24;
}

static void put_spaces(const struct canvas *canvas, enum attribute attribute, int count)
{
	char text[LINE];

	if (count <= 0)
		return;
	memset(text, ' ', sizeof(text));
	text[count < LINE - 1 ? count : LINE - 1] = 0;
	canvas->put(attribute, text);
}

/* @text, which has @width columns, in its column. */
static void put_cell(const struct canvas *canvas, const struct layout *layout, enum column column,
		     enum attribute attribute, const char *text, int width)
{
	bool left = column == STATION || column == NAME || column == PORT || column == BAR;
	int pad = layout->width[column] - width;

	if (!layout->width[column])
		return;
	if (column != STATION)
		put_spaces(canvas, ATTR_PLAIN, 1);
	if (!left)
		put_spaces(canvas, ATTR_PLAIN, pad);
	canvas->put(attribute, text);
	if (left && column < LAST)
		put_spaces(canvas, ATTR_PLAIN, pad);
}

static void put_text_cell(const struct canvas *canvas, const struct layout *layout,
			  enum column column, enum attribute attribute, const char *text)
{
	put_cell(canvas, layout, column, attribute, text, (int)strlen(text));
}

/* Rates have at most one digit behind the point. */
static const char *rate_text(double rate, char buffer[TEXT_SIZE])
{
	if (rate <= 0)
		return "-";
	return text_rate(rate, SECOND, true, buffer);
}

static void put_bar_cell(const struct canvas *canvas, const struct layout *layout, double part,
			 bool ascii)
{
	/* U+2588 is a full block, U+2589 to U+258F have seven to one eighths. */
	int width = layout->width[BAR], eighths = (int)(part * width * 8 + 0.5), size = 0;
	char text[LINE];

	if (part > 0 && !eighths)
		eighths = 1;
	if (eighths > 8 * width)
		eighths = 8 * width;
	if (ascii) {
		size = (eighths + 7) / 8;
		memset(text, '#', (size_t)size);
		text[size] = 0;
		put_cell(canvas, layout, BAR, ATTR_BAR, text, size);
		return;
	}
	text[0] = 0;
	for (int left = eighths; left > 0 && size < LINE - 4; left -= 8)
		size += snprintf(text + size, LINE - (size_t)size, "\xe2\x96%c",
				 left >= 8 ? 0x88 : 0x90 - left);
	put_cell(canvas, layout, BAR, ATTR_BAR, text, (eighths + 7) / 8);
}

static void put_name_cell(const struct top *top, const struct canvas *canvas,
			  const struct layout *layout, const struct entry *entry)
{
	enum attribute attribute = ATTR_PLAIN;
	const char *who = names_find(entry->delta.mac);
	char text[LINE];
	int width;

	if (options_have(top->options, OPT_ANONYMIZE)) {
		who = NULL;
	} else if (!who) {
		attribute = ATTR_FAINT;
		who = names_local(entry->delta.mac) ? "local" : names_vendor(entry->delta.mac);
	}
	text_plain(who ? who : "-", top->ascii, text, sizeof(text));
	width = text_fit(text, sizeof(text), layout->width[NAME]);
	put_cell(canvas, layout, NAME, attribute, text, width);
}

static void put_station_line(const struct top *top, const struct canvas *canvas,
			     const struct layout *layout, const struct entry *entry, double highest)
{
	const struct top_port *port = store_port(&top->store, entry->delta.port);
	double age = store_age(port), rate = top_rate(top, entry);
	uint64_t now = port->view.now;
	char buffer[TEXT_SIZE], mac[MAC_SIZE], name[LINE];
	uint8_t address[6];
	int width;

	top_mac(top, entry, address);
	put_text_cell(canvas, layout, STATION, ATTR_PLAIN, text_mac(address, mac));
	put_text_cell(canvas, layout, VLAN, ATTR_PLAIN,
		      entry->delta.vlan == NO_VLAN ? "-" : text_number(entry->delta.vlan, buffer));
	text_plain(port->view.ifname, top->ascii, name, sizeof(name));
	width = text_fit(name, sizeof(name), layout->width[PORT]);
	if (layout->width[PORT])
		put_cell(canvas, layout, PORT, ATTR_PLAIN, name, width);
	if (layout->width[NAME])
		put_name_cell(top, canvas, layout, entry);
	put_text_cell(canvas, layout, RATE, rate > 0 ? ATTR_BOLD : ATTR_FAINT,
		      rate_text(rate, buffer));
	if (layout->width[BAR])
		put_bar_cell(canvas, layout, highest > 0 ? rate / highest : 0, top->ascii);
	put_text_cell(canvas, layout, BYTE_RATE, ATTR_PLAIN,
		      rate_text(top_byte_rate(top, entry), buffer));
	put_text_cell(canvas, layout, AVERAGE, ATTR_PLAIN,
		      rate_text(age > 0 ? (double)(entry->delta.packets - entry->base_packets) / age : 0,
				buffer));
	put_text_cell(canvas, layout, PACKETS, ATTR_PLAIN,
		      text_human((double)entry->delta.packets, buffer));
	put_text_cell(canvas, layout, BYTES, ATTR_PLAIN, text_human((double)entry->delta.bytes, buffer));
	put_text_cell(canvas, layout, LAST, ATTR_PLAIN,
		      text_span(now > entry->last_seen ? now - entry->last_seen : 0, buffer));
	canvas->end();
}

static void put_title_line(const struct top *top, const struct canvas *canvas,
			   const struct layout *layout)
{
	static const int sorts[COLUMNS] = {
		[STATION] = TOP_MAC, [NAME] = TOP_NAME, [RATE] = TOP_RATE,
		[BYTE_RATE] = TOP_BYTE_RATE, [PACKETS] = TOP_PACKETS, [BYTES] = TOP_BYTES,
		[LAST] = TOP_LAST, [VLAN] = -1, [PORT] = -1, [BAR] = -1, [AVERAGE] = -1,
	};

	/* The column that makes the order stands out. */
	for (enum column c = STATION; c < COLUMNS; c++)
		put_text_cell(canvas, layout, c,
			      sorts[c] == (int)top->sort ? ATTR_REVERSE : ATTR_BOLD, titles[c]);
	canvas->end();
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
		double seconds = store_seconds(port);

		if ((top->shown >= 0 && (size_t)top->shown != i) ||
		    !store_has(&top->store, i))
			continue;
		sums->packets += totals->value[L2PC_A_TOTALS_PACKETS];
		sums->bytes += totals->value[L2PC_A_TOTALS_BYTES];
		sums->untracked += totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
		sums->skipped += totals_skipped(totals);
		sums->stations += port->stations;
		if (view_span(&port->view) > sums->span)
			sums->span = view_span(&port->view);
		if (seconds > 0 && totals->value[L2PC_A_TOTALS_PACKETS] >= port->packets_before) {
			sums->rate += (double)(totals->value[L2PC_A_TOTALS_PACKETS] -
					       port->packets_before) / seconds;
			sums->byte_rate += (double)(totals->value[L2PC_A_TOTALS_BYTES] -
						    port->bytes_before) / seconds;
		}
	}
}

/* What is shown, and reset. */
static const char *ports_name(const struct top *top)
{
	const char *name = top_only_port(top);

	return name ? name : "all ports";
}

static void put_head(const struct top *top, const struct canvas *canvas)
{
	char line[LINE], right[LINE], span[TEXT_SIZE + 1] = "", a[TEXT_SIZE], b[TEXT_SIZE];
	struct sums sums;
	int width;

	sum_up(top, &sums);
	if (sums.span)
		snprintf(span, sizeof(span), " %s", text_span(sums.span, a));
	snprintf(line, sizeof(line), "%s  %s%s  %" PRIu64 " station%s%s", ports_name(top),
		 top->store.delta.ports ? view_name(&store_port(&top->store, 0)->view) :
				    enum_name(&view_names, top->view),
		 span, sums.stations, text_plural(sums.stations),
		 top->paused ? "  PAUSED" : "");
	snprintf(right, sizeof(right), "%s pkt/s  %s bytes/s", rate_text(sums.rate, a),
		 rate_text(sums.byte_rate, b));
	text_plain(line, true, line, sizeof(line));
	width = text_fit(line, sizeof(line), canvas->columns);
	canvas->put(ATTR_BOLD, line);
	if (width + 2 + (int)strlen(right) <= canvas->columns) {
		put_spaces(canvas, ATTR_PLAIN, canvas->columns - width - (int)strlen(right));
		canvas->put(ATTR_BOLD, right);
	}
	canvas->end();

	snprintf(line, sizeof(line), "total %s packets  %s bytes", text_human((double)sums.packets, a),
		 text_human((double)sums.bytes, b));
	text_fit(line, sizeof(line), canvas->columns);
	canvas->put(ATTR_PLAIN, line);
	width = (int)strlen(line);
	if (sums.untracked) {
		snprintf(line, sizeof(line), "  untracked %s", text_human((double)sums.untracked, a));
		width += (int)strlen(line);
		if (width <= canvas->columns)
			canvas->put(ATTR_ALARM, line);
	}
	if (sums.skipped) {
		snprintf(line, sizeof(line), "  skipped %s", text_human((double)sums.skipped, a));
		width += (int)strlen(line);
		if (width <= canvas->columns)
			canvas->put(ATTR_PLAIN, line);
	}
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
	canvas->put(top->mode == MODE_NORMAL ? ATTR_REVERSE : ATTR_BOLD, line);
}

void top_frame(struct top *top, const struct canvas *canvas)
{
	double highest = 0;
	struct layout layout;
	size_t line;

	top->rows = canvas->lines > HEAD_LINES + 1 ? (size_t)canvas->lines - HEAD_LINES - 1 : 0;
	top_rank(top);
	if (top->scroll + top->rows > top->matching) {
		top->scroll = top->matching > top->rows ? top->matching - top->rows : 0;
		top_rank(top);
	}
	layout_make(top, canvas->columns, &layout);
	for (size_t i = top->scroll; i < top->scroll + top->rows && i < top->matching; i++) {
		double rate = top_rate(top, store_entry(&top->store, top->ranked[i]));

		highest = rate > highest ? rate : highest;
	}
	put_head(top, canvas);
	put_title_line(top, canvas, &layout);
	for (line = 0; line < top->rows && top->scroll + line < top->matching; line++)
		put_station_line(top, canvas, &layout,
				 store_entry(&top->store, top->ranked[top->scroll + line]), highest);
	if (!top->matching && top->rows) {
		canvas->put(ATTR_FAINT, top->store.delta.stations ? "no station matches" :
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
