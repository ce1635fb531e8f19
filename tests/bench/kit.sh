# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # sourced; $bench and $top are the caller's, $work is for it
# Sourced by the benchmarks: a working directory, $work, and the programs that a guest needs
# only for measurements.
# shellcheck source=../../lab/say.sh
. "$top/lab/say.sh"
# shellcheck source=../../lab/packages.sh
. "$top/lab/packages.sh"

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

# kit_helper DIR SOURCE: compile a program of tests/bench.
kit_helper() {
	local dir=$1 name=${2##*/}
	mkdir -p "$dir/bin"
	gcc -O2 -Wall -Wextra -Werror -static -s -I"$top/tests/vm/helpers" -I"$top/include/uapi" \
		-o "$dir/bin/${name%.c}" "$bench/$2"
}
