// SPDX-License-Identifier: GPL-2.0
/*
 * Capabilities that l2pc run needs.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "run/privileges.h"
#include "util/errors.h"
#include "util/text.h"

/* Numbers of linux/capability.h, of which older headers have not all. */
#define BIT_OF(capability)	(UINT64_C(1) << (capability))
#define SYS_ADMIN		21

static const struct {
	const char *name;
	unsigned int number;
	bool in_sys_admin;	/* CAP_SYS_ADMIN has it as well */
} needed[] = {
	{ "CAP_NET_ADMIN", 12, false },
	{ "CAP_PERFMON", 38, true },
	{ "CAP_BPF", 39, true },
};

/* Read the effective capabilities; all, if that is not possible: the kernel refuses. */
static uint64_t effective(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	uint64_t set = UINT64_MAX;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %" SCNx64, &set) == 1)
			break;
	if (file)
		fclose(file);
	return set;
}

int privileges_check(void)
{
	uint64_t set = effective();
	char missing[64] = "";

	for (unsigned int i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		uint64_t enough = BIT_OF(needed[i].number);

		if (needed[i].in_sys_admin)
			enough |= BIT_OF(SYS_ADMIN);
		if (!(set & enough))
			text_add(missing, sizeof(missing), ", ", needed[i].name);
	}
	if (!missing[0])
		return 0;
	error_print("run: needs %s (use sudo)", missing);
	return -EPERM;
}
