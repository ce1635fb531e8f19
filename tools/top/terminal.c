// SPDX-License-Identifier: GPL-2.0
/*
 * What a terminal can do, by terminfo. In a file of its own: term.h defines words such as
 * lines and columns as macros.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdbool.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "top/terminal.h"

bool terminal_is_dumb(void)
{
	const char *text;
	bool dumb;
	int found;

	if (setupterm(NULL, STDOUT_FILENO, &found) != OK)
		return false;
	text = tigetstr("cup");
	dumb = !text || text == (const char *)-1;
	/* curses makes its own. */
	del_curterm(set_curterm(NULL));
	return dumb;
}
