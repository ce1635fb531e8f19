#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [--rounds N] [--frames N] [--stations "N..."] [--most RATIO] [--write]: measure l2pc
# run beside a BPF PERCPU_HASH on this machine's kernel, without a VM: BPF_PROG_TEST_RUN of the
# programs themselves (native.c), in a network namespace of its own. The frames that l2pc run
# was given are compared with its counts. Fails when it takes more than RATIO (0.5) of the
# PERCPU_HASH with 100,000 stations in the same run. Needs root and Linux 6.10.
# --write: write the table to docs/results/native-bpf.md.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/tests/bench/bpf}
lab=$top/lab
# shellcheck source=../../../lab/cache.sh
. "$lab/cache.sh"
bench=$top/tests/bench
# shellcheck source=../kit.sh
. "$bench/kit.sh"
# shellcheck source=../../lib/host/results.sh
. "$top/tests/lib/host/results.sh"
command=$(results_command tests/bench/bpf/run.sh "$@")
rounds=21 frames=1000000 stations='1 100 10000 100000' most=0.5 write=''
while [ $# -gt 0 ]; do
	case $1 in
	--rounds) rounds=$2 && shift ;;
	--frames) frames=$2 && shift ;;
	--stations) stations=$2 && shift ;;
	--most) most=$2 && shift ;;
	--write) write=1 ;;
	*) sed -n '3,9s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
	shift
done
packages_need make:make gcc:gcc clang-19:clang-19 ip:iproute2 jq:jq /usr/include/libelf.h:libelf-dev taskset:util-linux
[ "$(id -u)" = 0 ] || die "BPF needs root"

libbpf=$("$lab/libbpf.sh")
flags=$("$lab/libbpf.sh" --flags)
eval "flags=($flags)"
make -s -C "$top/tools" O="$work/l2pc" CURSES_LIBS= HTTP_LIBS= JSON_LIBS= "${flags[@]}" "$work/l2pc/l2pc" 2>/dev/null
bpf=(clang-19 -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -I"$libbpf/include"
	-isystem "/usr/include/$(gcc -print-multiarch)" -c)
"${bpf[@]}" -o "$work/draw.o" "$here/draw.bpf.c"
"${bpf[@]}" -DMAP=BPF_MAP_TYPE_PERCPU_HASH -DENTRIES=131072 -o "$work/count.o" "$here/count.bpf.c"
gcc -O2 -Wall -Wextra -Werror -I"$libbpf/include" -o "$work/native" "$here/native.c" "$libbpf/libbpf.a" -lelf -lz

netns=l2pc-bench-$$ engine=''
finish() {
	[ -z "$engine" ] || kill "$engine" 2>/dev/null || :
	ip netns del "$netns" 2>/dev/null || :
	rm -rf "$work"
}
trap finish EXIT
l2pc() { ip netns exec "$netns" "$work/l2pc/l2pc" "$@"; }

# measure STATIONS: prints a row of the table.
measure() {
	local got pid
	ip netns add "$netns"
	ip -n "$netns" link add eth0 type veth peer name cable
	: >"$work/err"
	ip netns exec "$netns" "$work/l2pc/l2pc" run eth0 reset-interval 0 max-stations 200000 >"$work/said" 2>"$work/err" &
	engine=$!
	until grep -q '^counting ' "$work/err"; do
		kill -0 "$engine" 2>/dev/null || die "l2pc run has ended: $(cat "$work/err")"
		sleep 0.1
	done
	coproc native { ip netns exec "$netns" taskset -c 1 "$work/native" eth0 "$work/draw.o" "$work/count.o" "$1" "$rounds" "$frames"; }
	# shellcheck disable=SC2154 # of coproc
	pid=$native_PID
	exec 8<&"${native[0]}" 9>&"${native[1]}"
	read -r <&8
	l2pc reset >/dev/null
	echo >&9
	cat <&8 >"$work/rounds"
	wait "$pid"
	exec 8<&- 9>&-
	got=$(l2pc -j show --lifetime eth0 | jq -c '.[0] | [.totals.packets, (.stations | length)]')
	[ "$got" = "[$(sed -n 's/^given //p' "$work/rounds"),$1]" ] ||
		die "l2pc run has counted $got, not $(sed -n 's/^given //p' "$work/rounds") frames of $1 stations"
	kill -INT "$engine"
	wait "$engine"
	engine=''
	ip netns del "$netns"
	awk -v stations="$1" '/^least/ { nothing = $2; hash = $3 - $2; run = $4 - $2 }
		/^ratio/ { printf "%8d %14.1f %14.1f %10.2f\n", stations, hash, run, $2 / 1000 }' "$work/rounds"
}

{
	echo "ns a frame, kernel $(uname -r)"
	echo
	printf '%8s %14s %14s %10s\n' stations PERCPU_HASH "l2pc run" ratio
	for n in $stations; do measure "$n"; done
} | tee "$work/table"
rc=0
awk -v most="$most" '$1 == 100000 { ratio = $4; found = 1 }
	END {
		if (!found) exit
		printf "\nratio with 100,000 stations %.2f, at most %.2f: %s\n", ratio, most, ratio <= most ? "holds" : "EXCEEDED"
		exit ratio > most
	}' "$work/table" || rc=$?
if [ -n "$write" ] && [ "$rc" = 0 ]; then
	results_block <"$work/table" | results_write native-bpf "l2pc run, natively" "$command" \
		"$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1); l2packet_counter $(results_version). Least of $rounds rounds of $frames frames, of stations at random, less the same with a program that does nothing; the ratio is the median of the rounds."
fi
exit "$rc"
