// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a BPF program of hand-written instructions, and pins it.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: bpfpin PROGRAM PATH [DEV]
 * PROGRAM is xdp-pass, tc-pass, tc-drop, tc-saddr (sets the source address to
 * 02:00:00:00:00:77), or tc-redirect=INTERFACE. With DEV, a tc program is attached to the
 * device's tcx ingress, and PATH pins the link: removing the file detaches the program.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TCX_INGRESS	46	/* BPF_TCX_INGRESS, Linux 6.6 */
#define TC_OK		0
#define TC_SHOT		2

#define MOVE(reg, value)	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (reg), .imm = (value) }
#define COPY(reg, from)		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (reg), .src_reg = (from) }
#define ADD(reg, value)		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = (reg), .imm = (value) }
#define STORE(size, offset, value) \
	{ .code = BPF_ST | (size) | BPF_MEM, .dst_reg = BPF_REG_10, .off = (offset), .imm = (value) }
#define CALL(function)		{ .code = BPF_JMP | BPF_CALL, .imm = (function) }
#define EXIT			{ .code = BPF_JMP | BPF_EXIT }

static char log_text[65536];

static void die(const char *what)
{
	fprintf(stderr, "bpfpin: %s: %s\n%s", what, strerror(errno), log_text);
	exit(1);
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int load(const struct bpf_insn *instructions, size_t size, int type)
{
	union bpf_attr attr = {
		.prog_type = type,
		.insn_cnt = size / sizeof(*instructions),
		.insns = (uintptr_t)instructions,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log_text,
		.log_size = sizeof(log_text),
		.log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		die("load");
	return fd;
}

static int load_named(const char *name)
{
	if (!strcmp(name, "xdp-pass")) {
		const struct bpf_insn program[] = { MOVE(BPF_REG_0, XDP_PASS), EXIT };

		return load(program, sizeof(program), BPF_PROG_TYPE_XDP);
	}
	if (!strcmp(name, "tc-pass")) {
		const struct bpf_insn program[] = { MOVE(BPF_REG_0, TC_OK), EXIT };

		return load(program, sizeof(program), BPF_PROG_TYPE_SCHED_CLS);
	}
	if (!strcmp(name, "tc-drop")) {
		const struct bpf_insn program[] = { MOVE(BPF_REG_0, TC_SHOT), EXIT };

		return load(program, sizeof(program), BPF_PROG_TYPE_SCHED_CLS);
	}
	if (!strcmp(name, "tc-saddr")) {
		const struct bpf_insn program[] = {
			STORE(BPF_W, -8, 2), STORE(BPF_W, -4, 0x7700),
			MOVE(BPF_REG_2, 6),
			COPY(BPF_REG_3, BPF_REG_10), ADD(BPF_REG_3, -8),
			MOVE(BPF_REG_4, 6), MOVE(BPF_REG_5, 0),
			CALL(BPF_FUNC_skb_store_bytes),
			MOVE(BPF_REG_0, TC_OK), EXIT,
		};

		return load(program, sizeof(program), BPF_PROG_TYPE_SCHED_CLS);
	}
	if (!strncmp(name, "tc-redirect=", 12)) {
		const struct bpf_insn program[] = {
			MOVE(BPF_REG_1, if_nametoindex(name + 12)), MOVE(BPF_REG_2, 0),
			CALL(BPF_FUNC_redirect), EXIT,
		};

		return load(program, sizeof(program), BPF_PROG_TYPE_SCHED_CLS);
	}
	errno = EINVAL;
	die(name);
	return -1;
}

int main(int argc, char **argv)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	union bpf_attr attr = {};
	int fd;

	if (argc != 3 && argc != 4) {
		fputs("usage: bpfpin PROGRAM PATH [DEV]\n", stderr);
		return 2;
	}
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	fd = load_named(argv[1]);
	if (argc == 4) {
		attr.link_create.prog_fd = fd;
		attr.link_create.target_fd = if_nametoindex(argv[3]);
		attr.link_create.attach_type = TCX_INGRESS;
		fd = bpf(BPF_LINK_CREATE, &attr);
		if (fd < 0)
			die(argv[3]);
		memset(&attr, 0, sizeof(attr));
	}
	attr.pathname = (uintptr_t)argv[2];
	attr.bpf_fd = fd;
	if (bpf(BPF_OBJ_PIN, &attr))
		die(argv[2]);
	return 0;
}
