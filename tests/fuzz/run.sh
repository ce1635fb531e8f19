#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [SECONDS]: run libFuzzer on the engine and on wire.c, each for half of the
# time, starting from the corpus. Findings are files in tests/fuzz/build/findings, named
# by target.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need make:make clang:clang /usr/include/stdio.h:libc6-dev \
	'/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev'

mkdir -p "$here/build"
rm -rf "$here/build/findings"
seconds=${1:-600}
# 0 means no limit to libFuzzer.
[ "$seconds" -ge 2 ] || seconds=2

# fuzz TARGET: run libFuzzer on TARGET for half of the time.
fuzz() {
	local log=$here/build/log-$1
	if ! make -s -C "$here" run TARGET="$1" SECONDS=$((seconds / 2)) >"$log" 2>&1 ||
		[ -n "$(ls -A "$here/build/findings" 2>/dev/null)" ]; then
		grep -E '(engine|wire)\.[ch]:|ERROR|SUMMARY|error:' "$log" | head -n 20
		echo "to repeat one: make -C tests/fuzz one TARGET=$1 INPUT=build/findings/...; the whole log: $log"
		# shellcheck disable=SC2012 # libFuzzer's names: a kind and a hash
		fail "libFuzzer" "no finding" "$(ls "$here/build/findings" 2>/dev/null | tr '\n' ' ')"
	fi
}

for target in engine wire; do
	suite_run "$target" fuzz "$target"
	awk -v target=$target '/^stat::number_of_executed_units/ { runs = $2 } /DONE|pulse|NEW|REDUCE/ { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
		END { printf "%s: %d inputs; %d edges, corpus %s\n", target, runs, cov, corpus }' "$here/build/log-$target"
done
suite_end
