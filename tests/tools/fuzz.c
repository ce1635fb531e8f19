// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on all that l2pc reads: answers and events of the module, the neighbour
 * table, recordings, saved totals, headers and queries of HTTP clients. Files of names
 * and vendors are fuzz_files.c's matter, requests of HTTP clients fuzz_http.c's.
 * Copyright (C) the l2packet_counter authors
 *
 * The first byte says what is read, or L2PC_FUZZ, one of its names. For netlink, the rest is messages as a socket
 * would give them, each piece behind two bytes with its size; stands in the place of
 * libmnl's sockets. Sequence numbers are put in, which the fuzzer would not guess, and
 * whoever asks for the family's id is told it. Whatever comes, all of it is also written out in every form.
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

#include "cmd/save.h"
#include "export/export.h"
#include "fuzz.h"
#include "names/names.h"
#include "output/output.h"
#include "output/select.h"
#include "source/devices.h"
#include "source/parse.h"
#include "source/source.h"
#include "top/top.h"
#include "totals/state.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/text.h"

#define FAMILY	33

const uint8_t *input;
size_t left;

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

struct mnl_socket {
	uint32_t seq;
	bool asked_family;
};

/* What is read, by the first byte's remainder. */
static const char *const names[] = {
	"views", "ports", "reset", "events", "family", "neighbours", "top", "recording", "totals",
	"header", "export", "names", "hosts", "vendors", "request",
	"devices",
};

static int only = -1;

/* The answer to who asks for the family is in the input, too. */
static bool family_in_input;

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
	const struct nlmsghdr *nlh = request;
	struct mnl_socket *socket = (struct mnl_socket *)s;

	socket->seq = nlh->nlmsg_seq;
	socket->asked_family = nlh->nlmsg_type == GENL_ID_CTRL && !family_in_input;
	return (ssize_t)size;
}

/* The message that has it, and that it was all. */
static ssize_t tell_family(struct mnl_socket *s, void *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer), *end;

	nlh->nlmsg_type = GENL_ID_CTRL;
	nlh->nlmsg_seq = s->seq;
	((struct genlmsghdr *)mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr)))->cmd = CTRL_CMD_NEWFAMILY;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	end = mnl_nlmsg_put_header((char *)buffer + nlh->nlmsg_len);
	end->nlmsg_type = NLMSG_ERROR;
	end->nlmsg_seq = s->seq;
	mnl_nlmsg_put_extra_header(end, sizeof(struct nlmsgerr));
	s->asked_family = false;
	return (ssize_t)(nlh->nlmsg_len + end->nlmsg_len);
}

/* A piece of the input; at its end that of the answer, whatever was asked. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *buffer, size_t room)
{
	size_t size = left < 2 ? 0 : (size_t)(input[0] | input[1] << 8);
	struct nlmsghdr *nlh = buffer;
	int rest;

	if (s->asked_family)
		return tell_family((struct mnl_socket *)s, buffer);
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

/* A terminal gets no control characters, and a parser of JSON what is UTF-8. */
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

	for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
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
		for (size_t f = 0; f < ARRAY_SIZE(formats); f++) {
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

/* Each second reading is that of the rest of the input. */
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
	store_clear(&top.store);
	free(top.ranked);
}

int fuzz_file(void)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || write(fd, input, left) != (ssize_t)left || lseek(fd, 0, SEEK_SET))
		abort();
	return fd;
}

/* Its name: /proc/self/fd/N. */
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

	if (state_read(&state, name) == STATE_GOOD && state_views(&state, NULL, &views))
		fuzz_write(&views, &options);
	views_free(&views);
	state_free(&state);
	close(fd);
}

/* What other families say of interfaces: names are texts, and fit. */
static void read_devices(void)
{
	struct devices devices;

	devices_read(&devices, true);
	for (size_t i = 0; i < devices.count; i++) {
		const struct device *device = &devices.device[i];

		if (!device->name[0] || strlen(device->name) > L2PC_NAME_MAX ||
		    strlen(device->kind) >= sizeof(device->kind) ||
		    !devices_find(&devices, device->name))
			abort();
	}
	for (size_t i = 0; i < devices.offloads.count; i++)
		if (!devices_offload(&devices, devices.offloads.offload[i].device))
			abort();
	devices_free(&devices);
}

/* A header or a query, as a text: there is no 0 within. */
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

/* Whatever the module says: lines of UTF-8, and each is a comment or a metric. */
void fuzz_metrics(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s += utf8_size(s))
		if (!utf8_size(s))
			abort();
	for (; *text; text = strchr(text, '\n') + 1)
		if ((strncmp(text, "# ", 2) && strncmp(text, "l2pc_", 5)) || !strchr(text, '\n'))
			abort();
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
		read_devices();
		break;
	}
out:
	mnl_socket_close(source.nl.socket);
	return 0;
}
