// SPDX-License-Identifier: GPL-2.0
/*
 * The IEEE's lists of assignments.
 * Copyright (C) the l2packet_counter authors
 *
 * The lists are read and stay in memory: an entry says where in them. They are not
 * mapped, since whoever renews them may write into the file. A name is copied when
 * it is asked for.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "names/ieee.h"
#include "source/model.h"
#include "util/files.h"

/**
 * struct assignment - a block of addresses
 * @prefix: its first address, 48 bits
 * @bits: how many of them are fixed: 24, 28 or 36
 * @name: where in the lists, up to the next comma or, when it begins with one, quote
 */
struct assignment {
	uint64_t prefix;
	uint32_t bits;
	uint32_t name;
};

/* All lists, one behind the other. */
static char *text;
static size_t length;

static struct assignment *assignments;
static size_t count, room;

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* MA-L,002272,"American Micro-Fuel, Inc.",address */
static void parse_line(const char *line, const char *end)
{
	const char *p = memchr(line, ',', (size_t)(end - line));
	uint64_t prefix = 0;
	uint32_t bits = 0;

	if (!p)
		return;
	for (p++; p < end && hex_digit(*p) >= 0 && bits < 48; p++, bits += 4)
		prefix = prefix << 4 | (uint64_t)hex_digit(*p);
	if ((bits != 24 && bits != 28 && bits != 36) || p + 1 >= end || *p != ',')
		return;
	assignments = array_grow(assignments, &room, count, sizeof(*assignments));
	assignments[count++] = (struct assignment){ prefix << (48 - bits), bits,
						     (uint32_t)(p + 1 - text) };
}

/* Puts a file behind the others. */
static void append_file(const char *path)
{
	FILE *file = file_open(path);
	struct stat st;
	char *more;

	if (!file)
		return;
	if (fstat(fileno(file), &st) == 0 && st.st_size > 0 &&
	    (uint64_t)st.st_size <= UINT32_MAX - length) {
		more = realloc(text, length + (size_t)st.st_size);
		if (more) {
			text = more;
			length += fread(text + length, 1, (size_t)st.st_size, file);
		}
	}
	fclose(file);
}

static void read_list(const char *path)
{
	size_t begin = length;
	const char *line, *next, *end;

	append_file(path);
	if (length == begin)
		return;
	end = text + length;
	for (line = text + begin; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		/* The last line is complete or not taken: names end before its end. */
		if (!next)
			break;
		parse_line(line, next++);
	}
}

/* By prefix, the smallest block of equal ones last. */
static int compare_assignments(const void *a, const void *b)
{
	const struct assignment *x = a, *y = b;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return (x->bits > y->bits) - (x->bits < y->bits);
}

void ieee_load(void)
{
	static const char *const lists[] = { "oui.csv", "mam.csv", "oui36.csv", "iab.csv" };
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		snprintf(path, sizeof(path), "/usr/share/ieee-data/%s", lists[i]);
		read_list(path);
	}
	if (count)
		qsort(assignments, count, sizeof(*assignments), compare_assignments);
}

static const struct assignment *find_assignment(uint64_t address)
{
	size_t low = 0, high = count;

	/* The last one that does not begin after the address ... */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (assignments[middle].prefix <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* ... or a larger block that holds it: blocks in blocks come after them. */
	while (low--) {
		const struct assignment *a = &assignments[low];

		if (!((a->prefix ^ address) >> (48 - a->bits)))
			return a;
		if ((a->prefix ^ address) >> 24)
			break;
	}
	return NULL;
}

const char *ieee_find(const uint8_t mac[6])
{
	static char name[128];
	const struct assignment *found;
	uint64_t address = 0;
	const char *p;
	size_t size = 0;
	bool quoted;

	for (int i = 0; i < 6; i++)
		address = address << 8 | mac[i];
	found = find_assignment(address);
	if (!found)
		return NULL;
	p = text + found->name;
	quoted = *p == '"';
	for (p += quoted; *p != '\n' && *p != '\r' && size < sizeof(name) - 1; p++) {
		if (!quoted && *p == ',')
			break;
		/* A quote within quotes is written twice. */
		if (quoted && *p == '"' && *++p != '"')
			break;
		name[size++] = *p;
	}
	name[size] = 0;
	return name;
}
