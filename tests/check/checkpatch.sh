#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module's C under the kernel's own checkpatch, as strict as it can be. What is
# not meant for us is excused one by one, below: an excuse that nothing needs any
# more has to go.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/host/linux.sh
. "$top/tests/lib/host/linux.sh"
check_need perl:perl

# FILE TYPE: whatever checkpatch calls so in this file. Not here, because they are
# not looked at: the files that spec/generate.sh makes.
excuses() {
	cat <<-'TABLE'
	# What these headers are for. Their right-hand side is a macro of a constant.
	compat/linux/if_vlan.h LINUX_VERSION_CODE
	compat/linux/if_vlan.h CONSTANT_COMPARISON
	compat/linux/kernel.h LINUX_VERSION_CODE
	compat/linux/kernel.h CONSTANT_COMPARISON
	compat/linux/u64_stats_sync.h LINUX_VERSION_CODE
	compat/linux/u64_stats_sync.h CONSTANT_COMPARISON
	compat/linux/unaligned.h LINUX_VERSION_CODE
	compat/linux/unaligned.h CONSTANT_COMPARISON
	compat/net/genetlink.h LINUX_VERSION_CODE
	compat/net/genetlink.h CONSTANT_COMPARISON
	compat/net/ipv6.h LINUX_VERSION_CODE
	compat/net/netlink.h LINUX_VERSION_CODE
	compat/net/netlink.h CONSTANT_COMPARISON
	# A lock that such a kernel does not need.
	compat/linux/local_lock.h MACRO_ARG_UNUSED
	# Loops: their arguments are variables, looked at in each step.
	kmod/engine/archive.h MACRO_ARG_REUSE
	kmod/engine/table.h MACRO_ARG_REUSE
	# A tick that has gone by meanwhile, not an order.
	kmod/engine/clock.c JIFFIES_COMPARISON
	# The name of a member.
	kmod/iface/netlink.c MACRO_ARG_PRECEDENCE
	# Looked at, and handed on: it is a variable. Its message is one string, so that it
	# can be searched for.
	kmod/port/refuse.h MACRO_ARG_REUSE
	kmod/port/device.c LONG_LINE_STRING
	# unsigned __int128 has no other name.
	kmod/engine/hash.h UNSPECIFIED_INT
	# A pointer to the arena: it does not know the qualifier.
	kmod/engine/hash.h SPACING
	kmod/engine/layout.h SPACING
	# The form of TRACE_EVENT, as in the kernel's own include/trace/events.
	kmod/iface/trace.h PARENTHESIS_ALIGNMENT
	kmod/iface/trace.h OPEN_ENDED_LINE
	# The parameter's name, pasted and as a symbol.
	packet-counter.c MACRO_ARG_REUSE
	TABLE
}

tools=$(linux_tools) || exit
mapfile -t files < <(check_c 'kmod/|compat/|include/uapi/|packet-counter')
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 8 \
	perl "$tools/scripts/checkpatch.pl" --no-tree --strict --terse --show-types --no-summary -f 2>&1 |
	sed -E '/^total: .* lines checked$/d; s/^([^:]*:[0-9]+): [A-Z]+:([A-Z_]+): (.*)/\1: \3 [\2]/' >"$scratch/said"
excuses | check_excuse "$scratch/said" >"$scratch/log"
expect_no_findings "$scratch/log" "${files[@]}"
suite_end
