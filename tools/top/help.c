// SPDX-License-Identifier: GPL-2.0
/*
 * The help in top.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>

#include "top/top.h"
#include "util/text.h"

#define LINE	256

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
		canvas->put(i < 2 ? ATTR_BOLD : ATTR_PLAIN, text);
		canvas->end();
	}
	for (; line < canvas->lines - 1; line++)
		canvas->end();
}
