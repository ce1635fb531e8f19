// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on all parsers of l2pc: write views and metrics, and check the output.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "output/select.h"
#include "util/text.h"
#include "util/utf8.h"

const struct format *const formats[FORMATS] = {
	&format_text, &format_brief, &format_line, &format_json,
};

/* Abort on control characters in output for a terminal, and on JSON that is not UTF-8. */
static void check_text(const char *text, size_t size, const struct format *format)
{
	for (const char *s = text; s < text + size; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
			abort();
	if (format != &format_json)
		return;
	for (const unsigned char *s = (const unsigned char *)text; *s; s += utf8_size(s))
		if (!utf8_size(s))
			abort();
}

void fuzz_write(struct views *views, const struct options *options)
{
	FILE *real = stdout;

	for (size_t f = 0; f < FORMATS; f++) {
		struct output output;
		char *text = NULL;
		size_t size = 0;

		stdout = open_memstream(&text, &size);
		if (!stdout)
			abort();
		output_init(&output, options);
		output.format = formats[f];
		output.columns = f ? 0 : 60;
		output_begin(&output);
		for (size_t i = 0; i < views->count; i++) {
			if (!f)
				select_view(options, &views->view[i]);
			output.format->view(&output, &views->view[i]);
		}
		output_end(&output);
		fclose(stdout);
		check_text(text, size, formats[f]);
		free(text);
	}
	stdout = real;
}

/* Abort unless the text has lines of UTF-8, each a comment or a metric. */
void fuzz_metrics(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s += utf8_size(s))
		if (!utf8_size(s))
			abort();
	for (; *text; text = strchr(text, '\n') + 1)
		if ((strncmp(text, "# ", 2) && strncmp(text, "l2pc_", 5)) || !strchr(text, '\n'))
			abort();
}
