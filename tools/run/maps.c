// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the packet path reaches where the kernel has no BPF arena: array maps in a
 * map of maps, each mapped at the address of its slot.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>

#include "shared.h"
#include "run/maps.h"

#define SLOT_SIZE	(1UL << L2PC_BPF_SLOT_SHIFT)

/* 8 TiB of addresses, which take no memory. Fewer where a process has fewer. */
#define SLOTS_MAX	8192UL
#define SLOTS_MIN	64UL

static uintptr_t start;
static unsigned long slots;
static int tables_fd = -1;
static bool (*slot_is_stored)(uint32_t index);

static int slots_reserve(void)
{
	void *at;

	for (slots = SLOTS_MAX; slots >= SLOTS_MIN; slots /= 2) {
		at = mmap(NULL, slots * SLOT_SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at != MAP_FAILED) {
			start = (uintptr_t)at;
			return 0;
		}
	}
	return -errno;
}

/* Make an array of elements. */
static int array_new(const char *name, uint32_t flags, uint32_t size, uint32_t count)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE | flags);
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, size, count, &options);

	return fd < 0 ? -errno : fd;
}

static int table_array_new(size_t size)
{
	/* With BPF_F_INNER_MAP a map of maps takes arrays of any length. */
	return array_new("l2pc_table", BPF_F_INNER_MAP, L2PC_BPF_CHUNK,
			 (uint32_t)(size / L2PC_BPF_CHUNK));
}

int maps_init(bool (*is_stored)(uint32_t index))
{
	LIBBPF_OPTS(bpf_map_create_opts, options);
	int error = slots_reserve(), sample;

	slot_is_stored = is_stored;
	if (error)
		return error;
	sample = table_array_new(L2PC_BPF_CHUNK);
	if (sample < 0)
		return sample;
	options.inner_map_fd = (uint32_t)sample;
	tables_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "l2pc_tables", 4, 4,
				   (uint32_t)slots, &options);
	error = tables_fd < 0 ? -errno : 0;
	close(sample);
	return error;
}

uintptr_t maps_start(void)
{
	return start;
}

uintptr_t maps_end(void)
{
	return start + slots * SLOT_SIZE;
}

int maps_fd(void)
{
	return tables_fd;
}

/* Map an array at a slot. */
static int slot_map(uintptr_t slot, int fd, size_t size)
{
	void *at = mmap((void *)slot, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);

	return at == MAP_FAILED ? -errno : 0;
}

/* Keep the addresses of a slot reserved. */
static void slot_unmap(uintptr_t slot, size_t size)
{
	mmap((void *)slot, size, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

/* A map that is to be stored, and the errors of those that were not. */
struct store {
	uint32_t index;
	int fd;
};

static int store_errors[SLOTS_MAX];

static void *store_run(void *data)
{
	struct store *store = data;

	if (bpf_map_update_elem(tables_fd, &store->index, &store->fd, BPF_ANY))
		__atomic_store_n(&store_errors[store->index], errno, __ATOMIC_RELEASE);
	close(store->fd);
	free(store);
	return NULL;
}

/*
 * Store a map. The system call first stores it, and then waits for a grace period, for the
 * map that was there before. There is none before, so a thread waits: this process may have
 * other tables to make for CPUs that are running out of theirs.
 */
static int slot_store(uint32_t index, int fd)
{
	const struct timespec pause = { .tv_nsec = 20000 };
	struct store *store = malloc(sizeof(*store));
	pthread_t thread;
	int error;

	if (!store) {
		close(fd);
		return -ENOMEM;
	}
	*store = (struct store){ .index = index, .fd = fd };
	store_errors[index] = 0;
	if (pthread_create(&thread, NULL, store_run, store))
		store_run(store);
	else
		pthread_detach(thread);
	while (!slot_is_stored(index)) {
		error = __atomic_load_n(&store_errors[index], __ATOMIC_ACQUIRE);
		if (error)
			return -error;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int maps_table_new(uintptr_t slot, size_t size)
{
	int fd = table_array_new(size), error;

	if (fd < 0)
		return fd;
	error = slot_map(slot, fd, size);
	if (error) {
		close(fd);
		return error;
	}
	error = slot_store((uint32_t)((slot - start) / SLOT_SIZE), fd);
	if (error)
		slot_unmap(slot, size);
	return error;
}

int maps_writers_new(uintptr_t slot, unsigned int count)
{
	int fd = array_new("l2pc_writers", 0, L2PC_BPF_STRIDE, count), error;

	if (fd < 0)
		return fd;
	/* The kernel rounds the size up, as mmap() does. */
	error = slot_map(slot, fd, (size_t)count * L2PC_BPF_STRIDE);
	if (!error)
		return fd;
	close(fd);
	return error;
}
