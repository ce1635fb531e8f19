#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# simulation.sh [--sanitize | --valgrind] [DAYS [SEED]]: let l2pc save what a simulated machine
# counts, and compare its history with the simulation, to the frame (simulation.py). By default
# 40 days; a month with fewer saves under a sanitizer or valgrind. A year takes minutes:
# tests/tools/simulation.sh 365
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
kind='' kill=0.02
case ${1:-} in --sanitize | --valgrind) kind=${1#--} && shift ;; esac
tools_need
packages_need /usr/share/zoneinfo/Europe/Berlin:tzdata
program_make "$kind" "$scratch/simulation-bin" || exit 1
days=${1:-$([ -n "$kind" ] && echo 31 || echo 40)} seed=${2:-1} a_day=5
case $kind in sanitize) a_day=2 kill=0.2 ;; valgrind) a_day=1 kill=2 ;; esac
PATH="$scratch/simulation-bin:$PATH" SIMULATION_KILL=$kill nice python3 "$here/simulation.py" \
	"$scratch/machine" "$days" "$seed" "$a_day" >"$scratch/log" 2>&1 || echo "status $?" >>"$scratch/log"
program_found "$scratch/simulation-bin" >>"$scratch/log"
cat "$scratch/log"
expect_match "simulation" "$(tail -n 1 "$scratch/log")" 'bytes: equal$'
[ -z "$kind" ] || suite_end

# 100,000 stations of ten ports in one save: memory, the file, and instructions, which a busy
# machine does not change. Two saves: the first creates all, the second changes all.
# ports NOW WALL FACTOR: print the world.
ports() {
	awk -v now="$1" -v wall="$2" -v factor="$3" 'BEGIN {
		printf "now %d\nwall %d\n", now, wall
		for (p = 0; p < 10; p++) {
			printf "port eth%d ifindex=%d\ntotals lifetime window-id=1 opened=100 packets=%d bytes=%.0f\n", p, p + 2,
				factor * 10000000, factor * 5000000000
			for (s = 0; s < 10000; s++)
				printf "station lifetime 00:1b:21:%02x:%02x:%02x - %d %d 100 %d\n", p, s / 256, s % 256,
					factor * 1000, factor * 500000, now - 1
		}
	}'
}
packages_need valgrind:valgrind
export PATH="$scratch/simulation-bin:$PATH" L2PC_ROOT=$here/root TZ=UTC L2PC_WORLD=$scratch/world HOME=$scratch
ports 1000 1764081600 1 >"$scratch/world"
l2pc save --file "$scratch/many" | expect_output many "saved 100000 stations of 10 ports in $scratch/many"
expect_number "bytes of file a station and day" $(($(stat -c %s "$scratch/many") / 100000)) -le 120
ports 1600 1764082200 2 >"$scratch/world"
valgrind -q --vgdb=no --tool=callgrind --callgrind-out-file="$scratch/callgrind" \
	l2pc save --file "$scratch/many" >/dev/null 2>&1
instructions=$(awk '/^(summary|totals):/ { print $2; exit }' "$scratch/callgrind")
echo "100,000 stations: $((instructions / 1000000)) million instructions"
expect_number "millions of instructions of a save" $((instructions / 1000000)) -le 5500
ports 2200 1764082800 3 >"$scratch/world"
peak=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' l2pc save --file "$scratch/many")
expect_number "KiB of memory of a save" "$peak" -le 61440
l2pc history --file "$scratch/many" --check | expect_output many-check "$scratch/many: 10 ports, 100000 stations, 40 periods: all sums are right"
suite_end
