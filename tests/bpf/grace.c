// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into l2pc run: writes a line to the file GRACE_LOG for each grace period. While the
 * file GRACE_HOLD is there, a grace period does not end: "held" becomes the file's first line.
 * Copyright (C) the l2packet_counter authors
 *
 * libbpf calls bpf(2) by syscall(). A grace period is an update of the map l2pc_graces.
 */
#define _GNU_SOURCE	/* RTLD_NEXT */
#include <dlfcn.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int graces = -1;

static void write_line(void)
{
	FILE *log = fopen(getenv("GRACE_LOG"), "a");

	if (log) {
		fputs("grace period\n", log);
		fclose(log);
	}
}

/* The test removes the file. */
static void hold(const char *path)
{
	FILE *file = path ? fopen(path, "r+") : NULL;

	if (!file)
		return;
	fputs("held\n", file);
	fclose(file);
	while (!access(path, F_OK))
		usleep(10000);
}

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long a[6], result;
	const union bpf_attr *attr;
	__builtin_va_list list;

	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	__builtin_va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = __builtin_va_arg(list, long);
	__builtin_va_end(list);
	result = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (number != SYS_bpf || result < 0)
		return result;
	attr = (const union bpf_attr *)a[1];
	if (a[0] == BPF_MAP_CREATE && !strcmp(attr->map_name, "l2pc_graces"))
		graces = (int)result;
	else if (a[0] == BPF_MAP_UPDATE_ELEM && (int)attr->map_fd == graces) {
		hold(getenv("GRACE_HOLD"));
		write_line();
	}
	return result;
}
