// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of tools/util/text.c: its numbers are those of printf(), and its cells those
 * of text_plain() and text_fit().
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "util/text.h"

#define ROUNDS	200000

/* Numbers of all sizes, small ones as often as large ones. */
static uint64_t random_number(void)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return state >> (state >> 58) % 64;
}

static void check_text(const char *text, const char buffer[TEXT_SIZE], const char *wanted)
{
	CHECK(!strcmp(text, wanted));
	CHECK_EQ(text_size(text, buffer), strlen(wanted));
}

TEST(numbers_have_all_digits)
{
	char buffer[TEXT_SIZE], wanted[TEXT_SIZE];

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t number = i < 20000 ? (uint64_t)i : random_number();

		snprintf(wanted, sizeof(wanted), "%" PRIu64, number);
		check_text(text_number(number, buffer), buffer, wanted);
	}
	check_text(text_number(UINT64_MAX, buffer), buffer, "18446744073709551615");
}

static const char *print_span(uint64_t ns, char buffer[TEXT_SIZE])
{
	uint64_t s = ns / SECOND;

	if (s < 10)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 ".%us", s, (unsigned int)(ns % SECOND / 100000000));
	else if (s < 60)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "s", s);
	else if (s < 3600)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "m%02us", s / 60, (unsigned int)(s % 60));
	else if (s < 86400)
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "h%02um", s / 3600, (unsigned int)(s / 60 % 60));
	else
		snprintf(buffer, TEXT_SIZE, "%" PRIu64 "d%02uh", s / 86400, (unsigned int)(s / 3600 % 24));
	return buffer;
}

TEST(spans_have_two_units)
{
	char buffer[TEXT_SIZE], wanted[TEXT_SIZE];

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t ns = i < 90000 ? (uint64_t)i * SECOND : random_number();

		check_text(text_span(ns, buffer), buffer, print_span(ns, wanted));
	}
}

static const char *print_human(double value, char buffer[TEXT_SIZE])
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P", "E" };
	int unit = 0;

	for (; value >= (unit ? 999.95 : 999.5) && unit < 6; unit++)
		value /= 1000;
	snprintf(buffer, TEXT_SIZE, value < 99.95 && unit ? "%.1f%s" : "%.0f%s", value, units[unit]);
	return buffer;
}

TEST(human_numbers_are_rounded_as_by_printf)
{
	char buffer[TEXT_SIZE], wanted[TEXT_SIZE];

	/* Halves of the last digit are among the multiples of 50. */
	for (int i = 0; i < ROUNDS; i++) {
		double value = i < 100000 ? 50.0 * i : (double)random_number();

		check_text(text_human(value, buffer), buffer, print_human(value, wanted));
	}
	check_text(text_human(12.25, buffer), buffer, "12.2");
	check_text(text_human(12.75, buffer), buffer, "12.8");
	check_text(text_human(0.25, buffer), buffer, "0.2");
}

TEST(rates_have_a_unit_when_wanted_or_needed)
{
	char buffer[TEXT_SIZE], wanted[TEXT_SIZE];

	check_text(text_rate(5, 0, false, buffer), buffer, "-");
	check_text(text_rate(0, SECOND, false, buffer), buffer, "0.0");
	check_text(text_rate(1, 21 * SECOND, false, buffer), buffer, "<0.1");
	check_text(text_rate(1, 20 * SECOND, false, buffer), buffer, "0.1");
	check_text(text_rate(12345, SECOND, false, buffer), buffer, "12345");
	check_text(text_rate(12345, SECOND, true, buffer), buffer, "12.3k");
	check_text(text_rate(1e10, 1, false, buffer), buffer, "10.0E");
	for (int i = 0; i < 999; i++) {
		snprintf(wanted, sizeof(wanted), "%d.%d", i / 10, i % 10);
		check_text(text_rate(i, 10 * SECOND, false, buffer), buffer, wanted);
	}
}

static const char *const names[] = {
	"", "-", "local", "Intel Corporate", "Hewlett Packard Enterprise", "tab\there", "\x7f",
	"123456789\t", "12345678\t0", "B\xc3\xa4" "ckerei", "1234567890\xcc\x81", "123456789\xcc\x81" "0",
	"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "bad \xff",
	"123456789\xe6\x97\xa5", "12345678\xe6\x97\xa5\xe6\x97\xa5", "12345678901\xff",
	"a name that is longer than the buffer, which has room for forty-eight bytes",
};

/* A cell is the text that text_plain() and text_fit() make, in each of few and many columns. */
static void check_cells(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (int columns = 1; columns < 60; columns++) {
			char cell[48], wanted[48];
			int taken, wanted_taken;
			size_t size = text_cell(names[i], columns, cell, sizeof(cell), &taken);

			text_plain(names[i], false, wanted, sizeof(wanted));
			wanted_taken = text_fit(wanted, sizeof(wanted), columns);
			CHECK(!strcmp(cell, wanted));
			CHECK_EQ(size, strlen(wanted));
			CHECK_EQ(taken, wanted_taken);
		}
}

TEST(cells_are_plain_and_fit)
{
	setenv("LC_ALL", "C", 1);
	CHECK(!text_utf8());
	check_cells();
}

TEST(cells_are_plain_and_fit_in_utf8)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	CHECK(text_utf8());
	check_cells();
}
