#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module, built for the default kernel with the compiler's additional warnings
# (W=1) and under sparse: address spaces, endianness, locks. What is wrong in the
# kernel's own headers is not ours.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
check_need sparse:sparse make:make gcc:gcc '/usr/lib/*/libelf.so.1:libelf1'

entry=$("$lab/fetch.sh" default) || exit
mapfile -t sources < <(check_files | grep -E '^(packet-counter\.c|kmod/.*\.c)$')
mapfile -t files < <(check_files | grep -E '^(Kbuild$|packet-counter\.c$|(kmod|compat|include)/)')
mkdir "$check_work/module"
cp --parents "${files[@]}" "$check_work/module/"
# Not as quiet as a make that runs this: what sparse has seen is looked for below.
MAKEFLAGS='' make -j"$(nproc)" -C "$entry/build" M="$check_work/module" CONFIG_DEBUG_INFO_BTF_MODULES= CC=gcc W=1 C=2 modules \
	>"$check_work/make" 2>&1 || echo "the module does not build: status $?" >"$check_work/log"
sed "s,$check_work/module/,,g" "$check_work/make" |
	grep -E '^((packet-counter|kmod/|compat/|include/)[^ ]*:[0-9]+:.*(warning|error):|ERROR: modpost|WARNING: modpost)' |
	sort -u >>"$check_work/log"
# A kernel whose headers sparse cannot read has it silently switched off.
for source in "${sources[@]}"; do
	grep -q "^  CHECK .*/$source\$" "$check_work/make" || echo "$source: sparse has not seen it" >>"$check_work/log"
done
check_results "$check_work/log" "${sources[@]}"
[ "$check_failed" = 0 ] || grep -E 'rror' "$check_work/make" | head -n 20
check_end
