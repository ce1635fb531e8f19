/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replay of a fuzzer's corpus.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdint.h>
#include <stdio.h>

#include "unit.h"

#define CORPUS_INPUT_MAX	4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Run the fuzzer's target on each input of a file: a line each, in hexadecimal digits.
 * Returns the number of inputs.
 */
static inline unsigned int corpus_replay(const char *path)
{
	static char line[2 * CORPUS_INPUT_MAX + 2];
	static uint8_t bytes[CORPUS_INPUT_MAX];
	FILE *file = fopen(path, "r");
	unsigned int inputs, value;
	size_t size;
	int digits;

	CHECK(file);
	for (inputs = 0; fgets(line, sizeof(line), file); inputs++) {
		/* A failure shows the seed: the number of the line. */
		unit_seed(inputs + 1);
		for (size = 0; sscanf(line + 2 * size, "%2x%n", &value, &digits) == 1 &&
		     digits == 2; size++)
			bytes[size] = value;
		LLVMFuzzerTestOneInput(bytes, size);
	}
	fclose(file);
	return inputs;
}

#endif /* CORPUS_H */
