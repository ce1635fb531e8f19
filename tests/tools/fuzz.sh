#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fuzz.sh [SECONDS [WHAT]]: run libFuzzer on all parsers of l2pc (600 s), or on WHAT: names,
# hosts, vendors, request and others, as named in fuzz.c. Findings are kept in
# build/fuzz/findings; build/fuzz/fuzz FILE runs one again.
#
# The first inputs are the simulated kernel's replies in the tests' worlds, a recording, and
# saved totals. New inputs are kept in build/fuzz/corpus.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
seconds=${1:-600}
case $seconds in *[!0-9]* | '') die "invalid SECONDS=$seconds (a number)" "usage: tests/tools/fuzz.sh [SECONDS [WHAT]]" ;; esac
tools_need
fuzz_need

fuzz=$here/build/fuzz
mkdir -p "$fuzz/corpus" "$fuzz/findings"
make -s -C "$here" && make -s -C "$here" fuzz || exit

# Seeds: the first byte selects the parser.
l2pc() { L2PC_ROOT=$here/root "$here/build/l2pc" "$@"; }
seed() { { printf '%b' "\\0$1" && cat; } >"$fuzz/corpus/$2"; }
export L2PC_WORLD
for L2PC_WORLD in "$here"/worlds/{lan,names,old,patterns}; do
	name=${L2PC_WORLD##*/}
	rm -f "$fuzz/tape"
	for verb in show port reset 'top --batch -n 1'; do
		# shellcheck disable=SC2086 # words are meant
		L2PC_TAPE=$fuzz/tape l2pc $verb >/dev/null
		case $verb in show) what=0 ;; port) what=1 ;; reset) what=2 ;; *) what=6 ;; esac
		seed $what "$name-${verb%% *}" <"$fuzz/tape"
		rm -f "$fuzz/tape"
	done
	L2PC_TAPE=$fuzz/tape l2pc export --stations 2 --textfile "$fuzz/metrics"
	seed 12 "$name-export" <"$fuzz/tape"
	# Two requests of a client, and the module's replies.
	request=$'GET /metrics HTTP/1.1\r\nHost: l2pc\r\nAccept: text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n\r\n'
	request+=$'GET /api/v1/stations?device=eth0&limit=1 HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n'
	{ printf '%b' "\\0$(printf %o ${#request})\\0000$request" && cat "$fuzz/tape"; } | seed 16 "$name-request"
	rm -f "$fuzz/tape" "$fuzz/metrics"
	{ l2pc -j show && l2pc -j show && l2pc -j port; } | seed 7 "$name-recording"
done
for totals in "$here"/totals/*; do seed 10 "totals-${totals##*/}" <"$totals"; done
L2PC_WORLD=$here/worlds/devices
rm -f "$fuzz/tape"
L2PC_TAPE=$fuzz/tape l2pc doctor >/dev/null || :
seed 17 devices <"$fuzz/tape"
rm -f "$fuzz/tape"
printf '%s' 'application/openmetrics-text;version="1.0.0";q=0.75,text/*;q=0.5,*/*;q=0.1' | seed 11 accept
printf '%s' 'gzip;q=0.5, identity;q=0' | seed 11 accept-encoding
printf 100 | seed 11 limit
seed 13 ethers <"$here/root/etc/ethers"
printf '02:00:00:00:00:01 two words # of mine\n2-0-0-0-0-2 x\n0200.0000.0003 y' | seed 13 names
seed 14 hosts <"$here/root/etc/hosts"
for list in "$here"/root/usr/share/ieee-data/*; do seed 15 "${list##*/}" <"$list"; done

[ -z "${2-}" ] || export L2PC_FUZZ=$2
if "$fuzz/fuzz" -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 -timeout=20 \
	-artifact_prefix="$fuzz/findings/" "$fuzz/corpus" >"$fuzz/log" 2>&1; then
	echo "inputs: $(find "$fuzz/corpus" -type f | wc -l)"
	grep -E '^stat::number_of_executed_units|^stat::new_units_added' "$fuzz/log"
	suite_report PASS "${2:-all}" "$seconds seconds"
else
	tail -n 40 "$fuzz/log" >"$scratch/log"
	fail "${2:-all}" "no finding" "findings in $fuzz/findings" "$scratch/log"
fi
suite_end
