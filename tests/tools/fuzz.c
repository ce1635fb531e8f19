// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on all parsers of l2pc: replies and events of the module, the neighbour table,
 * recordings, saved totals, headers and queries of HTTP clients. fuzz_files.c has the
 * files of names and vendors, fuzz_http.c the requests of HTTP clients.
 * Copyright (C) the l2packet_counter authors
 *
 * The first byte selects the parser, unless L2PC_FUZZ names it. For netlink, the rest is
 * messages as a socket returns them, each piece behind two bytes with its size
 * (fuzz_socket.c). All results are also written in every format (fuzz_output.c).
 */
#define _GNU_SOURCE	/* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "cmd/verb.h"
#include "export/export.h"
#include "fuzz.h"
#include "names/names.h"
#include "output/output.h"
#include "output/select.h"
#include "output/sort.h"
#include "source/netlink.h"
#include "source/parse.h"
#include "source/source.h"
#include "top/top.h"
#include "history/state.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/text.h"

const uint8_t *input;
size_t left;

/* --- stand-ins for the tool's functions --------------------------------------- */

uint64_t clock_boot(void)
{
	return UINT64_C(1000000000000);
}

uint64_t clock_slept(void)
{
	return 0;
}

uint64_t clock_wall(void)
{
	return UINT64_C(1764081600000000000);
}

bool clock_synchronized(void)
{
	return true;
}

uint64_t clock_monotonic(void)
{
	return clock_boot();
}

void error_capture(char *buffer, size_t size)
{
	(void)buffer, (void)size;
}

void error_print(const char *format, ...)
{
	(void)format;
}

void out_of_memory(void)
{
	abort();
}

char *printable(char *text)
{
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return text;
}

/* Names of the parsers; the first byte's remainder is the index. */
static const char *const names[] = {
	"views", "ports", "reset", "events", "family", "neighbours", "top", "recording", "totals",
	"header", "export", "names", "hosts", "vendors", "request",
	"devices",
};

static int only = -1;

/* --- the parsers --------------------------------------------------------------- */

static void read_views(struct source *source)
{
	struct options options = { .given = OPTION(NO_VLAN) | OPTION(STATISTICS) | OPTION(LIMIT) };
	struct views views = { 0 };

	options.number[OPT_LIMIT] = 100;
	options.number[OPT_SORT] = SORT_NAME;
	if (!source_views(source, NULL, L2PC_VIEW_WINDOW, &views))
		fuzz_write(&views, &options);
	views_free(&views);
}

static void read_ports(struct source *source)
{
	const struct options options = { .given = OPTION(STATISTICS) };
	struct ports ports = { 0 }, patterns = { 0 };

	if (!source_ports(source, NULL, &ports) && !source_patterns(source, &patterns)) {
		for (size_t f = 0; f < FORMATS; f++) {
			struct output output;

			output_init(&output, &options);
			output.format = formats[f];
			output_begin(&output);
			for (size_t i = 0; i < ports.count; i++)
				output.format->port(&output, &ports.port[i]);
			for (size_t i = 0; i < patterns.count; i++)
				output.format->pattern(&output, &patterns.port[i]);
			output_end(&output);
		}
	}
	ports_free(&ports);
	ports_free(&patterns);
}

static void read_reset(struct source *source)
{
	const struct options options = { 0 };
	struct views closed = { 0 };
	struct output output;

	output_init(&output, &options);
	if (!source_reset(source, NULL, &closed))
		for (size_t i = 0; i < closed.count; i++)
			output.format->closed(&output, &closed.view[i]);
	views_free(&closed);
}

static void read_events(void)
{
	static char buffer[NL_BUFFER] __attribute__((aligned(8)));
	const struct options options = { .given = OPTION(TIMESTAMP) };
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buffer;
	int size = left > sizeof(buffer) ? (int)sizeof(buffer) : (int)left;

	if (size)
		memcpy(buffer, input, (size_t)size);
	for (; nl_ok(nlh, size); nlh = mnl_nlmsg_next(nlh, &size)) {
		struct event event = { .name = "event" };

		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
			continue;
		event.cmd = parse_cmd(nlh);
		parse_port(nlh, &event.port);
		parse_view(nlh, &event.view);
		parse_stations(nlh, view_append, &event.view);
		for (size_t f = 0; f < FORMATS; f++) {
			struct output output;

			output_init(&output, &options);
			formats[f]->event(&output, &event);
		}
		view_free(&event.view);
	}
}

static void put(enum color color, const char *text)
{
	(void)color;
	fputs(text, stdout);
}

static void end(void)
{
	putchar('\n');
}

/* Read several times; each reading uses more of the input. */
static void read_top(struct source *source)
{
	const struct options options = { 0 };
	const struct canvas canvas = { .columns = 80, .lines = 24, .keys = true, .put = put, .end = end };
	struct top top = {
		.options = &options, .source = *source, .shown = -1, .bars = true, .filter = "0",
	};

	store_init(&top.store);
	for (int i = 0; i < 3; i++) {
		if (store_read(&top.store, &top.source, NULL, L2PC_VIEW_WINDOW))
			break;
		top.sort = (enum top_sort)(i * 3 % TOP_SORTS);
		top_frame(&top, &canvas);
		top_key(&top, 'j');
	}
	delta_free(&top.store.delta);
	free(top.ranked);
}

int fuzz_file(void)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || write(fd, input, left) != (ssize_t)left || lseek(fd, 0, SEEK_SET))
		abort();
	return fd;
}

/* Write the input to a file, whose name is /proc/self/fd/N. */
static int as_file(char name[64])
{
	int fd = fuzz_file();

	snprintf(name, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void read_recording(void)
{
	struct options options = { .given = OPTION(REPLAY) };
	struct source source;
	char name[64];
	int fd = as_file(name);

	options.text[OPT_REPLAY] = name;
	if (!source_open(&source, &options, "show")) {
		read_views(&source);
		read_ports(&source);
		read_top(&source);
		source_close(&source);
	}
	close(fd);
}

static void read_state(void)
{
	const struct options options = { 0 };
	struct views views = { 0 };
	struct state state = { 0 };
	char name[64];
	int fd = as_file(name);

	if (state_import(&state, name) == IMPORT_GOOD && state_views(&state, NULL, &views))
		fuzz_write(&views, &options);
	views_free(&views);
	state_free(&state);
	close(fd);
}

/* Parse a header or a query, as a string without a NUL byte. */
static void read_header(void)
{
	char *text = strndup((const char *)input, left);
	size_t limit = 0;

	export_form(text);
	export_gzip(text);
	if (export_limit(text, &limit) && limit > EXPORT_BUSIEST)
		abort();
	free(text);
}

static void read_export(void)
{
	struct export export;

	export_init(&export, 2);
	for (int i = 0; i < 2; i++) {
		export_fetch(&export, i);
		for (int form = 0; form < FORMS; form++) {
			char *text = NULL;
			size_t size = 0;
			FILE *file = open_memstream(&text, &size);

			export_metrics(&export, (enum export_form)form, file);
			fclose(file);
			fuzz_metrics(text);
			free(text);
		}
		export_json(&export, NULL, 1, stdout);
	}
	export_free(&export);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("L2PC_FUZZ");

	(void)argc;
	fuzz_files_init((*argv)[0]);
	for (size_t i = 0; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			only = (int)i;
	if (name && only < 0) {
		fputs("L2PC_FUZZ: no such name\n", stderr);
		exit(2);
	}
	return freopen("/dev/null", "w", stdout) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = { .nl = { .socket = mnl_socket_open2(0, 0), .family = FAMILY } };
	struct nl nl;
	int what;

	if (!size)
		goto out;
	input = data + 1;
	left = size - 1;
	what = only < 0 ? data[0] % (int)ARRAY_SIZE(names) : only;
	family_in_input = what == 4;
	switch (what) {
	case 0:
		read_views(&source);
		break;
	case 1:
		read_ports(&source);
		break;
	case 2:
		read_reset(&source);
		break;
	case 3:
		read_events();
		break;
	case 4:
		if (!nl_open(&nl, L2PC_FAMILY_NAME))
			nl_close(&nl);
		break;
	case 5:
		names_load();
		break;
	case 6:
		read_top(&source);
		break;
	case 7:
		read_recording();
		break;
	case 8:
		read_state();
		break;
	case 9:
		read_header();
		break;
	case 10:
		read_export();
		break;
	case 11:
		fuzz_names();
		break;
	case 12:
		fuzz_hosts();
		break;
	case 13:
		fuzz_vendors();
		break;
	case 14:
		fuzz_request();
		break;
	case 15:
		fuzz_devices();
		break;
	}
out:
	mnl_socket_close(source.nl.socket);
	return 0;
}
