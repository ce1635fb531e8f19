/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layouts of counters that are compared. All hash alike.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "writer.h"
#include "writer_alloc.h"

/**
 * struct layout - a way to keep counters
 * @name: of its columns
 * @alloc: makes room for so many stations
 * @run: counts a frame of 60 bytes for each key, on the calling thread's CPU
 * @packets: all that was counted
 * @free: gives all back
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

/* Which CPU the calling thread is: 0 or 1. */
extern __thread unsigned int cpu;

#endif
