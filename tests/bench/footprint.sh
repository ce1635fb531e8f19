#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# footprint.sh: measure the module's memory with max_stations=65536, in a VM with two CPUs:
# loaded, with few stations, under a flood of random addresses, and after resets.
#
# usage: tests/bench/footprint.sh [--kernel NAME] [--write]
#   --write   write the figures to docs/results/footprint.md
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/host/results.sh
. "$top/tests/lib/host/results.sh"
command=$(results_command tests/bench/footprint.sh "$@")
results_options "$0" "$@"
figures=$("$top/lab/run.sh" --kernel "$kernel" --mem 2048 "$top/tests/bench/guest/footprint.sh")
echo "$figures"
[ -z "$write" ] || results_block <<<"$figures" | results_write footprint "Memory" "$command" \
	"Kernel $(results_kernel "$kernel"), two CPUs; l2packet_counter $(results_version). All of the kernel's data memory, less what it was before."
