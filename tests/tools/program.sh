# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $here is the caller's
# Sourced, after needs.sh, by the tests of l2pc. Builds the program, optionally instrumented.

# program_make KIND DIR: build l2pc and l2pc-export, and make DIR/l2pc run the former. KIND is
# empty, sanitize (ASan and UBSan) or valgrind. Their findings go to files DIR/found.*,
# because a test may redirect or close the program's stderr.
program_make() {
	local kind=$1 dir=$2 watched
	mkdir -p "$dir"
	case $kind in
	'')
		make -s -C "$here" || return
		ln -sf "$here/build/l2pc" "$dir/l2pc"
		return
		;;
	sanitize)
		make -s -C "$here" SANITIZE=1 || return
		watched="env ASAN_OPTIONS='log_path=$dir/found' UBSAN_OPTIONS='log_path=$dir/found:print_stacktrace=1' \
LSAN_OPTIONS='suppressions=$here/lsan.supp:print_suppressions=0' '$here/build/sanitized/l2pc'"
		;;
	valgrind)
		packages_need valgrind:valgrind
		make -s -C "$here" || return
		# No gdb server: its files would fail in a test without disk space.
		watched="valgrind -q --vgdb=no --trace-children=yes --leak-check=full --suppressions='$here/valgrind.supp' \
--log-file='$dir/found.%p' --error-exitcode=99 '$here/build/l2pc'"
		;;
	esac
	# shellcheck disable=SC2016 # its own
	printf '#!/bin/sh\nexec %s "$@"\n' "$watched" >"$dir/l2pc"
	chmod 755 "$dir/l2pc"
}

# program_found DIR: print the new findings, and delete them.
program_found() {
	local file
	for file in "$1"/found.*; do
		[ ! -e "$file" ] || { cat "$file" && rm "$file"; }
	done
}
