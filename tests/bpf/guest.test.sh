#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# l2pc run in a VM: counts are exact on kernels without an arena, and without tcx. Started by
# kernels.sh, with l2pc and send at /l2pc/bpf.
# shellcheck disable=SC2016 # variables of eval and awk
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/wait.sh

engine='' scratch=$suite_dir
export LD_LIBRARY_PATH=/l2pc/bpf
printf '6.6\n%s\n' "$(uname -r)" | sort -V -C && hook=tcx || hook=clsact
l2pc() { ip netns exec near /l2pc/bpf/l2pc "$@"; }
send() { ip netns exec far taskset -c "${cpu:-0}" /l2pc/bpf/send cable "$@"; }

engine_start() {
	# A shell in the background opens it later than wait_for looks.
	rm -f "$scratch/err"
	ip netns exec near /l2pc/bpf/l2pc run eth0 "$@" >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q '^counting ' "$scratch/err" 2>/dev/null || fail "l2pc run" "it to count" "$(cat "$scratch/err")"
}

engine_stop() {
	kill -INT "$engine"
	wait "$engine" || fail "l2pc run" "status 0" $?
	engine=''
}

setup() {
	ip netns add near
	ip netns add far
	ip netns exec near sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip netns exec far sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip -n far link add cable type veth peer name eth0 netns near
	ip -n far link set cable up
	ip -n near link set eth0 up
	wait_for eval 'ip -n far link show cable | grep -q "state UP"'
}

teardown() {
	[ -z "$engine" ] || kill -9 "$engine" 2>/dev/null
	engine=''
	ip netns del near
	ip netns del far
}

total() { l2pc -o show "$@" | awk -F'\t' '$1 == "sum" { print $8 }'; }
counted() { expect_soon "$1 frames" eval "[ \"\$(total ${*:2})\" = $1 ]"; }

# rows ROUNDS [OPTION]...: print how many stations eth0 has, those with other counts than send.c
# sent, frames without a station, and whether the rows' sum is the total.
rows() {
	l2pc -o show eth0 "${@:2}" | awk -F'\t' -v rounds="$1" '
		function number(hex,  i, n) {
			for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
			return n
		}
		$1 == "station" {
			mac = substr($4, 7)
			gsub(":", "", mac)
			n = number(mac)
			frames = (n % 7 + 1) * rounds
			wrong += $4 !~ /^02:00:/ || $6 != frames || $7 != frames * (60 + n % 1400)
			stations++
			packets += $6
		}
		$1 == "sum" { untracked = $10; exact = packets + untracked == $8 }
		END { print stations, wrong + 0, untracked, exact ? "true" : "false" }'
}

test_100000_stations_are_exact() {
	local sent
	engine_start max-stations 131072 reset-interval 0
	expect_match "port" "$(l2pc port eth0)" "eth0: counted by $hook"
	sent=$(send 100000 2)
	expect_equal "frames and bytes sent" "$sent" "799990 606473410"
	counted 799990
	expect_equal "stations, wrong ones, untracked, sum" "$(rows 2)" "100000 0 0 true"
	expect_equal "skipped" "$(l2pc -o show eth0 | awk -F'\t' '$1 == "sum" { print $14, $15, $16 }')" "5 3 2"
	engine_stop
	expect_output "what it says" "eth0: 799990 frames, 606473410 bytes, 100000 stations" <"$scratch/out"
}

test_windows_close_on_two_cpus_without_losing_a_frame() {
	local senders=() cpu windows=0 sent=0
	engine_start max-stations 65536 reset-interval 0
	for cpu in 0 1; do
		send 50 4000 >"$scratch/sent.$cpu" &
		senders+=($!)
	done
	while kill -0 "${senders[0]}" 2>/dev/null || kill -0 "${senders[1]}" 2>/dev/null; do
		l2pc reset >/dev/null && windows=$((windows + 1))
	done
	wait "${senders[@]}"
	expect_number "windows" "$windows" -gt 5
	for cpu in 0 1; do sent=$((sent + $(cut -d' ' -f1 "$scratch/sent.$cpu"))); done
	counted "$sent" --lifetime
	expect_equal "stations, wrong ones, untracked, sum" "$(rows 8000 --lifetime)" "50 0 0 true"
	echo "windows: $windows, frames: $sent"
	engine_stop
}

test_tables_grow_on_two_cpus_while_windows_close() {
	local senders=() cpu sent=0
	engine_start max-stations 131072 reset-interval 1
	for cpu in 0 1; do
		send 40000 1 $((cpu * 40000)) >"$scratch/sent.$cpu" &
		senders+=($!)
	done
	wait "${senders[@]}"
	for cpu in 0 1; do sent=$((sent + $(cut -d' ' -f1 "$scratch/sent.$cpu"))); done
	counted "$sent" --lifetime
	rows=$(rows 1 --lifetime)
	echo "stations, wrong, untracked: $rows"
	expect_match "the sum" "$rows" ' true$'
	engine_stop
}

test_killed_engine_leaves_no_counting_program() {
	local ids
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ids=$(cat /proc/"$engine"/fdinfo/* 2>/dev/null | awk '$1 == "prog_id:" { print $2 }')
	expect_number "programs" "$(wc -w <<<"$ids")" -ge 3
	kill -9 "$engine"
	wait "$engine" || :
	# A filter may stay, which counts nothing; the maps are freed.
	expect_status 3 l2pc show
	send 10 1 >/dev/null
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	[ "$hook" = tcx ] || expect_equal "filters" "$(ip netns exec near tc filter show dev eth0 ingress | grep -c l2pc_hook)" 1
	engine_stop
	expect_equal "qdiscs" "$(ip netns exec near tc qdisc show dev eth0 | grep -c clsact)" 0
}

test_port_follows_its_device() {
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	ip -n near link set eth0 down
	ip -n near link set eth0 name up0
	ip -n near link set up0 up
	wait_for eval 'ip -n far link show cable | grep -q "state UP"'
	expect_soon "the new name" eval 'l2pc port up0 >/dev/null 2>&1'
	send 10 1 >/dev/null
	counted 68
	ip -n near link set up0 netns far
	expect_soon "no device" eval 'l2pc -j port | jq -e ".[0].state == \"no-device\""'
	ip -n far link set up0 up
	wait_for eval 'ip -n far link show cable | grep -q "state UP"'
	send 10 1 >/dev/null
	ip -n far link set up0 netns near
	ip -n near link set up0 up
	wait_for eval 'ip -n far link show cable | grep -q "state UP"'
	expect_soon "it counts again" eval 'l2pc port | grep -q "counted by $hook"'
	send 10 1 >/dev/null
	# What arrived elsewhere is not this namespace's.
	counted 102
	engine_stop
}
