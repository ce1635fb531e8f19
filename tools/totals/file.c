// SPDX-License-Identifier: GPL-2.0
/*
 * The file of totals that survive a reboot.
 * Copyright (C) the l2packet_counter authors
 *
 *	l2pc totals, version 2
 *	saved SECONDS BOOTTIME SLEPT
 *	port NAME BOOT OPENED SINCE, five sums of ended lifetimes, five of the current one,
 *		the same ten of sent frames
 *	MAC VLAN PACKETS BYTES CURRENT-PACKETS CURRENT-BYTES FIRST LAST TX-PACKETS TX-BYTES
 *		CURRENT-TX-PACKETS CURRENT-TX-BYTES
 *	...
 *	end LINES SUM
 *
 * Version 1 has no sent frames. It is written as long as there are none, so that an older
 * l2pc can read the file.
 *
 * The last line has the number of lines before it and their sum (FNV-1a, 64 bit):
 * a file without it, or with another sum, was not written to its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "totals/state.h"
#include "util/replace.h"

#define MAGIC	"l2pc totals, version "
#define VERSION	2
#define VERSION_RECEIVED	1

#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME	UINT64_C(0x100000001b3)

static uint64_t sum_of(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (uint8_t)*text) * FNV_PRIME;
	return sum;
}

/* --- reading ---------------------------------------------------------------- */

/* Read @count numbers, each behind a blank. Return: what follows them, or NULL. */
static const char *read_numbers(const char *text, uint64_t *number, size_t count)
{
	char *end;

	for (size_t i = 0; i < count; i++, text = end) {
		if (text[0] != ' ' || text[1] < '0' || text[1] > '9')
			return NULL;
		number[i] = strtoull(text + 1, &end, 10);
	}
	return text;
}

static bool read_port(const char *line, struct state *state, unsigned long version)
{
	size_t slot = delta_port_add(&state->delta);
	struct saved_port *port = delta_port_at(&state->delta, slot);
	const char *rest;
	int size = 0;

	port->delta.read = state->read;
	port->delta.slept = state->slept;
	if (sscanf(line, "port %15s %36s %" SCNu64 " %" SCNu64 "%n", port->delta.ifname,
		   port->delta.boot, &port->delta.opened, &port->since, &size) != 4)
		return false;
	rest = read_numbers(line + size, port->ended, SUMS_RECEIVED);
	if (rest)
		rest = read_numbers(rest, port->current, SUMS_RECEIVED);
	if (rest && version > VERSION_RECEIVED)
		rest = read_numbers(rest, &port->ended[SUMS_RECEIVED], SUMS - SUMS_RECEIVED);
	if (rest && version > VERSION_RECEIVED)
		rest = read_numbers(rest, &port->current[SUMS_RECEIVED], SUMS - SUMS_RECEIVED);
	port->delta.packets = port->current[SUM_PACKETS];
	port->delta.tx_packets = port->current[SUM_TX_PACKETS];
	return rest && *rest == '\n';
}

static bool read_station(const char *line, struct state *state, unsigned long version)
{
	struct saved_station saved = { 0 }, *added;
	struct delta_station *current = &saved.delta;
	size_t mac = value_mac(line, current->mac);
	uint64_t number[10] = { 0 };
	const char *rest;
	int32_t vlan;
	int size = 0;

	if (!state->delta.ports || !mac || sscanf(line + mac, " %" SCNd32 "%n", &vlan, &size) != 1)
		return false;
	rest = read_numbers(line + mac + (size_t)size, number, version > VERSION_RECEIVED ? 10 : 6);
	if (!rest || *rest != '\n')
		return false;
	saved.packets = number[0];
	saved.bytes = number[1];
	current->packets = number[2];
	current->bytes = number[3];
	saved.first = number[4];
	saved.last = number[5];
	saved.tx_packets = number[6];
	saved.tx_bytes = number[7];
	current->tx_packets = number[8];
	current->tx_bytes = number[9];
	current->vlan = vlan < 0 ? NO_VLAN : (uint16_t)vlan;
	current->port = (uint32_t)state->delta.ports - 1;
	added = (struct saved_station *)delta_add(&state->delta, current->port, current->mac,
						  current->vlan);
	*added = saved;
	return true;
}

static enum state_fault read_lines(struct state *state, FILE *file)
{
	uint64_t sum = FNV_BASIS, lines = 0, wanted_lines, wanted_sum;
	unsigned long version = 0;
	enum state_fault fault = STATE_TORN;
	char *line = NULL, *end;
	size_t room = 0;

	while (fault == STATE_TORN && getline(&line, &room, file) > 0) {
		if (!lines) {
			if (strncmp(line, MAGIC, strlen(MAGIC))) {
				fault = STATE_FOREIGN;
				break;
			}
			version = strtoul(line + strlen(MAGIC), &end, 10);
			if (!version || version > VERSION || *end != '\n') {
				if (*end == '\n')
					fault = version > VERSION ? STATE_NEWER : STATE_OLDER;
				break;
			}
		} else if (lines == 1) {
			if (sscanf(line, "saved %" SCNu64 " %" SCNu64 " %" SCNu64, &state->saved,
				   &state->read, &state->slept) != 3)
				break;
		} else if (sscanf(line, "end %" SCNu64 " %" SCNx64, &wanted_lines,
				  &wanted_sum) == 2) {
			/* Whatever stands behind the end is not ours. */
			if (wanted_lines == lines && wanted_sum == sum && getc(file) == EOF)
				fault = STATE_GOOD;
			break;
		} else if (strncmp(line, "port ", 5) ? !read_station(line, state, version) :
			   !read_port(line, state, version)) {
			break;
		}
		sum = sum_of(sum, line);
		lines++;
	}
	free(line);
	return fault;
}

enum state_fault state_read(struct state *state, const char *name)
{
	/* A pipe would wait for somebody who writes. */
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	enum state_fault fault;
	struct stat st;
	FILE *file;

	state_init(state);
	if (fd < 0)
		return errno == ENOENT ? STATE_NONE : STATE_ERROR;
	file = fdopen(fd, "r");
	if (!file)
		out_of_memory();
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		fault = STATE_FOREIGN;
	else
		fault = read_lines(state, file);
	fclose(file);
	if (fault != STATE_GOOD) {
		state_free(state);
		state_init(state);
	}
	return fault;
}

const char *state_fault_text(enum state_fault fault)
{
	switch (fault) {
	case STATE_NONE:
		return "no such file";
	case STATE_FOREIGN:
		return "not written by l2pc save";
	case STATE_OLDER:
		return "written by an l2pc too old for this one";
	case STATE_NEWER:
		return "written by a newer l2pc";
	case STATE_TORN:
		return "torn: its end is missing, or does not match";
	default:
		return strerror(errno);
	}
}

/* --- writing ---------------------------------------------------------------- */

struct writer {
	FILE *file;
	uint64_t sum;
	uint64_t lines;
	int version;
};

__attribute__((format(printf, 2, 3)))
static void line(struct writer *w, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	w->sum = sum_of(w->sum, text);
	w->lines++;
	fputs(text, w->file);
}

/* Append numbers, each behind a blank. */
static void add_numbers(char *text, size_t size, const uint64_t *number, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_append(text, size, " %" PRIu64, number[i]);
}

static void write_station(struct writer *w, const struct saved_station *saved)
{
	const struct delta_station *last = &saved->delta;
	const uint64_t number[] = {
		saved->packets, saved->bytes, last->packets, last->bytes, saved->first, saved->last,
		saved->tx_packets, saved->tx_bytes, last->tx_packets, last->tx_bytes,
	};
	char mac[MAC_SIZE], text[256] = "";

	add_numbers(text, sizeof(text), number, w->version > VERSION_RECEIVED ? 10 : 6);
	line(w, "%s %d%s\n", text_mac(last->mac, mac), last->vlan == NO_VLAN ? -1 : last->vlan, text);
}

/* @next: the first station of the port; moves behind its stations. */
static void write_port(struct writer *w, const struct state *state, size_t slot, size_t *next)
{
	const struct saved_port *port = delta_port_at(&state->delta, slot);
	const uint64_t *ended = port->ended, *current = port->current;
	char text[512] = "";

	add_numbers(text, sizeof(text), ended, SUMS_RECEIVED);
	add_numbers(text, sizeof(text), current, SUMS_RECEIVED);
	if (w->version > VERSION_RECEIVED) {
		add_numbers(text, sizeof(text), ended + SUMS_RECEIVED, SUMS - SUMS_RECEIVED);
		add_numbers(text, sizeof(text), current + SUMS_RECEIVED, SUMS - SUMS_RECEIVED);
	}
	line(w, "port %s %s %" PRIu64 " %" PRIu64 "%s\n", port->delta.ifname, port->delta.boot,
	     port->delta.opened, port->since, text);
	for (; *next < state->delta.stations; (*next)++) {
		const struct saved_station *saved = delta_station_at(&state->delta, *next);

		if (saved->delta.port != slot)
			break;
		write_station(w, saved);
	}
}

int state_write(struct state *state, const char *name)
{
	struct writer w = { .sum = FNV_BASIS, .version = VERSION_RECEIVED };
	struct replace replace;
	int error = replace_begin(&replace, name);
	size_t next = 0;

	if (error)
		return error;
	delta_sort(&state->delta, delta_order);
	w.file = replace.file;
	if (state_has_tx(state))
		w.version = VERSION;
	line(&w, MAGIC "%d\n", w.version);
	line(&w, "saved %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", state->saved, state->read,
	     state->slept);
	for (size_t i = 0; i < state->delta.ports; i++)
		write_port(&w, state, i, &next);
	fprintf(w.file, "end %" PRIu64 " %016" PRIx64 "\n", w.lines, w.sum);
	return replace_end(&replace, 0);
}
