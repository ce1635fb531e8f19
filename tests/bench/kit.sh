# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # sourced; $bench and $top are the caller's, $work is for it
# Sourced by the benchmarks: a working directory, $work, and the programs that a guest needs
# only for measurements.
# shellcheck source=../../lab/say.sh
. "$top/lab/say.sh"
# shellcheck source=../../lab/packages.sh
. "$top/lab/packages.sh"
lab=$top/lab
# shellcheck source=../../lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=../../lab/cross.sh
. "$lab/cross.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# kit_programs DIR PROGRAM...: copy programs, by name or path, and their libraries to DIR.
kit_programs() {
	local dir=$1 p
	shift
	mkdir -p "$dir/bin" "$dir/lib"
	for p; do cp -L "$(PATH=$PATH:/usr/sbin:/sbin type -P "$p")" "$dir/bin/" || return; done
	set -- "${@##*/}"
	ldd "${@/#/$dir/bin/}" | awk '$3 ~ /^\// { print $3 }' | sort -u | xargs cp -L -t "$dir/lib"
}

# kit_for KERNEL: select the kernel, and set kit_cc, the compiler for its guest.
kit_for() {
	kernel_select "$1"
	kit_cc=gcc
	if [ -n "$cross" ]; then
		cross_select "$arch" && cross_compiler_need
		kit_cc=$cross_triplet-gcc
	fi
}

# kit_helper DIR SOURCE: compile a program of tests/bench, after kit_for.
kit_helper() {
	local dir=$1 name=${2##*/}
	mkdir -p "$dir/bin"
	"$kit_cc" -O2 -Wall -Wextra -Werror -static -s -I"$top/tests/vm/helpers" -I"$top/include/uapi" \
		-o "$dir/bin/${name%.c}" "$bench/$2"
}
