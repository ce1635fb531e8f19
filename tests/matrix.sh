#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# matrix.sh [--kernels "NAME..."] [--suites "NAME..."]: the module on every
# supported kernel: built without a warning, booted, put through the VM suites.
# Prints a line a suite as it goes, failures in full, and at last a table. Status
# 0 only when nothing failed and on each kernel each suite ran or skipped.
#   --kernels   kernels of lab/kernels.list (those the archive has ready)
#   --suites    VM suites (all)
set -u -o pipefail

tests=$(cd "$(dirname "$0")" && pwd)
lab=$(cd "$tests/../lab" && pwd)
# shellcheck source=../lab/say.sh
. "$lab/say.sh"
# shellcheck source=../lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=../lab/cache.sh
. "$lab/cache.sh"
. "$tests/lib/count.sh"
. "$tests/lib/suites.sh"

kernels=() suites=()
while [ $# -gt 0 ]; do
	[ $# -gt 1 ] || set -- '' ''
	case $1 in
	--kernels) read -r -a kernels <<<"$2" ;;
	--suites) read -r -a suites <<<"$2" ;;
	*) die "matrix.sh takes --kernels and --suites, each with a list" \
		'usage: tests/matrix.sh [--kernels "NAME..."] [--suites "NAME..."]' ;;
	esac
	shift 2
done
[ ${#kernels[@]} != 0 ] || mapfile -t kernels < <(kernel_stock_names)
[ ${#suites[@]} != 0 ] || mapfile -t suites < <(suites_names)
[ ${#suites[@]} != 0 ] || die "there are no VM suites in tests/vm"
suites_check "${suites[@]}"
for name in "${kernels[@]}"; do (kernel_select "$name") || exit; done

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-matrix.XXXXXX")
child=''
trap 'rm -rf "$work"' EXIT
trap '[ -z "$child" ] || { kill "$child"; wait "$child"; } 2>/dev/null; exit 130' INT TERM HUP

# cell BEFORE-PASSED BEFORE-FAILED: what a suite comes to in the table.
cell() {
	if [ "$failed" != "$2" ]; then
		echo "FAILED"
	elif [ "$passed" = "$1" ]; then
		echo "skipped"
	else
		echo "$((passed - $1)) ok"
	fi
}

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

rows=("kernel|build$(printf '|%s' "${suites[@]}")")
for kernel_name in "${kernels[@]}"; do
	start=$SECONDS
	printf -- '--- %s\n' "$kernel_name"
	count_run build "$lab/build.sh" "$kernel_name" || {
		count_failed build "the module does not build for kernel $kernel_name"
		sed 's/^/  /' "$work/log"
		rows+=("$kernel_name|FAILED$(printf '|%.0s-' "${suites[@]}")")
		continue
	}
	row="$kernel_name|ok"
	for name in "${suites[@]}"; do
		before_passed=$passed before_failed=$failed
		suites_run "$kernel_name" "$name"
		row="$row|$(cell "$before_passed" "$before_failed")"
	done
	rows+=("$row")
	printf -- '--- %s: %d s\n' "$kernel_name" $((SECONDS - start))
done

echo
table "${rows[@]}"
echo
count_end
