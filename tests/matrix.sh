#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# matrix.sh [--kernels "NAME..."] [--suites "NAME..."] [--write]: the module on every
# supported kernel: built without a warning, booted, put through the VM suites.
# Prints a line a suite as it goes, failures in full, and at last a table. Status
# 0 only when nothing failed and on each kernel each suite ran or skipped; `-` stands
# where a suite is not for that kernel.
#   --kernels   kernels of lab/kernels.list (those the archive has ready)
#   --suites    VM suites (all)
#   --write     write the table to docs/results/matrix.md

tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"
top=${tests%/*}
# shellcheck source=tests/lib/host/results.sh
. "$tests/lib/host/results.sh"

command=$(results_command tests/matrix.sh "$@")
kernels=() suites=() write=''
while [ $# -gt 0 ]; do
	case $1 in
	--write)
		write=1
		shift
		continue
		;;
	*) [ $# -gt 1 ] || set -- '' '' ;;
	esac
	case $1 in
	--kernels) read -r -a kernels <<<"$2" ;;
	--suites) read -r -a suites <<<"$2" ;;
	*) die "matrix.sh takes --kernels and --suites, each with a list, and --write" \
		'usage: tests/matrix.sh [--kernels "NAME..."] [--suites "NAME..."] [--write]' ;;
	esac
	shift 2
done
[ ${#kernels[@]} != 0 ] || mapfile -t kernels < <(kernel_stock_names)
all=''
[ ${#suites[@]} != 0 ] || {
	all=1
	mapfile -t suites < <(suites_names "${kernels[@]}")
}
[ ${#suites[@]} != 0 ] || die "there are no VM suites in tests/vm/suites"
suites_check "${suites[@]}"
for name in "${kernels[@]}"; do (kernel_select "$name") || exit; done
runner_begin

# table ROW...: columns as wide as their widest cell.
table() {
	printf '%s\n' "$@" | awk -F'|' '
	{ for (i = 1; i <= NF; i++) { text[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
	END {
		for (r = 1; r <= NR; r++) {
			line = sprintf("%-*s", width[1], text[r, 1])
			for (i = 2; i <= NF; i++) line = line sprintf("  %*s", width[i], text[r, i])
			print line
		}
	}'
}

{ "$lab/run.sh" --packages && "$lab/ynl.sh" --packages; } || exit
for name in "${kernels[@]}"; do
	# Suites wait for their kernel, and what downloads comes before what computes.
	jobs_prepare "$name/build" 1000 '' "$lab/build.sh" "$name"
	[ -z "$all" ] || suites_add_unit "$name" "$name/unit" "$name/build"
	for suite in "${suites[@]}"; do
		! suites_for "$suite" "$name" || suites_add "$name" "$suite" "$name/$suite" "$name/build"
	done
done
jobs_run

rows=("kernel|build$(printf '|%s' "${suites[@]}")")
for name in "${kernels[@]}"; do
	row="$name|${jobs_verdict[$name/build]}"
	for suite in "${suites[@]}"; do row="$row|${jobs_verdict[$name/$suite]:--}"; done
	rows+=("$row")
done
echo
table "${rows[@]}"
[ -z "$write" ] || table "${rows[@]}" | results_block | results_write matrix "Kernels" "$command" \
	"$(results_qemu), two CPUs; l2packet_counter $(results_version). The number of passed tests of each suite; \`-\`: not for this kernel."
echo
runner_end
