/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layouts of counters to compare. All use the same hash.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "writer.h"
#include "writer_alloc.h"

/**
 * struct layout - a way to store counters
 * @name: heading of its columns
 * @alloc: allocate counters for so many stations
 * @run: count a frame of 60 bytes for each key, on the calling thread's CPU
 * @packets: return the number of frames counted
 * @free: free all memory
 */
struct layout {
	const char *name;
	void (*alloc)(u32 stations);
	void (*run)(const u64 *keys, u32 frames);
	u64 (*packets)(void);
	void (*free)(void);
};

#define FRAME_BYTES	60U

extern const struct layout layout_cells, layout_tap, layout_atomics, layout_percpu;

/* The simulated CPU of the calling thread: 0 or 1. */
extern __thread unsigned int cpu;

#endif
