#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# symbols.sh [KERNEL]: check that every global symbol of the module starts with l2pc_, because
# all of the kernel shares a namespace; except for the symbols of every module.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need nm:binutils

ko=$("$lab/build.sh" "${1:-default}") || exit
# symbols FILE: print its globals, without the prefixes of the compiler (__pfx_) and of
# tracepoints.
symbols() {
	nm -g --defined-only "$1" | awk '{ print $NF }' | sed -E \
		's/^__pfx_//; s/^(__tracepoint_|__probestub_|__traceiter_|__SC[KT]__tp_func_)//'
}
symbols "$ko" | sort -u >"$scratch/symbols"
grep -q '^l2pc_' "$scratch/symbols" || echo "$ko has no symbol l2pc_*" >"$scratch/log"
grep -v -x -E 'l2pc_.*|init_module|cleanup_module|__this_module|__(start|stop)_alloc_tags' "$scratch/symbols" >>"$scratch/log"
expect_empty prefix "$scratch/log"
suite_end
