// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on all that l2pc reads: answers and events of the module, the neighbour
 * table, recordings, saved totals.
 * Copyright (C) the l2packet_counter authors
 *
 * The first byte says what is read. For netlink, the rest is messages as a socket
 * would give them, each piece behind two bytes with its size; stands in the place of
 * libmnl's sockets. Sequence numbers and the family's id are put in, which the
 * fuzzer would not guess. Whatever comes, all of it is also written out in every form.
 */
#define _GNU_SOURCE	/* memfd_create */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "clock.h"
#include "complain.h"
#include "names.h"
#include "output.h"
#include "parse.h"
#include "save.h"
#include "select.h"
#include "source.h"
#include "state.h"
#include "top.h"

#define FAMILY	33

static const uint8_t *input;
static size_t left;

/* --- in the place of others -------------------------------------------------- */

uint64_t clock_boot(void)
{
	return UINT64_C(1000000000000);
}

uint64_t clock_slept(void)
{
	return 0;
}

struct timespec clock_wall(void)
{
	return (struct timespec){ .tv_sec = 1764081600 };
}

void complain(const char *format, ...)
{
	(void)format;
}

int usage_error(const char *format, ...)
{
	(void)format;
	return STATUS_USAGE;
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

struct mnl_socket {
	uint32_t seq;
};

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	(void)bus, (void)flags;
	return calloc(1, sizeof(struct mnl_socket));
}

int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	(void)s, (void)groups, (void)pid;
	return 0;
}

int mnl_socket_close(struct mnl_socket *s)
{
	free(s);
	return 0;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	(void)s;
	return -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int type, void *value, socklen_t size)
{
	(void)s, (void)type, (void)value, (void)size;
	return 0;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *request, size_t size)
{
	((struct mnl_socket *)s)->seq = ((const struct nlmsghdr *)request)->nlmsg_seq;
	return (ssize_t)size;
}

/* A piece of the input; at its end that of the answer, whatever was asked. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *buffer, size_t room)
{
	size_t size = left < 2 ? 0 : (size_t)(input[0] | input[1] << 8);
	struct nlmsghdr *nlh = buffer;
	int rest;

	if (left < 2) {
		nlh = mnl_nlmsg_put_header(buffer);
		nlh->nlmsg_type = NLMSG_DONE;
		nlh->nlmsg_seq = s->seq;
		*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
		return nlh->nlmsg_len;
	}
	input += 2;
	left -= 2;
	size = size > left ? left : size;
	size = size > room ? room : size;
	if (size)
		memcpy(buffer, input, size);
	input += size;
	left -= size;
	for (rest = (int)size; nl_ok(nlh, rest); nlh = mnl_nlmsg_next(nlh, &rest))
		nlh->nlmsg_seq = s->seq;
	return (ssize_t)size;
}

/* --- what is read ------------------------------------------------------------ */

static const struct format *const formats[] = {
	&format_text, &format_brief, &format_line, &format_json,
};

static void write_views(struct views *views, const struct options *options)
{
	for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
		struct output output;

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
	}
}

static void read_views(struct source *source)
{
	struct options options = { .given = OPTION(NO_VLAN) | OPTION(STATISTICS) | OPTION(LIMIT) };
	struct views views = { 0 };

	options.number[OPT_LIMIT] = 100;
	options.number[OPT_SORT] = SORT_NAME;
	if (!source_views(source, NULL, L2PC_VIEW_WINDOW, &views))
		write_views(&views, &options);
	views_free(&views);
}

static void read_ports(struct source *source)
{
	const struct options options = { .given = OPTION(STATISTICS) };
	struct ports ports = { 0 };

	if (!source_ports(source, NULL, &ports)) {
		for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
			struct output output;

			output_init(&output, &options);
			output.format = formats[f];
			output_begin(&output);
			for (size_t i = 0; i < ports.count; i++)
				output.format->port(&output, &ports.port[i]);
			output_end(&output);
		}
	}
	ports_free(&ports);
}

static void read_reset(struct nl *nl)
{
	const struct options options = { 0 };
	struct closings closings = { 0 };
	struct output output;

	output_init(&output, &options);
	if (!snapshot_reset(nl, NULL, &closings))
		for (size_t i = 0; i < closings.count; i++)
			output.format->closing(&output, &closings.closing[i]);
	closings_free(&closings);
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
		parse_stations(nlh, parse_append, &event.view);
		for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
			struct output output;

			output_init(&output, &options);
			formats[f]->event(&output, &event);
		}
		view_free(&event.view);
	}
}

static void put(enum attribute attribute, const char *text)
{
	(void)attribute;
	fputs(text, stdout);
}

static void end(void)
{
	putchar('\n');
}

/* Each second reading is that of the rest of the input. */
static void read_top(struct source *source)
{
	const struct options options = { 0 };
	const struct canvas canvas = { .columns = 80, .lines = 24, .keys = true, .put = put, .end = end };
	struct top top = {
		.options = &options, .source = *source, .shown = -1, .bars = true, .filter = "0",
	};

	for (int i = 0; i < 3; i++) {
		if (store_read(&top.store, &top.source, NULL, L2PC_VIEW_WINDOW))
			break;
		top.sort = (enum top_sort)(i * 3 % TOP_SORTS);
		top_frame(&top, &canvas);
		top_key(&top, TOP_KEY_PAGE_DOWN);
	}
	store_clear(&top.store);
	free(top.ranked);
}

/* The input as a file: /proc/self/fd/N. */
static int as_file(char name[64])
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || write(fd, input, left) != (ssize_t)left)
		abort();
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

	if (state_read(&state, name) == STATE_GOOD && state_views(&state, NULL, &views))
		write_views(&views, &options);
	views_free(&views);
	state_free(&state);
	close(fd);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	setenv("L2PC_ROOT", "/nowhere", 1);
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	return freopen("/dev/null", "w", stdout) ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = { .nl = { .socket = mnl_socket_open2(0, 0), .family = FAMILY } };
	struct nl nl;

	if (!size)
		goto out;
	input = data + 1;
	left = size - 1;
	switch (data[0] % 9) {
	case 0:
		read_views(&source);
		break;
	case 1:
		read_ports(&source);
		break;
	case 2:
		read_reset(&source.nl);
		break;
	case 3:
		read_events();
		break;
	case 4:
		if (!nl_open(&nl))
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
	}
out:
	mnl_socket_close(source.nl.socket);
	return 0;
}
