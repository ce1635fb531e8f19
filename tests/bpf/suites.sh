#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# suites.sh [--kernels "NAME..."] [--write] [SUITE...]: run the VM suites with l2pc run in place
# of the module, on 6.12, 6.12-rt and 7.3, or on these kernels; those that are for other kernels
# only, on the last of them; those about counting also on 5.10 and 6.1, where tables are maps and
# programs at clsact. Print what tests/run.sh
# prints, and then a table, and the tests that are not for l2pc run, each with its reason.
# --write: write both to docs/results/bpf-suites.md. Status 0 only when nothing failed.
tests=$(cd "$(dirname "$0")/.." && pwd)
top=${tests%/*}
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"
# shellcheck source=tests/lib/host/results.sh
. "$tests/lib/host/results.sh"

command=$(results_command tests/bpf/suites.sh "$@")
kernels=(6.12 6.12-rt 7.3) older=(5.10 6.1) counting=(exact flood lifetime topology wire) kernels_given='' write='' suites=()
while [ $# -gt 0 ]; do
	case $1 in
	--kernels) read -r -a kernels <<<"${2:?--kernels wants names}" && kernels_given=1 && shift ;;
	--write) write=1 ;;
	-*) die "unknown option $1" 'usage: tests/bpf/suites.sh [--kernels "NAME..."] [--write] [SUITE...]' ;;
	*) suites+=("$1") ;;
	esac
	shift
done
every=''
[ "${#suites[@]}$kernels_given" != 0 ] || every=1
suites_check ${suites[@]+"${suites[@]}"}
runner_begin

rc=0
# run KERNEL [SUITE...]
run() {
	echo "kernel $1"
	"$tests/run.sh" --engine bpf --kernel "$@" | tee "$work/$1.said"
	[ "${PIPESTATUS[0]}" = 0 ] || rc=1
	sed "s/^/$1\t/" "$work/$1.said" >>"$work/said"
}

for kernel in "${kernels[@]}"; do run "$kernel" ${suites[@]+"${suites[@]}"}; done
[ -z "$every" ] || for kernel in "${older[@]}"; do run "$kernel" "${counting[@]}"; done
[ -z "$every" ] || for suite in $(comm -23 <(suites_names | suites_of_engine bpf | sort) <(suites_names "${kernels[@]}" | sort)); do
	run "$(sed -n 's/^# kernels:.* //p; /^[^#]/q' "$(suites_file "$suite")")" "$suite"
done

# A line of tests/run.sh is `SUITE ok|FAILED, N passed, ...`, and behind it come its skips.
awk -F'\t' '
	!($1 in column) { column[$1] = ++kernels; name[kernels] = $1 }
	match($2, /^[a-z-]+ +(ok|FAILED), +[0-9]+ passed/) {
		split($2, word, /[ ,]+/)
		if (!(word[1] in row)) { row[word[1]] = ++rows; suite[rows] = word[1] }
		cell[word[1], $1] = word[2] == "ok" ? word[3] : "FAILED"
	}
	$2 ~ /^  SKIP / {
		test = reason = $2
		sub(/^  SKIP /, "", test); sub(/: .*/, "", test)
		sub(/^[^:]*: /, "", reason)
		# The others are not for the kernel.
		if (!sub(/^not for l2pc run: /, "", reason) || test in why) next
		why[test] = reason
		skipped[++skips] = test
	}
	END {
		line = "| suite |"; rule = "| --- |"
		for (k = 1; k <= kernels; k++) { line = line " " name[k] " |"; rule = rule " --- |" }
		print line; print rule
		for (r = 1; r <= rows; r++) {
			line = "| " suite[r] " |"
			for (k = 1; k <= kernels; k++) line = line " " ((suite[r], name[k]) in cell ? cell[suite[r], name[k]] : "-") " |"
			print line
		}
		print "\n| not for `l2pc run` | reason |\n| --- | --- |"
		for (s = 1; s <= skips; s++) print "| " skipped[s] " | " why[skipped[s]] " |"
	}' "$work/said" >"$work/tables"
echo
cat "$work/tables"
[ -z "$write" ] || results_write bpf-suites "The suites with l2pc run" "$command" \
	"$(results_qemu), two CPUs; l2packet_counter $(results_version). The number of passed tests of each suite." <"$work/tables"
exit "$rc"
