#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# matrix.sh [--kernels "NAME..."] [--suites "NAME..."] [--write]: build the module for every
# supported kernel without a warning, boot the kernel, and run the VM suites. Print a line
# for each suite, failures in full, and at last a table. Status 0 only when nothing failed,
# and each suite ran or was skipped on each kernel. `-` marks a suite that does not apply to
# the kernel.
#   --kernels   kernels of lab/kernels.list (default: those that Debian's archive has)
#   --suites    VM suites (all)
#   --write     write the table to docs/results/matrix.md; when all of the kernels are of
#               architectures that are emulated, to architectures.md, where the results of
#               suites that did not run now stay

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

# table ROW...: print the rows, with columns as wide as their widest cell.
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

"$lab/ynl.sh" --packages || exit
for name in "${kernels[@]}"; do "$lab/run.sh" --kernel "$name" --packages || exit; done
for name in "${kernels[@]}"; do
	# Suites wait for their kernel. Jobs that download run before jobs that compute.
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

# architecture_lines: print this run for architectures.awk.
architecture_lines() {
	local suite name
	printf 'kernel\t%s\n' "${emulated[@]}"
	while IFS= read -r suite; do
		printf 'suite\t%s\t%s\t%s\n' "$suite" "$(suites_line "$suite" kernels)" "$(suites_line "$suite" because)"
	done < <(suites_names)
	for name in "${kernels[@]}"; do
		for suite in "${suites[@]}"; do
			[ -n "${jobs_verdict[$name/$suite]-}" ] || continue
			printf 'ran\t%s\t%s\t%s\n' "$suite" "$name" "${jobs_verdict[$name/$suite]}"
			[ -z "${jobs_skips[$name/$suite]}" ] ||
				sed -n "s|^SKIP \\([^:]*\\): \\(.*\\)|skip\t\\1\t$name\t\\2|p" <<<"${jobs_skips[$name/$suite]}"
		done
	done
}

mapfile -t emulated < <(kernel_emulated_names)
if [ -n "$write" ] && [ "$(comm -23 <(printf '%s\n' "${kernels[@]}" | sort) <(printf '%s\n' "${emulated[@]}" | sort))" = '' ]; then
	architecture_lines >"$work/architectures"
	awk -F '\t' -f "$tests/lib/host/architectures.awk" "$top/docs/results/architectures.md" "$work/architectures" |
		results_write architectures "Other architectures" 'tests/matrix.sh --kernels "'"${emulated[*]}"'" --write' \
			"All of the kernel and the guest's programs emulated by QEMU $(results_qemu_version); two CPUs; l2packet_counter $(results_version). The number of passed tests of each suite. A run with \`--suites\` replaces the results of its suites only."
	write=''
fi
[ -z "$write" ] || table "${rows[@]}" | results_block | results_write matrix "Kernels" "$command" \
	"$(results_qemu), or the architecture in the kernel's name; two CPUs; l2packet_counter $(results_version). The number of passed tests of each suite; \`-\`: not for this kernel."
echo
runner_end
