// SPDX-License-Identifier: GPL-2.0
/*
 * The import of totals: the text file in which l2pc 2.0 saved.
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
 * Version 1 has no sent frames.
 *
 * The last line has the number of lines before it and their sum (FNV-1a, 64 bit):
 * a file without it, or with another sum, was not written to its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "history/state.h"
#include "util/value.h"

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
	saved.ended[COUNT_PACKETS] = number[0];
	saved.ended[COUNT_BYTES] = number[1];
	current->packets = number[2];
	current->bytes = number[3];
	saved.first = number[4];
	saved.last = number[5];
	saved.ended[COUNT_TX_PACKETS] = number[6];
	saved.ended[COUNT_TX_BYTES] = number[7];
	current->tx_packets = number[8];
	current->tx_bytes = number[9];
	current->vlan = vlan < 0 ? NO_VLAN : (uint16_t)vlan;
	current->port = (uint32_t)state->delta.ports - 1;
	added = (struct saved_station *)delta_add(&state->delta, current->port, current->mac,
						  current->vlan);
	*added = saved;
	return true;
}

static enum import_fault read_lines(struct state *state, FILE *file)
{
	uint64_t sum = FNV_BASIS, lines = 0, wanted_lines, wanted_sum;
	unsigned long version = 0;
	enum import_fault fault = IMPORT_TORN;
	char *line = NULL, *end;
	size_t room = 0;

	while (fault == IMPORT_TORN && getline(&line, &room, file) > 0) {
		if (!lines) {
			if (strncmp(line, MAGIC, strlen(MAGIC))) {
				fault = IMPORT_FOREIGN;
				break;
			}
			version = strtoul(line + strlen(MAGIC), &end, 10);
			if (!version || version > VERSION || *end != '\n') {
				if (*end == '\n')
					fault = version > VERSION ? IMPORT_NEWER : IMPORT_OLDER;
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
				fault = IMPORT_GOOD;
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

enum import_fault state_import(struct state *state, const char *name)
{
	/* A pipe would wait for somebody who writes. */
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	enum import_fault fault;
	struct stat st;
	FILE *file;

	state_init(state);
	if (fd < 0)
		return errno == ENOENT ? IMPORT_NONE : IMPORT_ERROR;
	file = fdopen(fd, "r");
	if (!file)
		out_of_memory();
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		fault = IMPORT_FOREIGN;
	else
		fault = read_lines(state, file);
	fclose(file);
	if (fault != IMPORT_GOOD) {
		state_free(state);
		state_init(state);
	}
	return fault;
}

const char *import_fault_text(enum import_fault fault)
{
	switch (fault) {
	case IMPORT_NONE:
		return "no such file";
	case IMPORT_FOREIGN:
		return "not written by l2pc save";
	case IMPORT_OLDER:
		return "written by an l2pc too old for this one";
	case IMPORT_NEWER:
		return "written by a newer l2pc";
	case IMPORT_TORN:
		return "torn: its end is missing, or does not match";
	default:
		return strerror(errno);
	}
}
