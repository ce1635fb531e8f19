#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# hash.sh: compare the hash's probe lengths for patterns of addresses with those of a random
# function, in one table, from the output of tests/unit/test_hash.c.
#
# usage: tests/bench/hash.sh [--write]
#   --write   write the table to docs/results/hash.md
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/host/results.sh
. "$top/tests/lib/host/results.sh"
write=''
[ "${1-}" != --write ] || { write=1 && shift; }
[ $# = 0 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2 && exit 2; }

make -s -C "$top/tests/unit" build/test_hash
said=$(HASH_VERBOSE=1 UNIT_VERBOSE=1 "$top/tests/unit/build/test_hash" structured_addresses_probe_like_random_ones 2>&1)

table=$(awk '
	/2\^[0-9]+ +[0-9.]+: mean / {
		match($0, /2\^[0-9]+ +[0-9.]+: /)
		split(substr($0, RSTART, RLENGTH - 2), of, / +/)
		gsub(/[()]/, "")
		n = split($0, word, / +/)
		# ... mean OURS RANDOM worst OURS RANDOM
		mean = word[n - 4]; random = word[n - 3]; worst = word[n - 1]; random_worst = word[n]
		key = of[1] " | " of[2]
		if (!(key in least)) { order[++keys] = key; least[key] = random_least[key] = 1000 }
		if (mean < least[key]) least[key] = mean
		if (mean > most[key]) most[key] = mean
		if (random < random_least[key]) random_least[key] = random
		if (random > random_most[key]) random_most[key] = random
		if (worst > worst_of[key]) worst_of[key] = worst
		if (random_worst > random_worst_of[key]) random_worst_of[key] = random_worst
		patterns[key]++
	}
	END {
		if (!keys) exit 1
		print "| cells | load | patterns | mean | worst |\n| --- | --- | --- | --- | --- |"
		for (i = 1; i <= keys; i++) {
			key = order[i]
			printf "| %s | %d | %s to %s (%s to %s) | %s (%s) |\n", key, patterns[key], least[key], most[key],
				random_least[key], random_most[key], worst_of[key], random_worst_of[key]
		}
	}' <<<"$said") || { echo "$said" >&2 && exit 1; }
echo "$table"
[ -z "$write" ] || results_write hash "Probe lengths" "tests/bench/hash.sh --write" \
	"In userspace; l2packet_counter $(results_version). In brackets: the same with a random function." <<<"$table"
