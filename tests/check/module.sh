#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# module.sh: build the module for the default kernel with the compiler's additional warnings
# (W=1) and sparse (address spaces, endianness, locks). Findings in the kernel's own headers
# are ignored.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
check_need sparse:sparse make:make gcc:gcc '/usr/lib/*/libelf.so.1:libelf1'

entry=$("$lab/fetch.sh" default) || exit
mapfile -t sources < <(check_files | grep -E '^(packet-counter\.c|kmod/.*\.c)$')
mapfile -t files < <(check_files | grep -E '^(Kbuild$|packet-counter\.c$|(kmod|compat|include)/)')
mkdir "$scratch/module"
cp --parents "${files[@]}" "$scratch/module/"
# Reset MAKEFLAGS: under a quiet make, sparse's lines would be missing below.
MAKEFLAGS='' make -j"$(nproc)" -C "$entry/build" M="$scratch/module" CONFIG_DEBUG_INFO_BTF_MODULES= CC=gcc W=1 C=2 modules \
	>"$scratch/make" 2>&1 || echo "the module does not build: status $?" >"$scratch/log"
sed "s,$scratch/module/,,g" "$scratch/make" |
	grep -E '^((packet-counter|kmod/|compat/|include/)[^ ]*:[0-9]+:.*(warning|error):|ERROR: modpost|WARNING: modpost)' |
	sort -u >>"$scratch/log"
# When sparse cannot read a kernel's headers, the kernel's makefile silently disables it.
for source in "${sources[@]}"; do
	grep -q "^  CHECK .*/$source\$" "$scratch/make" || echo "$source: not checked by sparse" >>"$scratch/log"
done
expect_no_findings "$scratch/log" "${sources[@]}"
! suite_failed || grep -E 'rror' "$scratch/make" | head -n 20
suite_end
