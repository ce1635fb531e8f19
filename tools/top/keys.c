// SPDX-License-Identifier: GPL-2.0
/*
 * What a key does in top.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "top/top.h"
#include "util/text.h"

#define DELAY_MIN	(SECOND / 10)
#define DELAY_MAX	(60 * SECOND)

static void set_view(struct top *top, enum l2pc_view view)
{
	if (top->view == view)
		return;
	top->view = view;
	/* Its counters are others: nothing of what is known can be compared. */
	store_clear(&top->store);
	store_init(&top->store);
	top->scroll = 0;
	top->shown = -1;
	top->stale = true;
}

static void next_view(struct top *top, int step)
{
	set_view(top, (enum l2pc_view)((top->view + 3 + step) % 3));
}

/* All ports, then one after the other; ports that are gone are passed over. */
static void next_port(struct top *top, int step)
{
	int ports = (int)top->store.delta.ports;

	for (int tries = 0; tries <= ports; tries++) {
		top->shown += step;
		if (top->shown >= ports)
			top->shown = -1;
		else if (top->shown < -1)
			top->shown = ports - 1;
		if (top->shown < 0 || store_has(&top->store, (size_t)top->shown))
			break;
	}
	top->scroll = 0;
}

static void set_delay(struct top *top, bool longer)
{
	uint64_t delay = longer ? 2 * top->delay : top->delay / 2;
	char buffer[TEXT_SIZE];

	if (delay < DELAY_MIN)
		delay = DELAY_MIN;
	if (delay > DELAY_MAX)
		delay = DELAY_MAX;
	top->delay = delay;
	snprintf(top->message, sizeof(top->message), "every %s", text_span(delay, buffer));
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
	const char *ifname = top_only_port(top);
	struct closings closings = { 0 };
	uint64_t packets = 0;
	int error;

	error = source_reset(&top->source, ifname, &closings);
	for (size_t i = 0; i < closings.count; i++)
		packets += closings.closing[i].totals.value[L2PC_A_TOTALS_PACKETS];
	if (error == -EPERM) {
		snprintf(top->message, sizeof(top->message),
			 "reset needs CAP_NET_ADMIN: run l2pc top as root, or with sudo");
	} else if (error == -EOPNOTSUPP && source_is_recorded(&top->source)) {
		snprintf(top->message, sizeof(top->message), "a recording cannot be reset");
	} else if (error) {
		snprintf(top->message, sizeof(top->message), "reset: %s", strerror(-error));
	} else {
		char buffer[TEXT_SIZE];

		snprintf(top->message, sizeof(top->message), "closed %zu window%s: %s packets; p shows %s",
			 closings.count, text_plural(closings.count),
			 text_number(packets, buffer), closings.count == 1 ? "it" : "them");
		top->stale = true;
	}
	closings_free(&closings);
}

static void key_filter(struct top *top, unsigned int key)
{
	size_t size = strlen(top->filter);

	top->scroll = 0;
	switch (key) {
	case TOP_KEY_ESCAPE:
		top->filter[0] = 0;
		top->mode = MODE_NORMAL;
		break;
	case TOP_KEY_ENTER:
		top->mode = MODE_NORMAL;
		break;
	case TOP_KEY_ERASE:
		/* A character of UTF-8 goes as a whole. */
		while (size && (top->filter[size - 1] & 0xc0) == 0x80)
			size--;
		if (size)
			top->filter[size - 1] = 0;
		break;
	default:
		if (key >= 0x20 && key < 0x100 && key != 0x7f && size + 1 < sizeof(top->filter)) {
			top->filter[size] = (char)key;
			top->filter[size + 1] = 0;
		}
	}
}

static void key_normal(struct top *top, unsigned int key)
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
		top->sort = (top->sort + 1) % TOP_SORTS;
		break;
	case 'S':
		top->sort = (top->sort + TOP_SORTS - 1) % TOP_SORTS;
		break;
	case 'i':
		top->reverse = !top->reverse;
		break;
	case 'v':
		next_view(top, 1);
		break;
	case 'V':
		next_view(top, -1);
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
		next_port(top, 1);
		break;
	case TOP_KEY_TAB_BACK:
		next_port(top, -1);
		break;
	case 'a':
		top->shown = -1;
		break;
	case '/':
		top->mode = MODE_FILTER;
		break;
	case TOP_KEY_ESCAPE:
		top->filter[0] = 0;
		break;
	case 'b':
		top->bars = !top->bars;
		break;
	case 'r':
		top->mode = MODE_RESET;
		break;
	case '+':
		set_delay(top, false);
		break;
	case '-':
		set_delay(top, true);
		break;
	case 'k':
	case TOP_KEY_UP:
		scroll_by(top, -1);
		break;
	case 'j':
	case TOP_KEY_DOWN:
		scroll_by(top, 1);
		break;
	case TOP_KEY_PAGE_UP:
		scroll_by(top, -page);
		break;
	case TOP_KEY_PAGE_DOWN:
		scroll_by(top, page);
		break;
	case TOP_KEY_HOME:
		top->scroll = 0;
		break;
	case TOP_KEY_END:
		top->scroll = top->matching;
		break;
	}
}

void top_key(struct top *top, unsigned int key)
{
	top->message[0] = 0;
	switch (top->mode) {
	case MODE_FILTER:
		key_filter(top, key);
		break;
	case MODE_RESET:
		top->mode = MODE_NORMAL;
		if (key == 'y' || key == 'Y')
			reset_window(top);
		else
			snprintf(top->message, sizeof(top->message), "not reset");
		break;
	case MODE_HELP:
		top->mode = MODE_NORMAL;
		break;
	case MODE_NORMAL:
		key_normal(top, key);
		break;
	}
}
