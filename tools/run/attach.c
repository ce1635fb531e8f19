// SPDX-License-Identifier: GPL-2.0
/*
 * The hook of a port's programs: tcx, or clsact where the kernel has no tcx.
 * Copyright (C) the l2packet_counter authors
 *
 * A link of tcx goes with this process, whatever ends it. A filter at clsact stays. So it
 * only jumps to the counting program, through an array that the kernel empties when this
 * process ends.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "shared.h"
#include "run/attach.h"
#include "run/clsact.h"

enum l2pc_hook_kind attach_kind(void)
{
	return program_has_tcx() ? L2PC_HOOK_KIND_TCX : L2PC_HOOK_KIND_CLSACT;
}

static int link_create(const struct program *program, bool tx, int ifindex)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = BPF_F_BEFORE);
	int fd = bpf_link_create(program_fd(program->object, program_name(tx)), ifindex,
				 tx ? BPF_TCX_EGRESS : BPF_TCX_INGRESS, &options);

	return fd < 0 ? -errno : fd;
}

static int tcx_begin(struct program *program, int ifindex, bool tx)
{
	if (program->ingress < 0)
		program->ingress = link_create(program, false, ifindex);
	if (program->ingress < 0)
		return program->ingress;
	if (tx && program->egress < 0)
		program->egress = link_create(program, true, ifindex);
	if (!tx && program->egress >= 0) {
		close(program->egress);
		program->egress = -1;
	}
	return tx && program->egress < 0 ? program->egress : 0;
}

/* Let the filter of a direction jump to its program, or to none. */
static int filter_arm(const struct program *program, bool tx, bool armed)
{
	uint32_t index = tx ? L2PC_BPF_HOOK_EGRESS : L2PC_BPF_HOOK_INGRESS;
	int hooks = bpf_object__find_map_fd_by_name(program->object, L2PC_BPF_HOOKS);
	int fd = program_fd(program->object, program_name(tx));

	return (armed ? bpf_map_update_elem(hooks, &index, &fd, BPF_ANY) :
			bpf_map_delete_elem(hooks, &index)) ? -errno : 0;
}

/* Start one direction. Sets what is -1 otherwise to 0. */
static int filter_begin(struct program *program, int *direction, bool tx)
{
	int fd = program_fd(program->object, tx ? L2PC_BPF_HOOK_TX : L2PC_BPF_HOOK_RX), error;

	if (*direction >= 0)
		return 0;
	error = clsact_add(&program->clsact, tx, fd);
	if (!error)
		error = filter_arm(program, tx, true);
	if (error)
		clsact_del(&program->clsact, tx);
	else
		*direction = 0;
	return error;
}

static void filter_end(struct program *program, int *direction, bool tx)
{
	if (*direction < 0)
		return;
	filter_arm(program, tx, false);
	clsact_del(&program->clsact, tx);
	*direction = -1;
}

static int filters_begin(struct program *program, int ifindex, bool tx)
{
	int error = 0;

	if (program->ingress < 0 && program->egress < 0)
		error = clsact_open(&program->clsact, ifindex);
	if (!error)
		error = filter_begin(program, &program->ingress, false);
	if (!error && tx)
		error = filter_begin(program, &program->egress, true);
	if (!tx)
		filter_end(program, &program->egress, true);
	if (program->ingress < 0 && program->egress < 0)
		clsact_close(&program->clsact);
	return error;
}

int attach_begin(struct program *program, int ifindex, bool tx)
{
	return program_has_tcx() ? tcx_begin(program, ifindex, tx) :
				   filters_begin(program, ifindex, tx);
}

void attach_end(struct program *program)
{
	if (program->ingress < 0 && program->egress < 0)
		return;
	if (program_has_tcx()) {
		if (program->ingress >= 0)
			close(program->ingress);
		if (program->egress >= 0)
			close(program->egress);
		program->ingress = program->egress = -1;
		return;
	}
	filter_end(program, &program->ingress, false);
	filter_end(program, &program->egress, true);
	clsact_close(&program->clsact);
}

/* A link that was detached has no device. */
static bool link_lost(int fd)
{
	struct bpf_link_info info = { 0 };
	uint32_t size = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size) && !info.tcx.ifindex;
}

bool attach_lost(const struct program *program)
{
	if (program_has_tcx())
		return link_lost(program->ingress) || link_lost(program->egress);
	return clsact_lost(&program->clsact, false) || clsact_lost(&program->clsact, true);
}

const char *attach_refusal(int error)
{
	return program_has_tcx() ? NULL : clsact_refusal(error);
}
