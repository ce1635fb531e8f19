// SPDX-License-Identifier: GPL-2.0
/*
 * The BPF programs: load, attach, and what only a program can do.
 * Copyright (C) the l2packet_counter authors
 *
 * Each port has programs of its own, with the address of its writers as a constant. All
 * share one arena, because an arena takes 4 GiB of address space. Nothing is pinned: links
 * and maps go with this process, whatever ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "object.h"
#include "shared.h"
#include "run/program.h"
#include "util/errors.h"

static struct bpf_object *common;
static struct ring_buffer *wakes;
static void *arena_map;
static int arena_fd = -1, clock_fd = -1, pages_fd = -1;
/* Storing to a map of maps waits for a grace period. */
static int outer_fd = -1, inner_fd = -1;

/* What libbpf says is for those who debug it. */
static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && getenv("L2PC_DEBUG"))
		return vfprintf(stderr, format, args);
	return 0;
}

static int program_fd(const struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);

	return program ? bpf_program__fd(program) : -ENOENT;
}

/* Open the object, with the shared maps, if they are there, and some of its programs. */
static struct bpf_object *object_open(enum bpf_prog_type type)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "l2pc");
	struct bpf_object *object = bpf_object__open_mem(run_object, sizeof(run_object), &options);
	struct bpf_program *program;

	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, bpf_program__type(program) == type);
	if (bpf_map__reuse_fd(bpf_object__find_map_by_name(object, L2PC_BPF_ARENA), arena_fd) ||
	    (common && bpf_map__reuse_fd(bpf_object__find_map_by_name(object, L2PC_BPF_WAKE),
					 bpf_object__find_map_fd_by_name(common, L2PC_BPF_WAKE)))) {
		int error = errno;

		bpf_object__close(object);
		errno = error;
		return NULL;
	}
	return object;
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

int program_init(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, arena, .map_flags = BPF_F_MMAPABLE);
	LIBBPF_OPTS(bpf_map_create_opts, outer);

	libbpf_set_print(quiet);
	arena_fd = bpf_map_create(BPF_MAP_TYPE_ARENA, "l2pc_arena", 0, 0,
				  L2PC_BPF_ARENA_SIZE / (uint32_t)sysconf(_SC_PAGESIZE), &arena);
	if (arena_fd < 0 && errno == EINVAL)
		return fail("this kernel has no BPF arena (needs Linux 6.10 or newer)");
	if (arena_fd < 0)
		return fail("cannot create a BPF arena");
	/* Before a program is loaded: the kernel chooses where, and programs know it. */
	arena_map = mmap(NULL, L2PC_BPF_ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, arena_fd, 0);
	if (arena_map == MAP_FAILED)
		return fail("cannot map the BPF arena");
	inner_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "l2pc_grace", 4, 4, 1, NULL);
	outer.inner_map_fd = (uint32_t)inner_fd;
	outer_fd = inner_fd < 0 ? -1 : bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "l2pc_graces",
						      4, 4, 1, &outer);
	if (outer_fd < 0)
		return fail("cannot create a BPF map");
	common = object_open(BPF_PROG_TYPE_SYSCALL);
	if (!common || bpf_object__load(common))
		return fail("cannot load the BPF programs");
	clock_fd = program_fd(common, L2PC_BPF_CLOCK);
	pages_fd = program_fd(common, L2PC_BPF_PAGES);
	wakes = ring_buffer__new(bpf_object__find_map_fd_by_name(common, L2PC_BPF_WAKE), on_wake,
				 NULL, NULL);
	if (!wakes)
		return fail("cannot read a BPF ring buffer");
	return 0;
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

void program_woken(void)
{
	ring_buffer__consume(wakes);
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

int program_load(struct program *program, const void *port)
{
	struct l2pc_bpf_config config = { .port = (uintptr_t)port,
					  .overlap = sections_overlap() };
	struct bpf_map *map;
	int error = 0;

	program->ingress = program->egress = -1;
	program->object = object_open(BPF_PROG_TYPE_SCHED_CLS);
	if (!program->object)
		return -errno;
	bpf_object__for_each_map(map, program->object)
		if (strstr(bpf_map__name(map), ".rodata"))
			error = bpf_map__set_initial_value(map, &config, sizeof(config));
	if (!error)
		error = bpf_object__load(program->object);
	if (error)
		program_unload(program);
	return error;
}

static int link_create(const struct program *program, const char *name, int ifindex,
		       enum bpf_attach_type where)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = BPF_F_BEFORE);
	int fd = bpf_link_create(program_fd(program->object, name), ifindex, where, &options);

	return fd < 0 ? -errno : fd;
}

int program_attach(struct program *program, int ifindex, bool tx)
{
	if (program->ingress < 0)
		program->ingress = link_create(program, L2PC_BPF_INGRESS, ifindex, BPF_TCX_INGRESS);
	if (program->ingress < 0)
		return program->ingress;
	if (tx && program->egress < 0)
		program->egress = link_create(program, L2PC_BPF_EGRESS, ifindex, BPF_TCX_EGRESS);
	if (!tx && program->egress >= 0) {
		close(program->egress);
		program->egress = -1;
	}
	return tx && program->egress < 0 ? program->egress : 0;
}

void program_detach(struct program *program)
{
	if (program->ingress >= 0)
		close(program->ingress);
	if (program->egress >= 0)
		close(program->egress);
	program->ingress = program->egress = -1;
}

void program_unload(struct program *program)
{
	program_detach(program);
	bpf_object__close(program->object);
	program->object = NULL;
}

/* Run a program of the common object, with an argument that it may change. */
static int program_run(int fd, void *argument, uint32_t size)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = argument, .ctx_size_in = size);

	return bpf_prog_test_run_opts(fd, &options);
}

uint64_t program_jiffies(void)
{
	struct l2pc_bpf_now now = { 0 };

	program_run(clock_fd, &now, sizeof(now));
	return now.jiffies;
}

int program_pages(uint64_t address, uint64_t pages)
{
	struct l2pc_bpf_memory memory = { .address = address, .pages = pages };
	int error = program_run(pages_fd, &memory, sizeof(memory));

	return error ? error : memory.pages ? -ENOMEM : 0;
}

void run_grace_period(void)
{
	uint32_t slot = 0;

	bpf_map_update_elem(outer_fd, &slot, &inner_fd, BPF_ANY);
}
