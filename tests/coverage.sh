#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# coverage.sh [--write] [SUITE...]: show the lines of the module that the VM suites run, all
# suites or these, on a kernel with gcov (lab/configs/gcov.config). Print a line for each
# suite, then the lines that no suite has run, and a table with a row for each file. Status
# 0 only when nothing failed and at least 90 % of all lines (or L2PC_COVERAGE %) were run.
# --write: write the table to docs/results/coverage.md.

tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"
top=${tests%/*}
# shellcheck source=tests/lib/host/results.sh
. "$tests/lib/host/results.sh"

command=$(results_command tests/coverage.sh "$@") write=''
[ "${1-}" != --write ] || { write=1 && shift; }
kernel=gcov least=${L2PC_COVERAGE:-90}
suites=("$@")
suites_check ${suites[@]+"${suites[@]}"}
[ ${#suites[@]} != 0 ] || mapfile -t suites < <(suites_names "$kernel")
runner_begin
packages_need gcov:gcc gcov-tool:gcc tar:tar
{ "$lab/run.sh" --packages && "$lab/ynl.sh" --packages; } || exit

suites_coverage=$work/coverage
mkdir "$suites_coverage"
export L2PC_GCOV=1
jobs_prepare build 1000 '' "$lab/build.sh" "$kernel"
for name in "${suites[@]}"; do suites_add "$kernel" "$name" "${name%.test.sh}" build; done
jobs_run

# merge: add up the counters of all suites in $data, and copy the compiler's notes (.gcno)
# there.
merge() {
	local tar name
	data=$work/data
	mkdir "$data"
	for tar in "$suites_coverage"/*.tar; do
		name=$(basename "$tar" .tar)
		mkdir "$work/$name"
		# A suite that died has no coverage.
		if [ ! -s "$tar" ] || ! tar -x -f "$tar" -C "$work/$name"; then
			count_failed "$name" 'no coverage'
			continue
		fi
		if [ -z "$(ls -A "$data")" ]; then
			mv "$work/$name"/* "$data/"
		else
			gcov-tool merge -o "$work/sum" "$data" "$work/$name" 2>"$work/log" || { cat "$work/log" >&2 && return 1; }
			rm -rf "$data"
			mv "$work/sum" "$data"
		fi
	done
	cp "$module"/*.gcno "$module"/kmod/*/*.gcno "$data/"
}

# lines: print FILE|LINE|RUN|TEXT for each line of code, where RUN is the number of times
# that the line was run. Functions in headers are compiled many times, and counted once.
lines() {
	# gcov reports missing kernel headers, of which no coverage is wanted.
	(cd "$data" && gcov -t ./*.gcda 2>/dev/null) | awk -v top="$module/" '
		/^ *-: *0:Source:/ { file = $0; sub(/.*0:Source:/, "", file); ours = index(file, top) == 1; file = substr(file, length(top) + 1); next }
		!ours { next }
		{
			run = $0; sub(/:.*/, "", run); gsub(/[ *]/, "", run)
			rest = $0; sub(/^[^:]*:/, "", rest)
			n = rest + 0; sub(/^ *[0-9]*:/, "", rest)
			if (run == "-" || !n) next
			if (run ~ /[#=]/) run = 0
			key = sprintf("%s|%06d", file, n)
			sum[key] += run; text[key] = rest
		}
		END { for (key in sum) printf "%s|%d|%s\n", key, sum[key], text[key] }' | sort
}

if module=$("$lab/build.sh" "$kernel") && module=$(dirname "$module") && merge && lines >"$work/lines"; then
	echo
	awk -F'|' '$3 == 0 { t = $0; sub(/^[^|]*\|[^|]*\|[^|]*\|/, "", t); printf "%s:%d:%s\n", $1, $2, t }' "$work/lines"
	echo
	# The lines are sorted by file.
	awk -F'|' '
		function row(name, n, run) { printf "%-24s %6s %6s %7.1f %%\n", name, n, run, n ? 100 * run / n : 0 }
		NR == 1 { printf "%-24s %6s %6s\n", "file", "lines", "run" }
		$1 != file { if (NR > 1) row(file, n, run); file = $1; n = run = 0 }
		{ n++; total++ }
		$3 > 0 { run++; total_run++ }
		END { row(file, n, run); row("all", total, total_run) }' "$work/lines" >"$work/table"
	cat "$work/table"
	[ -z "$write" ] || results_block <"$work/table" | results_write coverage "Coverage" "$command" \
		"Kernel $(results_kernel "$kernel"), $(results_qemu); l2packet_counter $(results_version)."
	echo
	percent=$(awk -F'|' '{ n++ } $3 > 0 { run++ } END { printf "%.1f", n ? 100 * run / n : 0 }' "$work/lines")
	if awk -v p="$percent" -v least="$least" 'BEGIN { exit !(p >= least) }'; then
		passed=$((passed + 1))
		count_line coverage ok
		printf ', %s %%\n' "$percent"
	else
		count_failed coverage "$percent % of the lines, of at least $least %"
	fi
else
	count_failed coverage 'it could not be added up'
fi
runner_end
