/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF programs: load, and what only a program can do. Functions return 0 or a negative
 * errno.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_PROGRAM_H
#define L2PC_TOOL_RUN_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "run/clsact.h"

struct bpf_object;

/* The programs of a port. */
struct program {
	struct bpf_object *object;
	int ingress, egress;		/* links, or 0 for a filter; -1: not attached */
	struct clsact clsact;
};

/*
 * program_init() - load what all ports share: memory, the clock, the grace period
 *
 * The variable L2PC_RUN_WITHOUT is for tests: `arena` or `arena,tcx`, as on older kernels.
 *
 * Return: 0, or a negative errno after an error message
 */
int program_init(void);

/* program_refusal() - why the kernel refuses BPF, as far as an errno shows it */
const char *program_refusal(int error);

/* program_arena() - where the arena is mapped; NULL: memory is in maps, see maps.h */
void *program_arena(void);

/* program_has_tcx() - whether the kernel has tcx */
bool program_has_tcx(void);

/* program_fd() - one of an object's programs */
int program_fd(const struct bpf_object *object, const char *name);

/* program_name() - the name of a port's counting program */
const char *program_name(bool tx);

/* program_cpus() - number of possible CPUs */
int program_cpus(void);

/* program_wake_fd() - what becomes readable when a program has work for this process */
int program_wake_fd(void);

/* program_woken() - take the wakes. True: a grace period is due before requests are read again */
bool program_woken(void);

/*
 * program_load() - load a port's programs
 * @port: struct l2pc_bpf_port
 * @port_fd: its map; not used in an arena
 */
int program_load(struct program *program, const void *port, int port_fd);

void program_unload(struct program *program);

/* program_jiffies() - read jiffies */
uint64_t program_jiffies(void);

/* program_pages() - allocate pages of the arena at an address */
int program_pages(uint64_t address, uint64_t pages);

/* run_grace_period() - wait until no program runs that ran at the call */
void run_grace_period(void);

/* program_serve_while_waiting() - set what is called for each wake during a grace period */
void program_serve_while_waiting(void (*serve)(void));

#endif /* L2PC_TOOL_RUN_PROGRAM_H */
