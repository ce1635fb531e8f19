// SPDX-License-Identifier: GPL-2.0
/*
 * tcx DEV ingress|egress PROG LINK: attach a pinned program at tcx, and pin the link,
 * which keeps the program attached. bpftool before 7.5 and libbpf before 1.3 cannot attach to
 * tcx.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* enum bpf_attach_type of 6.6, for older headers. */
#define TCX_INGRESS	46
#define TCX_EGRESS	47

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

int main(int argc, char **argv)
{
	union bpf_attr attr;
	int prog, link;

	if (argc != 5)
		return 2;
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)argv[3];
	prog = bpf(BPF_OBJ_GET, &attr);
	if (prog < 0) {
		perror(argv[3]);
		return 1;
	}
	memset(&attr, 0, sizeof(attr));
	attr.link_create.prog_fd = prog;
	attr.link_create.target_ifindex = if_nametoindex(argv[1]);
	attr.link_create.attach_type = strcmp(argv[2], "egress") ? TCX_INGRESS : TCX_EGRESS;
	link = bpf(BPF_LINK_CREATE, &attr);
	if (link < 0) {
		perror("tcx");
		return 1;
	}
	memset(&attr, 0, sizeof(attr));
	attr.pathname = (unsigned long)argv[4];
	attr.bpf_fd = link;
	if (bpf(BPF_OBJ_PIN, &attr)) {
		perror(argv[4]);
		return 1;
	}
	return 0;
}
