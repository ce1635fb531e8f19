#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [--rounds N] [--most RATIO] [--write]: build and run the native benchmark; see
# main.c. --write writes the table to docs/results/native.md.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/tests/bench/native}
# shellcheck source=../../../lab/packages.sh
. "$top/lab/packages.sh"
# shellcheck source=../../../lab/cache.sh
. "$top/lab/cache.sh"
# shellcheck source=../../lib/host/results.sh
. "$top/tests/lib/host/results.sh"
command=$(results_command tests/bench/native/run.sh "$@")
write='' options=()
for option; do
	if [ "$option" = --write ]; then write=1; else options+=("$option"); fi
done
packages_need make:make gcc:gcc /usr/include/stdio.h:libc6-dev
make -s -C "$here" CC=gcc build/native
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
rc=0
"$here/build/native" ${options[@]+"${options[@]}"} | tee "$figures" || rc=$?
if [ -n "$write" ] && [ "$rc" = 0 ]; then
	results_block <"$figures" | results_write native "Layouts, natively" "$command" \
		"$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1), $(gcc --version | head -n 1); l2packet_counter $(results_version)."
fi
exit "$rc"
