// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF programs: load, and what only a program can do.
 * Copyright (C) the l2packet_counter authors
 *
 * Each port has programs of its own, with the address of its writers as a constant. All
 * share one arena, because an arena takes 4 GiB of address space. Without an arena all share
 * a map of maps. Nothing is pinned: maps go with this process, whatever ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "object.h"
#include "object_maps.h"
#include "shared.h"
#include "run/maps.h"
#include "run/program.h"
#include "util/errors.h"

static struct bpf_object *common;
static struct ring_buffer *wakes;
/* Read from it since the last grace period began. */
static unsigned int records;
static void *arena_map;
static bool has_tcx;
static int arena_fd = -1, clock_fd = -1, pages_fd = -1, stored_fd = -1;
/* Storing to a map of maps waits for a grace period. */
static int outer_fd = -1, inner_fd = -1;
/* Written when a grace period has ended. */
static int grace_end = -1;
static void (*grace_serve)(void);

/* What libbpf says is for those who debug it. */
static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && getenv("L2PC_DEBUG"))
		return vfprintf(stderr, format, args);
	return 0;
}

int program_fd(const struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	return program ? bpf_program__fd(program) : -ENOENT;
}

/* Whether a test wants this to be an older kernel. */
static bool without(const char *feature)
{
	const char *list = getenv("L2PC_RUN_WITHOUT");

	return list && strstr(list, feature);
}

/* Give an object a map that was made before, if it has that map. */
static int map_reuse(struct bpf_object *object, const char *name, int fd)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	return map && fd >= 0 ? bpf_map__reuse_fd(map, fd) : 0;
}

/* Open the object, with the shared maps, if they are there, and these programs of it. */
static struct bpf_object *object_open(const char *const *names)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "l2pc");
	struct bpf_object *object =
		arena_map ? bpf_object__open_mem(run_object, sizeof(run_object), &options) :
			    bpf_object__open_mem(run_object_maps, sizeof(run_object_maps), &options);
	struct bpf_program *program;
	int error;

	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, false);
	for (; *names; names++) {
		program = bpf_object__find_program_by_name(object, *names);
		if (program)
			bpf_program__set_autoload(program, true);
	}
	error = map_reuse(object, L2PC_BPF_ARENA, arena_fd);
	if (!error)
		error = map_reuse(object, L2PC_BPF_TABLES, maps_fd());
	if (!error && common)
		error = map_reuse(object, L2PC_BPF_WAKE,
				  bpf_object__find_map_fd_by_name(common, L2PC_BPF_WAKE));
	if (!error)
		return object;
	bpf_object__close(object);
	errno = -error;
	return NULL;
}

static int on_wake(void *context, void *data, size_t size)
{
	(void)context, (void)data, (void)size;
	return 0;
}

const char *program_refusal(int error)
{
	switch (-error) {
	case ENOSYS:
		return "this kernel has no BPF (CONFIG_BPF_SYSCALL)";
	case EPERM:
	case EACCES:
		return "the kernel refuses BPF (a container, a user namespace, seccomp or lockdown)";
	case EOPNOTSUPP:
		return "this kernel does not compile BPF (CONFIG_BPF_JIT, sysctl net.core.bpf_jit_enable=1)";
	case ENOMEM:
		return "out of memory (of this machine, or of this cgroup: MemoryMax of a service)";
	default:
		return strerror(-error);
	}
}

static int fail(const char *what)
{
	int error = -errno;

	error_print("run: %s: %s", what, program_refusal(error));
	return error;
}

/* Make the arena, if this kernel has all that programs need there. */
static int arena_open(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	struct utsname kernel;
	int major = 0, minor = 0;

	/* Linux 6.9 has arenas without atomic operations. */
	if (uname(&kernel) || sscanf(kernel.release, "%d.%d", &major, &minor) != 2 || major < 6 ||
	    (major == 6 && minor < 10) || without("arena") || without("tcx"))
		return -EOPNOTSUPP;
	arena_fd = bpf_map_create(BPF_MAP_TYPE_ARENA, "l2pc_arena", 0, 0,
				  L2PC_BPF_ARENA_SIZE / (uint32_t)sysconf(_SC_PAGESIZE), &options);
	if (arena_fd < 0)
		return -errno;
	/* Before a program is loaded: the kernel chooses where, and programs know it. */
	arena_map = mmap(NULL, L2PC_BPF_ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, arena_fd, 0);
	if (arena_map != MAP_FAILED)
		return 0;
	arena_map = NULL;
	close(arena_fd);
	arena_fd = -1;
	return -errno;
}

static int grace_open(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, outer);

	inner_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "l2pc_grace", 4, 4, 1, NULL);
	outer.inner_map_fd = (uint32_t)inner_fd;
	outer_fd = inner_fd < 0 ? -1 : bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "l2pc_graces",
						      4, 4, 1, &outer);
	grace_end = eventfd(0, EFD_CLOEXEC);
	return outer_fd < 0 || grace_end < 0 ? -errno : 0;
}

/* Load what is for all ports. Maps of the others only are not made. */
static int common_open(void)
{
	static const char *const names[] = { L2PC_BPF_CLOCK, L2PC_BPF_PAGES, L2PC_BPF_STORED,
					   NULL };
	struct bpf_map *map;

	common = object_open(names);
	if (!common)
		return -errno;
	bpf_object__for_each_map(map, common)
		if (!arena_map && bpf_map__fd(map) < 0 && strcmp(bpf_map__name(map), L2PC_BPF_WAKE) != 0 &&
		    !strstr(bpf_map__name(map), ".rodata"))
			bpf_map__set_autocreate(map, false);
	return bpf_object__load(common);
}

/* Kernels without tcx do not know it. Each namespace has lo, number 1. */
static bool tcx_probe(void)
{
	LIBBPF_OPTS(bpf_prog_query_opts, options);

	return !without("tcx") && !bpf_prog_query_opts(1, BPF_TCX_INGRESS, &options);
}

/* Run a program of the common object, with an argument that it may change. */
static int program_run(int fd, void *argument, uint32_t size)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = argument, .ctx_size_in = size);

	return bpf_prog_test_run_opts(fd, &options);
}

/* The same without an arena, where the argument is the head of a frame. */
static int program_run_frame(int fd, void *argument, uint32_t size)
{
	/* At least an Ethernet header, and what newer kernels want behind. */
	char frame[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .data_out = frame, .data_size_out = sizeof(frame));
	int error;

	memcpy(frame, argument, size);
	error = bpf_prog_test_run_opts(fd, &options);
	memcpy(argument, frame, size);
	return error;
}

static bool slot_is_stored(uint32_t index)
{
	struct l2pc_bpf_slot slot = { .index = index };

	return !program_run_frame(stored_fd, &slot, sizeof(slot)) && slot.stored;
}

int program_init(void)
{
	libbpf_set_print(quiet);
	if (arena_open()) {
		errno = -maps_init(slot_is_stored);
		if (errno)
			return fail("cannot create BPF maps");
	}
	if (grace_open())
		return fail("cannot create a BPF map");
	errno = -common_open();
	if (errno)
		return fail("cannot load the BPF programs");
	has_tcx = arena_map || tcx_probe();
	clock_fd = program_fd(common, L2PC_BPF_CLOCK);
	pages_fd = program_fd(common, L2PC_BPF_PAGES);
	stored_fd = program_fd(common, L2PC_BPF_STORED);
	wakes = ring_buffer__new(bpf_object__find_map_fd_by_name(common, L2PC_BPF_WAKE), on_wake,
				 NULL, NULL);
	if (!wakes)
		return fail("cannot read a BPF ring buffer");
	return 0;
}

bool program_has_tcx(void)
{
	return has_tcx;
}

void *program_arena(void)
{
	return arena_map;
}

int program_cpus(void)
{
	return libbpf_num_possible_cpus();
}

int program_wake_fd(void)
{
	return ring_buffer__epoll_fd(wakes);
}

/*
 * A program that finds the ring buffer full stores no record. It may find it full shortly
 * after it was read, and this process may not see its request yet. A buffer has fewer than 256
 * records, so that a grace period after each 128 is between the two.
 */
bool program_woken(void)
{
	int count = ring_buffer__consume(wakes);

	if (count > 0)
		records += (unsigned int)count;
	return records >= 128;
}

/*
 * Sections with bottom halves disabled overlap on a CPU where PREEMPT_RT has no lock for
 * them, from Linux 6.18 on. Then the programs disable preemption, on every PREEMPT_RT.
 */
static bool sections_overlap(void)
{
	char answer = '0';
	int fd = open("/sys/kernel/realtime", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &answer, 1) != 1)
		answer = '0';
	close(fd);
	return answer == '1';
}

const char *program_name(bool tx)
{
	if (arena_map && sections_overlap())
		return tx ? L2PC_BPF_EGRESS_RT : L2PC_BPF_INGRESS_RT;
	return tx ? L2PC_BPF_EGRESS : L2PC_BPF_INGRESS;
}

int program_load(struct program *program, const void *port, int port_fd)
{
	const char *const names[] = { program_name(false), program_name(true),
				      has_tcx ? NULL : L2PC_BPF_HOOK_RX, L2PC_BPF_HOOK_TX, NULL };
	struct l2pc_bpf_config config = { .port = (uintptr_t)port, .slots = maps_start(),
					  .writers = (uintptr_t)port + sizeof(struct l2pc_bpf_port),
					  .overlap = sections_overlap() };
	struct bpf_map *map;
	int error;

	program->ingress = program->egress = -1;
	program->object = object_open(names);
	if (!program->object)
		return -errno;
	error = map_reuse(program->object, L2PC_BPF_WRITERS, port_fd);
	bpf_object__for_each_map(map, program->object)
		if (!error && strstr(bpf_map__name(map), ".rodata"))
			error = bpf_map__set_initial_value(map, &config, sizeof(config));
	if (!error)
		error = bpf_object__load(program->object);
	if (error)
		program_unload(program);
	return error;
}

void program_unload(struct program *program)
{
	bpf_object__close(program->object);
	program->object = NULL;
}

uint64_t program_jiffies(void)
{
	struct l2pc_bpf_now now = { 0 };

	if (arena_map)
		program_run(clock_fd, &now, sizeof(now));
	else
		program_run_frame(clock_fd, &now, sizeof(now));
	return now.jiffies;
}

int program_pages(uint64_t address, uint64_t pages)
{
	struct l2pc_bpf_memory memory = { .address = address, .pages = pages };
	int error = program_run(pages_fd, &memory, sizeof(memory));

	return error ? error : memory.pages ? -ENOMEM : 0;
}

void program_serve_while_waiting(void (*serve)(void))
{
	grace_serve = serve;
}

static void *grace_wait(void *data)
{
	uint32_t slot = 0;

	(void)data;
	bpf_map_update_elem(outer_fd, &slot, &inner_fd, BPF_ANY);
	eventfd_write(grace_end, 1);
	return NULL;
}

/*
 * A grace period took 20 to 65 ms in an emulated machine with Linux 6.1 in a flood. In that time
 * a CPU may fill its first table. So a thread waits, and this one serves the programs.
 */
void run_grace_period(void)
{
	struct pollfd fds[] = { { .fd = grace_end, .events = POLLIN },
				{ .fd = program_wake_fd(), .events = POLLIN } };
	void (*serve)(void) = grace_serve;
	pthread_t thread;
	eventfd_t ended;

	records = 0;
	/* What is served waits by itself for another grace period. */
	grace_serve = NULL;
	if (!serve || pthread_create(&thread, NULL, grace_wait, NULL)) {
		grace_wait(NULL);
	} else {
		while (poll(fds, 2, -1) < 0 || !fds[0].revents)
			if (fds[1].revents)
				serve();
		pthread_join(thread, NULL);
	}
	eventfd_read(grace_end, &ended);
	grace_serve = serve;
}
