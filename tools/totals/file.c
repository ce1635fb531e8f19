// SPDX-License-Identifier: GPL-2.0
/*
 * The file of totals that survive a reboot.
 * Copyright (C) the l2packet_counter authors
 *
 *	l2pc totals, version 1
 *	saved SECONDS BOOTTIME SLEPT
 *	port NAME BOOT OPENED SINCE, five sums of ended lifetimes, five of the current one
 *	MAC VLAN PACKETS BYTES CURRENT-PACKETS CURRENT-BYTES FIRST LAST
 *	...
 *	end LINES SUM
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
#define VERSION	1

#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME	UINT64_C(0x100000001b3)

static uint64_t sum_of(uint64_t sum, const char *text)
{
	for (; *text; text++)
		sum = (sum ^ (uint8_t)*text) * FNV_PRIME;
	return sum;
}

/* --- reading ---------------------------------------------------------------- */

static bool read_port(const char *line, struct state *state)
{
	size_t slot = delta_port_add(&state->delta);
	struct saved_port *port = delta_port_at(&state->delta, slot);
	uint64_t *ended = port->ended, *current = port->current;
	int size = 0;

	port->delta.read = state->read;
	port->delta.slept = state->slept;
	if (sscanf(line, "port %15s %36s %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 "%n", port->delta.ifname, port->delta.boot, &port->delta.opened,
		   &port->since, &ended[0], &ended[1], &ended[2], &ended[3], &ended[4], &current[0],
		   &current[1], &current[2], &current[3], &current[4], &size) != 14 ||
	    line[size] != '\n')
		return false;
	port->delta.packets = current[SUM_PACKETS];
	return true;
}

static bool read_station(const char *line, struct state *state)
{
	struct saved_station saved = { 0 }, *added;
	struct delta_station *current = &saved.delta;
	size_t mac = value_mac(line, current->mac);
	int32_t vlan;
	int size = 0;

	if (!state->delta.ports || !mac ||
	    sscanf(line + mac, " %" SCNd32 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 "%n", &vlan, &saved.packets, &saved.bytes,
		   &current->packets, &current->bytes, &saved.first, &saved.last, &size) != 7 ||
	    line[mac + (size_t)size] != '\n')
		return false;
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
	enum state_fault fault = STATE_TORN;
	char *line = NULL, *end;
	size_t room = 0;

	while (fault == STATE_TORN && getline(&line, &room, file) > 0) {
		if (!lines) {
			unsigned long version;

			if (strncmp(line, MAGIC, strlen(MAGIC))) {
				fault = STATE_FOREIGN;
				break;
			}
			version = strtoul(line + strlen(MAGIC), &end, 10);
			if (version != VERSION || *end != '\n') {
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
		} else if (strncmp(line, "port ", 5) ? !read_station(line, state) :
			   !read_port(line, state)) {
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

/* @next: the first station of the port; moves behind its stations. */
static void write_port(struct writer *w, const struct state *state, size_t slot, size_t *next)
{
	const struct saved_port *port = delta_port_at(&state->delta, slot);
	const uint64_t *ended = port->ended, *current = port->current;
	char mac[MAC_SIZE];

	line(w, "port %s %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	     " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
	     port->delta.ifname, port->delta.boot, port->delta.opened, port->since, ended[0],
	     ended[1], ended[2], ended[3], ended[4], current[0], current[1], current[2],
	     current[3], current[4]);
	for (; *next < state->delta.stations; (*next)++) {
		const struct saved_station *saved = delta_station_at(&state->delta, *next);
		const struct delta_station *last = &saved->delta;

		if (last->port != slot)
			break;
		line(w, "%s %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		     " %" PRIu64 "\n", text_mac(last->mac, mac),
		     last->vlan == NO_VLAN ? -1 : last->vlan, saved->packets, saved->bytes,
		     last->packets, last->bytes, saved->first, saved->last);
	}
}

int state_write(struct state *state, const char *name)
{
	struct writer w = { .sum = FNV_BASIS };
	struct replace replace;
	int error = replace_begin(&replace, name);
	size_t next = 0;

	if (error)
		return error;
	delta_sort(&state->delta, delta_order);
	w.file = replace.file;
	line(&w, MAGIC "%d\n", VERSION);
	line(&w, "saved %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", state->saved, state->read,
	     state->slept);
	for (size_t i = 0; i < state->delta.ports; i++)
		write_port(&w, state, i, &next);
	fprintf(w.file, "end %" PRIu64 " %016" PRIx64 "\n", w.lines, w.sum);
	return replace_end(&replace, 0);
}
