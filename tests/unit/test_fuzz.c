// SPDX-License-Identifier: GPL-2.0
/*
 * The corpus of tests/fuzz, replayed: an input a line, in hexadecimal digits.
 */
#include <stdio.h>
#include <string.h>

#include "../fuzz/engine.c"

#define INPUT_MAX	4096

TEST(corpus)
{
	static char line[2 * INPUT_MAX + 2];
	static uint8_t bytes[INPUT_MAX];
	FILE *file = fopen("../fuzz/corpus.txt", "r");
	unsigned int number, value;
	size_t size;
	int digits;

	CHECK(file);
	for (number = 1; fgets(line, sizeof(line), file); number++) {
		/* A failure shows the seed: the number of the line. */
		unit_seed(number);
		for (size = 0; sscanf(line + 2 * size, "%2x%n", &value, &digits) == 1 &&
		     digits == 2; size++)
			bytes[size] = value;
		LLVMFuzzerTestOneInput(bytes, size);
	}
	CHECK(number > 100);
	fclose(file);
}
