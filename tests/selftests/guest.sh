#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: run the kernel's selftests named as arguments, in /selftests, one after the
# other; with COUNT=1, while every Ethernet interface is counted. A test's output follows
# "| ", and remarks about the test follow "@":
#   @test NAME, @module WHICH, @ports ... and @refused ... of count-all, @left WHAT, @exit STATUS
set -u
export PATH=/selftests/bin:$PATH LD_LIBRARY_PATH=/selftests/lib
# Every bash reads this file first: tests choose the same random sizes and MTUs in each run.
# With 7, nft_flowtable.sh sends 3 MB; with other numbers, up to 64.
export BASH_ENV=/selftests/env
echo 'RANDOM=7' >/selftests/env

count_begin() {
	# shellcheck disable=SC2086 # a parameter, or none
	insmod /l2pc/l2packet_counter.ko interface=none ${HOOK:+hook=$HOOK} || return
	echo "@module $(cat /sys/module/l2packet_counter/version), hook=$(cat /sys/module/l2packet_counter/parameters/hook)"
	exec 3< <(exec count-all 2>&1)
	watcher=$!
	read -r line <&3
	[ "$line" = ready ] || { echo "@left $line"; return 1; }
}

count_end() {
	kill -TERM "$watcher"
	sed 's/^/@/' <&3
	wait "$watcher"
	exec 3<&-
	rmmod l2packet_counter || echo "@left the module, which cannot be unloaded"
}

# tidy: remove what a test has left, because it would affect the next test.
tidy() {
	local name
	for name in $(ip netns list | awk '{ print $1 }'); do
		echo "@left namespace $name"
		ip netns pids "$name" | xargs -r kill -9
		ip netns del "$name"
	done
	for name in $(ip -o link show | awk -F': ' '$2 != "lo" { sub(/@.*/, "", $2); print $2 }'); do
		ip link show dev "$name" >/dev/null 2>&1 || continue
		case " $devices " in *" $name "*) continue ;; esac
		echo "@left interface $name"
		ip link del "$name"
	done
}

mkdir -p /run/netns
# Keep the interfaces that modules create.
devices=$(ip -o link show | awk -F': ' '{ sub(/@.*/, "", $2); printf "%s ", $2 }')
for test; do
	echo "@test $test"
	[ -z "${COUNT:-}" ] || count_begin || { echo '@exit 255' && continue; }
	(cd "/selftests/tests/${test%/*}" && exec timeout -k 10 "${LIMIT:-3000}" "./${test##*/}") >/tmp/log 2>&1 </dev/null
	status=$?
	# ncat prints the data that it has received.
	tr -d '\000' </tmp/log | sed 's/^/| /'
	[ -z "${COUNT:-}" ] || count_end
	tidy
	echo "@exit $status"
done
