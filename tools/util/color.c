// SPDX-License-Identifier: GPL-2.0
/*
 * Colours, where they are wanted.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/color.h"

static bool wanted;

/* Of the sixteen that every terminal has; those of ip for ports and addresses. */
static const char *const codes[] = {
	[COLOR_NONE] = "",
	[COLOR_TITLE] = "\033[1m",
	[COLOR_PORT] = "\033[36m",
	[COLOR_MAC] = "\033[33m",
	[COLOR_NAME] = "\033[32m",
	[COLOR_FAINT] = "\033[2m",
	[COLOR_ALARM] = "\033[31m",
};

void color_init(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	wanted = options_have(options, OPT_COLOR) && options->number[OPT_COLOR] != WHEN_NEVER;
	if (wanted && options->number[OPT_COLOR] == WHEN_AUTO)
		wanted = isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && term && term[0] &&
			 strcmp(term, "dumb");
}

const char *color_on(enum color color)
{
	return wanted ? codes[color] : "";
}

const char *color_off(enum color color)
{
	return wanted && color != COLOR_NONE ? "\033[0m" : "";
}
