#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# l2pc run on this machine's kernel, without a VM: in two network namespaces of its own, with
# a veth pair between them, which are removed at the end. Needs root and Linux 5.10.
#   run.sh [--sanitize] [--without FEATURES] [NAME...]: all tests, or some
#     --sanitize            with ASan and UBSan: the process, not what programs and the kernel do
#     --without arena       as on kernels before 6.10: tables in maps
#     --without arena,tcx   as on kernels before 6.6: at clsact as well
# shellcheck disable=SC2016,SC2034 # variables of eval, jq and awk; of the sourced files
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need make:make gcc:gcc /usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/libelf.h:libelf-dev \
	/usr/include/zlib.h:zlib1g-dev pkg-config:pkg-config ip:iproute2 jq:jq /usr/bin/python3:python3 taskset:util-linux \
	tc:iproute2 ethtool:ethtool nft:nftables /usr/include/curses.h:libncurses-dev \
	/usr/include/microhttpd.h:libmicrohttpd-dev /usr/include/sqlite3.h:libsqlite3-dev curl:curl

[ "$(id -u)" = 0 ] || skip "needs root"
[ -e /sys/fs/bpf ] && printf '5.10\n%s\n' "$(uname -r)" | sort -V -C ||
	skip "Linux $(uname -r) has no BPF as l2pc run needs it"
# In a chroot of a plain directory, ip netns exec cannot change the propagation of mounts.
mountpoint -q / || skip "/ is not a mount point, which ip netns exec needs (before chroot: mount --bind ROOT ROOT)"

near=l2pc-bpf-$$-near far=l2pc-bpf-$$-far wan=l2pc-bpf-$$-wan engine='' build=$here/build cflags='-O2 -g' without=''
# malloc() hands out no zeros: what relies on them fails here.
export MALLOC_PERTURB_=165
# What is read, and how many requests of the fuzzer: most of them where a sanitizer looks.
files=(counting path verbs devices process super) fuzz_rounds=100
while :; do
	case ${1-} in
	--sanitize)
		build=$here/build/sanitized cflags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
		export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=1
		files=(counting verbs devices process) fuzz_rounds=300
		;;
	--without) without=$2 && shift ;;
	*) break ;;
	esac
	shift
done
# A kernel before 6.6 needs no help.
printf '6.6\n%s\n' "$(uname -r)" | sort -V -C || without=arena,tcx
[ -z "$without" ] || export L2PC_RUN_WITHOUT=$without
case $without in *tcx*) hook=clsact ;; *) hook=tcx ;; esac
flags=$("$lab/libbpf.sh" --flags) || exit
eval "set -- $flags -- \"\$@\""
made=()
while [ "$1" != -- ]; do made+=("$1") && shift; done
shift
make -s -C "$top/tools" O="$build" CFLAGS="$cflags" JSON_LIBS= "${made[@]}" "$build/l2pc" "$build/l2pc-export" 2>/dev/null &&
	gcc -O2 -Wall -Wextra -Werror -o "$scratch/send" "$here/send.c" &&
	gcc -O2 -Wall -I"$top/include/uapi" -o "$scratch/nlfuzz" "$tests/vm/helpers/nlfuzz.c" || exit 2

# How engine_start enters the namespace.
enter=(ip netns exec "$near")
l2pc() { ip netns exec "$near" "$build/l2pc" "$@"; }
send() { ip netns exec "$far" "$scratch/send" cable "$@"; }
client() { ip netns exec "$near" /usr/bin/python3 "$here/client.py" "$@"; }

# engine_start [SETTING VALUE]...: l2pc run, until it counts.
engine_start() {
	# A shell in the background opens it later than wait_for looks.
	rm -f "$scratch/err"
	"${enter[@]}" "$build/l2pc" run "${engine_port:-eth0}" "$@" >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q '^counting ' "$scratch/err" 2>/dev/null || fail "l2pc run" "it to count" "$(cat "$scratch/err")"
}

# engine_stop: it says what it counted, in $scratch/out.
engine_stop() {
	kill -INT "$engine"
	wait "$engine" || fail "l2pc run" "status 0" $?
	engine=''
}

# filters WAY: of eth0 at clsact, ingress or egress.
filters() { ip netns exec "$near" tc filter show dev eth0 "$1" 2>/dev/null; }

# hooked: number of programs at eth0.
hooked() { if [ "$hook" = tcx ]; then client attached eth0; else filters ingress | grep -c l2pc_hook; fi; }

# Before that the kernel drops what is sent.
cable_up() { wait_for eval 'ip -n "$far" link show cable | grep -q "state UP"'; }

setup() {
	ip netns add "$near"
	ip netns add "$far"
	ip netns exec "$near" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip netns exec "$far" sysctl -qw net.ipv6.conf.default.disable_ipv6=1
	ip -n "$far" link add cable type veth peer name eth0 netns "$near"
	ip -n "$far" link set cable address 02:ff:00:00:00:aa up
	ip -n "$near" link set eth0 address 02:ff:00:00:00:01 up
	cable_up
}

teardown() {
	local name
	for name in "$near" "$far" "$wan"; do
		# What runs there was started by this test.
		ip netns pids "$name" 2>/dev/null | xargs -r kill -9 2>/dev/null
		ip netns del "$name" 2>/dev/null
	done
}
cleanup() { teardown; }

# total [OPTION]...: frames of a view.
total() { l2pc -j show "$@" | jq '.[0].totals.packets'; }

# counted FRAMES [OPTION]...: the last ones may still wait for a softirq.
counted() { expect_soon "$1 frames" eval "[ \"\$(total ${*:2})\" = $1 ]"; }

for file in "${files[@]}"; do
	# shellcheck source=tests/bpf/counting.sh source=tests/bpf/path.sh source=tests/bpf/super.sh
	. "$here/$file.sh"
done

suite_run_all "$@"
suite_end
