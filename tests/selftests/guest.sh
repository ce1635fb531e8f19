#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: run the kernel's selftests named as arguments, in /selftests, one after the
# other, each in every way of WAYS: without (counting), module, run (l2pc run). A test that
# fails, or whose results differ, is repeated in all ways, up to ATTEMPTS times in all. A test's
# output follows "| ", and remarks about the test follow "@":
#   @test NAME WAY ATTEMPT, @module VERSION, @ports ... and others of tests/selftests/count,
#   @left WHAT, @exit STATUS
set -u
here=$(cd "$(dirname "$0")" && pwd)
# The tests find these programs, and count, before the guest's.
export PATH=/selftests/bin:$here:$PATH LD_LIBRARY_PATH=/selftests/lib XTABLES_LIBDIR=/selftests/xtables
# Every bash reads this file first: tests choose the same random sizes and MTUs in each run. With
# 7, nft_flowtable.sh sends 3 MB; with other numbers, up to 64.
export BASH_ENV=/selftests/env
echo 'RANDOM=7' >/selftests/env
export COUNT=/run/count HOOK=${HOOK-} WAY
ways=${WAYS:-without module run}

count_start() {
	case $WAY in
	module)
		insmod /l2pc/l2packet_counter.ko interface=none || return
		echo "@module $(cat /sys/module/l2packet_counter/version)"
		;;
	esac
	count start .
}

count_stop() {
	local name
	for name in $(ip netns list | awk '{ print $1 }'); do count stop "$name"; done
	count stop .
	[ "$WAY" != module ] || rmmod l2packet_counter || echo "@failed	.	the module cannot be unloaded"
	sed 's/^/@/' $COUNT/log
}

# tidy: remove what a test has left, because it would affect the next test.
tidy() {
	local name
	for name in $(ip netns list | awk '{ print $1 }'); do
		echo "@left namespace $name"
		ip netns pids "$name" | xargs -r kill -9
		/usr/sbin/ip netns del "$name"
	done
	for name in $(ip -o link show | awk -F': ' '$2 != "lo" { sub(/@.*/, "", $2); print $2 }'); do
		ip link show dev "$name" >/dev/null 2>&1 || continue
		case " $devices " in *" $name "*) continue ;; esac
		echo "@left interface $name"
		ip link del "$name"
	done
}

# one TEST ATTEMPT: run the test in the way WAY.
one() {
	local status
	# Messages of the kernel follow this line.
	echo "selftest $1, $WAY" >/dev/kmsg
	echo "@test $1 $WAY $2"
	rm -rf $COUNT && mkdir $COUNT && : >$COUNT/log
	count_start || { echo '@exit 255' && return; }
	(cd "/selftests/tests/${1%/*}" && exec timeout -k 10 "${LIMIT:-3000}" "./${1##*/}") >/tmp/log 2>&1 </dev/null
	status=$?
	# ncat prints the data that it has received.
	tr -d '\000' </tmp/log | sed 's/^/| /'
	count_stop
	tidy
	echo "@exit $status"
}

# passed WAY: the test's last run in this way has passed. Its results are in /tmp/results.WAY.
passed() {
	awk -f "$here/results.awk" "/tmp/out.$1" | awk -F'\t' -v OFS='\t' '$1 == "sub" || $1 == "exit" { $3 = $4 = ""; print }' >"/tmp/results.$1"
	awk -F'\t' '$1 == "sub" && $6 !~ /^(OK|SKIP|XFAIL)$/ || $1 == "exit" && $5 != 0 { bad = 1 } END { exit bad }' "/tmp/results.$1"
}

# attempt TEST NUMBER: run the test in all ways. True: it has passed, with equal results. A test
# that fails without counting is not run in the other ways.
attempt() {
	local first='' equal=1
	for WAY in $ways; do
		one "$1" "$2" | tee "/tmp/out.$WAY"
		passed "$WAY" && cmp -s "/tmp/results.${first:=$WAY}" "/tmp/results.$WAY" || equal=''
		[ -n "$equal" ] || [ "$WAY" != without ] || return
	done
	[ -n "$equal" ]
}

mkdir -p /run/netns
# nft reads the numbers of protocols from there.
printf '%s %s\n' icmp 1 ipip 4 tcp 6 udp 17 gre 47 ipv6-icmp 58 sctp 132 >/etc/protocols
# Keep the interfaces that modules create.
devices=$(ip -o link show | awk -F': ' '{ sub(/@.*/, "", $2); printf "%s ", $2 }')
for test; do
	for ((i = 1; i <= ${ATTEMPTS:-3}; i++)); do
		! attempt "$test" $i || break
	done
done
