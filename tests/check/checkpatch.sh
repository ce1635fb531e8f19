#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# checkpatch.sh: run the kernel's checkpatch on the module's C, with --strict. Findings that do
# not apply are excused below, one by one; an excuse without a finding is a failure.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/host/linux.sh
. "$top/tests/lib/host/linux.sh"
check_need perl:perl

# excuses: print FILE TYPE: a type of finding that is excused in this file. The files that
# spec/generate.sh makes are not checked, so they are not here.
excuses() {
	cat <<-'TABLE'
	# These headers exist for that. Their right-hand side is a macro of a constant.
	compat/linux/if_vlan.h LINUX_VERSION_CODE
	compat/linux/if_vlan.h CONSTANT_COMPARISON
	compat/linux/kernel.h LINUX_VERSION_CODE
	compat/linux/kernel.h CONSTANT_COMPARISON
	compat/linux/netfilter_netdev.h LINUX_VERSION_CODE
	compat/linux/netfilter_netdev.h CONSTANT_COMPARISON
	# The name of a header.
	compat/linux/netfilter_netdev.h SPACING
	compat/linux/u64_stats_sync.h LINUX_VERSION_CODE
	compat/linux/u64_stats_sync.h CONSTANT_COMPARISON
	compat/linux/unaligned.h LINUX_VERSION_CODE
	compat/linux/unaligned.h CONSTANT_COMPARISON
	compat/net/genetlink.h LINUX_VERSION_CODE
	compat/net/genetlink.h CONSTANT_COMPARISON
	compat/net/ipv6.h LINUX_VERSION_CODE
	compat/net/netlink.h LINUX_VERSION_CODE
	compat/net/netlink.h CONSTANT_COMPARISON
	# A lock that these kernels do not need.
	compat/linux/local_lock.h MACRO_ARG_UNUSED
	# Loops: their arguments are variables, read in each step.
	kmod/engine/archive.h MACRO_ARG_REUSE
	kmod/engine/table.h MACRO_ARG_REUSE
	# The difference since an earlier tick, not an order.
	kmod/engine/clock.c JIFFIES_COMPARISON
	# The argument is the name of a member.
	kmod/iface/netlink_settings.c MACRO_ARG_PRECEDENCE
	# The argument is a variable, which is checked, then passed on. The message is one string,
	# so that it can be searched for.
	kmod/port/refuse.h MACRO_ARG_REUSE
	kmod/port/device.c LONG_LINE_STRING
	kmod/port/attach.c LONG_LINE_STRING
	kmod/port/attach.c MACRO_ARG_REUSE
	kmod/port/glob.c LONG_LINE_STRING
	kmod/port/link.c LONG_LINE_STRING
	# unsigned __int128 has no other name.
	kmod/engine/hash.h UNSPECIFIED_INT
	# A pointer to the arena: it does not know the qualifier.
	kmod/engine/hash.h SPACING
	kmod/engine/layout.h SPACING
	# The form of TRACE_EVENT, as in the kernel's own include/trace/events.
	kmod/iface/trace.h PARENTHESIS_ALIGNMENT
	kmod/iface/trace.h OPEN_ENDED_LINE
	# The parameter's name, pasted into a token and as a symbol.
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
