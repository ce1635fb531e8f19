#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh [SECONDS]: libFuzzer on the engine for so long, from the corpus on. Status 0
# when it found nothing; what it found lies in tests/fuzz/build/findings.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../lab/say.sh"
. "$here/../../lab/packages.sh"
packages_need make:make clang:clang /usr/include/stdio.h:libc6-dev \
	'/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev'

mkdir -p "$here/build"
log=$here/build/log
rm -rf "$here/build/findings"
if ! make -s -C "$here" run SECONDS="${1:-600}" >"$log" 2>&1 ||
	[ -n "$(ls -A "$here/build/findings" 2>/dev/null)" ]; then
	grep -E 'engine\.[ch]:|ERROR|SUMMARY|error:' "$log" | head -n 20 >&2
	# shellcheck disable=SC2012 # libFuzzer's names: a kind and a hash
	die "the fuzzer found something: $(ls "$here/build/findings" 2>/dev/null | tr '\n' ' ')" \
		"once more: make -C tests/fuzz one INPUT=build/findings/..." "the whole log: $log"
fi
awk '/^stat::number_of_executed_units/ { runs = $2 } /DONE|pulse|NEW|REDUCE/ { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
	END { printf "%d inputs, no finding; %d edges, corpus %s\n", runs, cov, corpus }' "$log"
