// SPDX-License-Identifier: GPL-2.0
/*
 * BPF programs at tcx ingress of an interface, in the order in which they run.
 * Copyright (C) the l2packet_counter authors
 *
 * By bpf(2) itself: l2pc reads them also where it is built without libbpf.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "source/tcx.h"

/* BPF_TCX_INGRESS of newer headers */
#define TCX_INGRESS	46

static int call(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void read_name(struct tcx_program *program)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = { .prog_id = program->id };
	int fd = call(BPF_PROG_GET_FD_BY_ID, &attr);

	if (fd < 0)
		return;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (!call(BPF_OBJ_GET_INFO_BY_FD, &attr))
		snprintf(program->name, sizeof(program->name), "%s", info.name);
	close(fd);
}

unsigned int tcx_read(const char *ifname, struct tcx_program programs[TCX_PROGRAMS])
{
	uint32_t ids[TCX_PROGRAMS] = { 0 };
	union bpf_attr attr = { 0 };

	/* target_ifindex of newer headers */
	attr.query.target_fd = if_nametoindex(ifname);
	attr.query.attach_type = TCX_INGRESS;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = TCX_PROGRAMS;
	if (!attr.query.target_fd || call(BPF_PROG_QUERY, &attr))
		return 0;
	for (unsigned int i = 0; i < attr.query.prog_cnt; i++) {
		programs[i] = (struct tcx_program){ .id = ids[i] };
		read_name(&programs[i]);
	}
	return attr.query.prog_cnt;
}
