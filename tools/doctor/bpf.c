// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: whether l2pc run can count here, and what stands before it at tcx.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "doctor/doctor.h"
#include "source/source.h"
#include "source/tcx.h"
#include "util/files.h"

/* Its program, L2PC_BPF_INGRESS or with PREEMPT_RT L2PC_BPF_INGRESS_RT */
#define PROGRAM	"l2pc_ingress"

/* Numbers of linux/capability.h, of which older headers have not all. */
static const struct {
	const char *name;
	unsigned int number;
} capabilities[] = {
	{ "CAP_NET_ADMIN", 12 },
	{ "CAP_PERFMON", 38 },
	{ "CAP_BPF", 39 },
};

static void need(struct doctor *doctor, const char *what)
{
	text_add(doctor->run_needs, sizeof(doctor->run_needs), ", ", what);
}

/* Options of the kernel show in /proc/sys and /sys, also where its configuration does not. */
static void check_options(struct doctor *doctor, bool has_arena)
{
	char line[32];

	if (!file_exists("/proc/sys/kernel/unprivileged_bpf_disabled"))
		need(doctor, "CONFIG_BPF_SYSCALL");
	/* Programs with an arena need the kernel's types. */
	if (has_arena && !file_exists("/sys/kernel/btf/vmlinux"))
		need(doctor, "CONFIG_DEBUG_INFO_BTF");
	if (file_line("/proc/sys/net/core/bpf_jit_enable", line, sizeof(line))) {
		if (line[0] == '0')
			need(doctor, "BPF's compiler (sudo sysctl net.core.bpf_jit_enable=1)");
	} else if (file_exists("/proc/sys/net/core/netdev_max_backlog")) {
		/* Both are in the first network namespace only. */
		need(doctor, "CONFIG_BPF_JIT");
	}
}

/* What sudo cannot give: a container has not all capabilities. */
static void check_rights(struct doctor *doctor)
{
	FILE *file = file_open("/proc/self/status");
	uint64_t bound = UINT64_MAX;
	char line[256], lacks[64] = "", text[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapBnd: %" SCNx64, &bound) == 1)
			break;
	if (file)
		fclose(file);
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++)
		if (!(bound >> capabilities[i].number & 1))
			text_add(lacks, sizeof(lacks), ", ", capabilities[i].name);
	snprintf(text, sizeof(text), "what this container lacks (%s)", lacks);
	if (lacks[0])
		need(doctor, text);
	if (file_line("/proc/self/uid_map", line, sizeof(line)) && !strstr(line, " 4294967295"))
		need(doctor, "the first user namespace");
}

void doctor_bpf(struct doctor *doctor)
{
	unsigned int major = 0, minor = 0;

	sscanf(doctor->release, "%u.%u", &major, &minor);
	if (sizeof(void *) < 8)
		need(doctor, "a machine of 64 bits");
	if (major < 5 || (major == 5 && minor < 10)) {
		need(doctor, "Linux 5.10 or newer");
		return;
	}
	check_options(doctor, major > 6 || (major == 6 && minor >= 10));
	check_rights(doctor);
}

void doctor_run_line(struct doctor *doctor, bool counts, bool alone, const char *ifname)
{
	if (counts)
		doctor_find(doctor, HEALTH_OK, "l2pc run", NULL, "counts in this network namespace");
	else if (doctor->run_needs[0])
		doctor_find(doctor, HEALTH_NOTE, "l2pc run", NULL, "cannot count here: it needs %s",
			    doctor->run_needs);
	else
		doctor_find(doctor, HEALTH_OK, "l2pc run", alone ?
			    doctor_mend("sudo l2pc run %s", text_shell(ifname)) : NULL,
			    "could count here, without the module");
}

void doctor_tcx(struct doctor *doctor, const char *ifname)
{
	struct tcx_program programs[TCX_PROGRAMS];
	unsigned int count = tcx_read(ifname, programs), own = 0;

	while (own < count && strncmp(programs[own].name, PROGRAM, strlen(PROGRAM)))
		own++;
	for (unsigned int i = 0; i < own && own < count; i++)
		doctor_find(doctor, HEALTH_NOTE, ifname,
			    doctor_mend("sudo bpftool net show dev %s", text_shell(ifname)),
			    "tcx program %" PRIu32 " (%s) runs before that of l2pc run: what it drops or redirects is not counted",
			    programs[i].id, programs[i].name[0] ? programs[i].name : "without a name");
}
