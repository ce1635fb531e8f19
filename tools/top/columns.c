// SPDX-License-Identifier: GPL-2.0
/*
 * The stations on the screen of top: columns and lines.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "names/names.h"
#include "top/columns.h"

#define NUMBER		7

/* Titles of a direction have its name in front. */
static const struct {
	const char *title;
	const char *short_title;	/* behind the name of a direction */
	int width;
	int sort;	/* the order that it shows, or -1 */
} columns[COLUMNS] = {
	[STATION] = { "STATION", NULL, MAC_SIZE - 1, TOP_MAC },
	[VLAN] = { "VLAN", NULL, 4, -1 },
	[PORT] = { "PORT", NULL, 8, -1 },
	[NAME] = { "NAME", NULL, 12, TOP_NAME },
	[RATE] = { "PKT/S", "PKT/S", NUMBER, TOP_RATE },
	[OTHER_RATE] = { "PKT/S", "PKT/S", NUMBER, TOP_RATE },
	[BAR] = { "", NULL, 6, -1 },
	[BYTE_RATE] = { "BYTES/S", "BYTES/S", NUMBER, TOP_BYTE_RATE },
	[OTHER_BYTE_RATE] = { "BYTES/S", "BYTES/S", NUMBER, TOP_BYTE_RATE },
	[AVERAGE] = { "AVG/S", NULL, NUMBER, -1 },
	[PACKETS] = { "PACKETS", "PKTS", NUMBER, TOP_PACKETS },
	[OTHER_PACKETS] = { "PACKETS", "PKTS", NUMBER, TOP_PACKETS },
	[BYTES] = { "BYTES", "BYTES", NUMBER, TOP_BYTES },
	[OTHER_BYTES] = { "BYTES", "BYTES", NUMBER, TOP_BYTES },
	[LAST] = { "LAST", NULL, 6, TOP_LAST },
};

static bool is_other(enum column column)
{
	return column == OTHER_RATE || column == OTHER_BYTE_RATE || column == OTHER_PACKETS ||
	       column == OTHER_BYTES;
}

/* The direction of a column in a pair. */
static enum direction direction_of(const struct frame *frame, enum column column)
{
	if (!frame->has_tx)
		return RX;
	return is_other(column) == frame->top->swap ? RX : TX;
}

static const char *title_text(const struct frame *frame, enum column c, char buffer[LINE])
{
	if (!frame->has_tx || !columns[c].short_title)
		return columns[c].title;
	snprintf(buffer, LINE, "%s %s", direction_label(direction_of(frame, c), frame->top->swap),
		 columns[c].short_title);
	return buffer;
}

static int width_of(const struct frame *frame, enum column column)
{
	char buffer[LINE];
	int width = (int)strlen(title_text(frame, column, buffer));

	return width > columns[column].width ? width : columns[column].width;
}

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

void columns_init(struct frame *frame)
{
	static const enum column one[] = {
		STATION, RATE, PACKETS, NAME, VLAN, PORT, LAST, BYTE_RATE, BAR, AVERAGE, BYTES,
	};
	static const enum column two[] = {
		STATION, RATE, NAME, VLAN, PORT, BYTE_RATE, LAST, PACKETS, BYTES, BAR, AVERAGE,
	};
	const enum column *by_need = frame->has_tx ? two : one;
	int rest = frame->canvas->columns + 1, more;

	for (size_t i = 0; i < ARRAY_SIZE(one); i++) {
		enum column c = by_need[i];
		bool paired = frame->has_tx && columns[c].short_title;
		int width = width_of(frame, c), other = paired ? width_of(frame, c + 1) : 0;

		if (!is_wanted(frame->top, c) || width + (paired ? other + 1 : 0) >= rest)
			continue;
		frame->width[c] = width;
		rest -= width + 1;
		if (paired) {
			frame->width[c + 1] = other;
			rest -= other + 1;
		}
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

void columns_spaces(const struct canvas *canvas, int count)
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
	columns_spaces(frame->canvas, (column != STATION) + (left || pad < 0 ? 0 : pad));
	frame->canvas->put(color, text);
	columns_spaces(frame->canvas, left ? pad : 0);
}

const char *columns_rate(double rate, char buffer[TEXT_SIZE])
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

/* @has: the port counts the direction */
static void put_number_cell(const struct frame *frame, enum column column, uint64_t value, bool has)
{
	char buffer[TEXT_SIZE];

	put_cell(frame, column, COLOR_NONE, has ? text_human((double)value, buffer) : "-");
}

static void put_rate_cell(const struct frame *frame, enum column column, const struct entry *entry)
{
	double rate = top_rate(frame->top, entry, entry->new_packets[direction_of(frame, column)]);
	char buffer[TEXT_SIZE];

	put_cell(frame, column, rate > 0 ? COLOR_TITLE : COLOR_FAINT, columns_rate(rate, buffer));
}

static void put_byte_rate_cell(const struct frame *frame, enum column column,
			       const struct entry *entry)
{
	float bytes = entry->new_bytes[direction_of(frame, column)];
	char buffer[TEXT_SIZE];

	put_cell(frame, column, COLOR_NONE, columns_rate(top_rate(frame->top, entry, bytes), buffer));
}

void columns_station(const struct frame *frame, const struct entry *entry)
{
	const struct top *top = frame->top;
	const struct top_port *port = store_port(&top->store, entry->delta.port);
	bool anonymous = options_have(top->options, OPT_ANONYMIZE);
	double age = store_seconds(port, port->since);
	double rate = top_rate(top, entry, entry->new_packets[RX] + entry->new_packets[TX]);
	const char *name = anonymous ? NULL : names_find(entry->delta.mac), *origin = "local";
	const uint64_t packets[DIRECTIONS] = { entry->delta.packets, entry->delta.tx_packets };
	const uint64_t bytes[DIRECTIONS] = { entry->delta.bytes, entry->delta.tx_bytes };
	uint64_t now = port->view.now, sum = add_counts(packets[RX], packets[TX]);
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
	put_rate_cell(frame, RATE, entry);
	put_rate_cell(frame, OTHER_RATE, entry);
	put_bar_cell(frame, frame->highest > 0 ? rate / frame->highest : 0);
	put_byte_rate_cell(frame, BYTE_RATE, entry);
	put_byte_rate_cell(frame, OTHER_BYTE_RATE, entry);
	rate = age > 0 ? (double)(sum - entry->base_packets) / age : 0;
	put_cell(frame, AVERAGE, COLOR_NONE, columns_rate(rate, buffer));
	for (enum column c = PACKETS; c <= OTHER_BYTES; c++) {
		enum direction direction = direction_of(frame, c);

		put_number_cell(frame, c, c < BYTES ? packets[direction] : bytes[direction],
				direction == RX || totals_has_tx(&port->view.totals));
	}
	put_cell(frame, LAST, COLOR_NONE,
		 text_span(now > entry->last_seen ? now - entry->last_seen : 0, buffer));
	frame->canvas->end();
}

/* The columns that make the order stand out. */
static bool is_sorted(const struct frame *frame, enum column column)
{
	enum top_sort sort = frame->top->sort;

	if ((int)top_sort_sum(sort) != columns[column].sort)
		return false;
	if (sort < TOP_RX_RATE || (!frame->has_tx && sort < TOP_TX_RATE))
		return true;
	return frame->has_tx && direction_of(frame, column) == (sort < TOP_TX_RATE ? RX : TX);
}

void columns_titles(const struct frame *frame)
{
	char buffer[LINE];

	for (enum column c = STATION; c < COLUMNS; c++)
		put_cell(frame, c, is_sorted(frame, c) ? COLOR_SORTED : COLOR_TITLE,
			 title_text(frame, c, buffer));
	frame->canvas->end();
}
