// SPDX-License-Identifier: GPL-2.0
/*
 * What a key does in top.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <curses.h>

#include "top/top.h"

#define DELAY_MIN	(SECOND / 10)
#define DELAY_MAX	(60 * SECOND)

/* Keys that curses has no names for. */
#define CONTROL_C	3
#define ESCAPE		27

static void set_view(struct top *top, enum l2pc_view view)
{
	if (top->view == view)
		return;
	top->view = view;
	/* Its counters are others: nothing of what is known can be compared. */
	delta_free(&top->store.delta);
	store_init(&top->store);
	top->scroll = 0;
	top->shown = -1;
	top->stale = true;
}

/* All ports, then one after the other, but for those that are gone. */
static void next_port(struct top *top, int step)
{
	int count = (int)top->store.delta.ports + 1;

	do
		top->shown = (top->shown + 1 + count + step) % count - 1;
	while (top->shown >= 0 && !store_has(&top->store, (size_t)top->shown));
	top->scroll = 0;
}

/* Orders by one direction are for ports that count both. */
static void next_sort(struct top *top, int step)
{
	do
		top->sort = (top->sort + step) % TOP_SORTS;
	while (top->sort >= TOP_RX_RATE && !top_has_tx(top));
}

static void set_delay(struct top *top, uint64_t delay)
{
	char buffer[TEXT_SIZE];

	top->delay = delay < DELAY_MIN ? DELAY_MIN : delay > DELAY_MAX ? DELAY_MAX : delay;
	top_message(top, "every %s", text_span(top->delay, buffer));
}

static void scroll_by(struct top *top, long step)
{
	if (step < 0 && top->scroll < (size_t)-step)
		top->scroll = 0;
	else
		top->scroll += (size_t)step;
}

static void reset_window(struct top *top)
{
	struct views closed = { 0 };
	char buffer[TEXT_SIZE], sent[TEXT_SIZE];
	uint64_t packets[DIRECTIONS] = { 0, 0 };
	int error = source_reset(&top->source, top_only_port(top), &closed);

	for (size_t i = 0; i < closed.count; i++)
		for (enum direction d = RX; d < DIRECTIONS; d++)
			packets[d] += totals_value(&closed.view[i].totals, d, L2PC_A_TOTALS_PACKETS);
	top->stale |= !error;
	if (error == -EPERM)
		top_message(top, "reset needs CAP_NET_ADMIN: run l2pc top as root, or with sudo");
	else if (error == -EOPNOTSUPP && source_is_recorded(&top->source))
		top_message(top, "a recording cannot be reset");
	else if (error)
		top_message(top, "reset: %s", strerror(-error));
	else
		top_message(top, "closed %zu window%s: %s packets%s%s; p shows %s", closed.count,
			    text_plural(closed.count), text_number(packets[RX], buffer),
			    packets[TX] ? " received, sent: " : "",
			    packets[TX] ? text_number(packets[TX], sent) : "",
			    closed.count == 1 ? "it" : "them");
	views_free(&closed);
}

static void key_filter(struct top *top, int key)
{
	size_t size = strlen(top->filter);

	top->scroll = 0;
	switch (key) {
	case ESCAPE:
		top->filter[0] = 0;
		top->mode = MODE_NORMAL;
		break;
	case KEY_ENTER:
	case '\r':
	case '\n':
		top->mode = MODE_NORMAL;
		break;
	case KEY_BACKSPACE:
	case KEY_DC:
	case 0x7f:
	case '\b':
		/* All bytes of a character of UTF-8. */
		while (size && (top->filter[size - 1] & 0xc0) == 0x80)
			size--;
		if (size)
			top->filter[size - 1] = 0;
		break;
	default:
		if (key >= 0x20 && key < 0x100 && size + 1 < sizeof(top->filter)) {
			top->filter[size] = (char)key;
			top->filter[size + 1] = 0;
		}
	}
}

static void key_normal(struct top *top, int key)
{
	long page = top->rows > 1 ? (long)top->rows - 1 : 1;

	switch (key) {
	case 'q':
	case 'Q':
		top->quit = true;
		break;
	case '?':
	case 'h':
		top->mode = MODE_HELP;
		break;
	case ' ':
		top->paused = !top->paused;
		top->stale |= !top->paused;
		break;
	case 's':
	case 'S':
		next_sort(top, key == 's' ? 1 : TOP_SORTS - 1);
		break;
	case 'i':
		top->reverse = !top->reverse;
		break;
	case 'v':
	case 'V':
		set_view(top, (top->view + (key == 'v' ? 1 : 2)) % 3);
		break;
	case 'w':
		set_view(top, L2PC_VIEW_WINDOW);
		break;
	case 'p':
		set_view(top, L2PC_VIEW_PREVIOUS);
		break;
	case 'l':
		set_view(top, L2PC_VIEW_LIFETIME);
		break;
	case '\t':
	case KEY_BTAB:
		next_port(top, key == '\t' ? 1 : -1);
		break;
	case 'a':
		top->shown = -1;
		break;
	case '/':
		top->mode = MODE_FILTER;
		break;
	case ESCAPE:
		top->filter[0] = 0;
		break;
	case 'b':
		top->bars = !top->bars;
		break;
	case 'd':
		top->swap = !top->swap;
		break;
	case 'r':
		top->mode = MODE_RESET;
		break;
	case '+':
		set_delay(top, top->delay / 2);
		break;
	case '-':
		set_delay(top, 2 * top->delay);
		break;
	case 'k':
	case KEY_UP:
		scroll_by(top, -1);
		break;
	case 'j':
	case KEY_DOWN:
		scroll_by(top, 1);
		break;
	case KEY_PPAGE:
		scroll_by(top, -page);
		break;
	case KEY_NPAGE:
		scroll_by(top, page);
		break;
	case KEY_HOME:
		top->scroll = 0;
		break;
	case KEY_END:
		top->scroll = top->matching;
		break;
	}
}

void top_key(struct top *top, int key)
{
	top->message[0] = 0;
	if (key == CONTROL_C)
		key = 'q';
	switch (top->mode) {
	case MODE_FILTER:
		key_filter(top, key);
		break;
	case MODE_RESET:
		top->mode = MODE_NORMAL;
		if (key == 'y' || key == 'Y')
			reset_window(top);
		else
			top_message(top, "not reset");
		break;
	case MODE_HELP:
		top->mode = MODE_NORMAL;
		break;
	case MODE_NORMAL:
		key_normal(top, key);
		break;
	}
}
