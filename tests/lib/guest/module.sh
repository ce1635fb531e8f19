# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: loads the module and reads its counts and messages. L2PC_ENGINE=bpf
# puts l2pc run in the module's place (engine.sh).

proc=/proc/l2packet_counter

# IPv6 is disabled on new devices, because its announcements would be counted too.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6

load() { insmod /l2pc/l2packet_counter.ko "$@"; }
unload() { rmmod l2packet_counter; }
# counts: prints what /proc/l2packet_counter shows. reset_windows: closes all windows.
counts() { cat $proc; }
reset_windows() { echo reset >$proc; }

# module_only REASON: marks a test that is not for l2pc run, and why.
module_only() { :; }

# The engine, its hooks, one that is not the default if it has two, and what precedes the
# interface in its messages of refusal.
# shellcheck disable=SC2034 # the suites'
engine=module engine_hooks='rx_handler tap' other_hook=rx_handler engine_refuses='interface '

# engine_is ENGINE: succeeds when the tests run with this engine, module or bpf.
engine_is() { [ "$engine" = "$1" ]; }

# Settings of pktgen for frames that are all of new stations.
# shellcheck disable=SC2034 # the suites'
new_stations=()

# counted_by HOOK: prints the hook that counts a port where HOOK is wanted.
counted_by() { echo "$1"; }

unload_if_loaded() { if [ -d /sys/module/l2packet_counter ]; then unload; fi; }

# kernel_has VERSION: succeeds when the running kernel is VERSION or newer.
kernel_has() { [ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]; }

# veth_pair DEV END: creates an interface and the other end of its cable. Both are up and
# send nothing by themselves.
veth_pair() {
	ip link add "$1" type veth peer name "$2"
	ip link set "$1" up addrgenmode none
	ip link set "$2" up addrgenmode none
}

# send_rounds ROUNDS: sends from the device `cable`, in each round, 1, 20 and 300 frames of
# 60 bytes of three stations. Prints the number of frames sent, one line a round.
send_rounds() {
	local i
	for ((i = 0; i < $1; i++)); do
		replay cable - <<-FRAMES
			02ffffffff01 020000000001 88b5
			02ffffffff01 020000000002 88b5 x20
			02ffffffff01 020000000003 88b5 x300
		FRAMES
	done
}

# links_del DEV...: deletes the devices that exist. For a missing one the kernel would first
# try to load a module of that name.
links_del() {
	local dev
	for dev; do
		# The device may be deleted concurrently, with its namespace.
		[ ! -e "/sys/class/net/$dev" ] || ip link del "$dev" || [ ! -e "/sys/class/net/$dev" ]
	done
}

# memory: prints the kernel's data memory in kB, after dropping the caches.
memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '/^SUnreclaim:|^VmallocUsed:|^Percpu:/ { sum += $2 } END { print sum }' /proc/meminfo
}

# memory_settled: prints memory once it no longer changes. Per-CPU counters and tables are
# freed with a delay.
memory_settled() {
	local last='' now i
	for ((i = 0; i < 30; i++)); do
		now=$(memory)
		[ "$now" != "$last" ] || break
		last=$now
	done
	echo "$now"
}

# memory_tells: succeeds where memory shows leaks. A kernel with KASAN delays freeing, to
# find uses after free; there kmemleak finds leaks.
memory_tells() { ! grep -q ' kasan_report$' /proc/kallsyms; }

# total: prints the total of the first port.
total() { counts | awk '/^Total packets:/ && !n++ { print $3 }'; }

# rows: prints the station rows of all ports, sorted by address.
rows() { counts | grep -E '^[0-9a-f]{2}:' | LC_ALL=C sort; }

# untracked: prints the sum of the untracked frames of all ports.
untracked() { counts | awk '/^\(untracked\)/ { sum += $2 } END { print sum + 0 }'; }

# count_of MAC: prints the station's frames on all ports.
count_of() { counts | awk -v mac="$1" '$1 == mac { sum += $2 } END { print sum + 0 }'; }

# messages_begin: writes a mark to the kernel log. messages: prints the module's kernel
# messages since then. (Line numbers do not help: messages of thousands of ports displace
# older ones.)
messages_begin() {
	messages_mark="test $RANDOM.$RANDOM"
	echo "$messages_mark" >/dev/kmsg
}
messages() {
	dmesg | awk -v mark="$messages_mark" 'index($0, mark) { n = 0; next } { lines[n++] = $0 }
		END { for (i = 0; i < n; i++) print lines[i] }' | grep -F 'l2packet_counter: '
}

# expect_message TEXT: asserts that a kernel message of the module has TEXT.
expect_message() {
	messages >/tmp/messages || :
	expect_text /tmp/messages "$1"
}

# expect_refused TEXT COMMAND...: asserts that the command fails and prints TEXT.
expect_refused() {
	local text=$1 rc=0
	shift
	("$@") >/tmp/refused 2>&1 || rc=$?
	[ "$rc" != 0 ] || fail "$*" "a failure" "success"
	expect_text /tmp/refused "$text"
}

set_parameter() { echo "$2" >"/sys/module/l2packet_counter/parameters/$1"; }

# wait_for WHAT COMMAND...: waits until COMMAND succeeds; fails after two minutes.
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 1200; i++)); do
		if "$@"; then return; fi
		sleep 0.1
	done
	fail "$what" "success within two minutes" "a timeout"
}

if [ "${L2PC_ENGINE-}" = bpf ]; then
	# shellcheck source=tests/lib/guest/engine.sh
	. "${BASH_SOURCE[0]%/*}/engine.sh"
fi
