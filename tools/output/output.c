// SPDX-License-Identifier: GPL-2.0
/*
 * What the formats share.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "names/names.h"
#include "output/output.h"
#include "util/clock.h"

static bool colored;

/* Of the sixteen that every terminal has; those of ip for ports and addresses. */
static const char *const codes[] = {
	[COLOR_NONE] = "",
	[COLOR_TITLE] = "\033[1m",
	[COLOR_PORT] = "\033[36m",
	[COLOR_MAC] = "\033[33m",
	[COLOR_NAME] = "\033[32m",
	[COLOR_FAINT] = "\033[2m",
	[COLOR_ALARM] = "\033[31m",
	[COLOR_SORTED] = "\033[36m",
	[COLOR_BAR] = "\033[32m",
};

void color_init(const struct options *options)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	colored = options_have(options, OPT_COLOR) && options->number[OPT_COLOR] != WHEN_NEVER;
	if (colored && options->number[OPT_COLOR] == WHEN_AUTO)
		colored = isatty(STDOUT_FILENO) && !(no_color && no_color[0]) && term && term[0] &&
			 strcmp(term, "dumb");
}

const char *color_on(enum color color)
{
	return colored ? codes[color] : "";
}

const char *color_off(enum color color)
{
	return colored && color != COLOR_NONE ? "\033[0m" : "";
}

void color_print(enum color color, const char *text)
{
	fputs(color_on(color), stdout);
	fputs(text, stdout);
	fputs(color_off(color), stdout);
}

/* 0: what is written is read by a program, or later. */
static int terminal_columns(void)
{
	const char *typed = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return typed && atoi(typed) > 0 ? atoi(typed) : 80;
}

void output_init(struct output *output, const struct options *options)
{
	*output = (struct output){
		.format = &format_text,
		.json = { .file = stdout, .pretty = options_have(options, OPT_PRETTY) },
		.timestamps = options_have(options, OPT_TIMESTAMP),
		.human = options_have(options, OPT_HUMAN),
		.statistics = options_have(options, OPT_STATISTICS),
		.names = !options_have(options, OPT_ANONYMIZE),
		.swap = options_have(options, OPT_SWAP),
		.columns = terminal_columns(),
		.now = clock_boot(),
	};
	if (options_have(options, OPT_JSON))
		output->format = &format_json;
	else if (options_have(options, OPT_ONELINE))
		output->format = &format_line;
	else if (options_have(options, OPT_BRIEF))
		output->format = &format_brief;
	else if (options_have(options, OPT_PROC))
		output->format = &format_proc;
	color_init(options);
}

void output_empty(const struct options *options)
{
	struct output output;

	if (!options_have(options, OPT_JSON))
		return;
	output_init(&output, options);
	output_begin(&output);
	output_end(&output);
}

char *output_stamp(char buffer[OUTPUT_STAMP])
{
	struct timespec now = clock_timespec(clock_wall());
	struct tm tm;
	size_t size;

	/* As ip -ts monitor does: local time, microseconds, no zone. */
	localtime_r(&now.tv_sec, &tm);
	size = strftime(buffer, OUTPUT_STAMP, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buffer + size, OUTPUT_STAMP - size, ".%06ld", now.tv_nsec / 1000);
	return buffer;
}

const char *output_name(const struct output *output, const struct station *station)
{
	if (!output->names || !(station->has & BIT(L2PC_A_STATION_MAC)))
		return NULL;
	return station->name ? station->name : names_find(station->mac);
}

const char *output_vendor(const struct output *output, const struct station *station)
{
	if (!output->names || !(station->has & BIT(L2PC_A_STATION_MAC)))
		return NULL;
	return names_vendor(station->mac);
}

const char *output_origin(const struct output *output, const struct station *station)
{
	if (output->names && names_local(station->mac))
		return "local";
	return output_vendor(output, station);
}

static int flush_error;

void output_flush(void)
{
	/* The first one: glibc has thrown away what could not be written. */
	if (fflush(stdout) && !flush_error)
		flush_error = errno;
}

int output_error(void)
{
	return flush_error;
}

const char *output_pattern(const char *pattern)
{
	static char text[4 * L2PC_PATTERN_MAX + 1];

	return text_plain(pattern[0] ? pattern : "?", !text_utf8(), text, sizeof(text));
}

const char *output_ifname(const char *name)
{
	static char text[4 * L2PC_NAME_MAX + 1];

	return text_plain(name[0] ? name : "?", !text_utf8(), text, sizeof(text));
}
