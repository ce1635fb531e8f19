# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: loading the module and reading what it says.

proc=/proc/l2packet_counter

# The kernel's own announcements on new devices would be counted too.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6

load() { insmod /l2pc/l2packet_counter.ko "$@"; }
unload() { rmmod l2packet_counter; }
unload_if_loaded() { if [ -d /sys/module/l2packet_counter ]; then unload; fi; }

# veth_pair DEV END: an interface and the other end of its cable, both up, with
# nothing to say of their own.
veth_pair() {
	ip link add "$1" type veth peer name "$2"
	ip link set "$1" up addrgenmode none
	ip link set "$2" up addrgenmode none
}

# send_rounds ROUNDS: from the device `cable`, in each round 1, 20 and 300 frames of 60 bytes
# of three stations. Prints the number of frames sent, a line a round.
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

# links_del DEV...: those that are there. For one that is not the kernel would look
# for a module of that name first.
links_del() {
	local dev
	for dev; do
		# A deleted namespace may take one along at the same moment.
		[ ! -e "/sys/class/net/$dev" ] || ip link del "$dev" || [ ! -e "/sys/class/net/$dev" ]
	done
}

# memory: in use by the kernel's data, in kB, when what is only kept is given back.
memory() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '/^SUnreclaim:|^VmallocUsed:|^Percpu:/ { sum += $2 } END { print sum }' /proc/meminfo
}

# memory_settled: memory, once the kernel returns no more of it. Per-CPU counters and
# freed tables take their time.
memory_settled() {
	local last='' now i
	for ((i = 0; i < 30; i++)); do
		now=$(memory)
		[ "$now" != "$last" ] || break
		last=$now
	done
	echo "$now"
}

# memory_tells: false on a kernel that keeps what was freed for a while, to see who
# still uses it (KASAN): there it is kmemleak that finds what was not given back.
memory_tells() { ! grep -q ' kasan_report$' /proc/kallsyms; }

# The total of the only, or the first, port.
total() { awk '/^Total packets:/ { print $3; exit }' $proc; }

# Rows of stations, by address; of all ports.
rows() { grep -E '^[0-9a-f]{2}:' $proc | LC_ALL=C sort; }

untracked() { awk '/^\(untracked\)/ { sum += $2 } END { print sum + 0 }' $proc; }

# count_of MAC
count_of() { awk -v mac="$1" '$1 == mac { sum += $2 } END { print sum + 0 }' $proc; }

# Kernel messages of the module since the test began: since a line of its own. Counting lines
# would not do, because thousands of ports fill the kernel's buffer.
messages_begin() {
	messages_mark="test $RANDOM.$RANDOM"
	echo "$messages_mark" >/dev/kmsg
}
messages() {
	dmesg | awk -v mark="$messages_mark" 'index($0, mark) { n = 0; next } { lines[n++] = $0 }
		END { for (i = 0; i < n; i++) print lines[i] }' | grep -F 'l2packet_counter: '
}

# expect_message TEXT: a kernel message of the module has it.
expect_message() {
	messages >/tmp/messages || :
	expect_text /tmp/messages "$1"
}

# expect_refused TEXT COMMAND...: the command fails, and prints TEXT.
expect_refused() {
	local text=$1 rc=0
	shift
	("$@") >/tmp/refused 2>&1 || rc=$?
	[ "$rc" != 0 ] || fail "$*" "a failure" "success"
	expect_text /tmp/refused "$text"
}

set_parameter() { echo "$2" >"/sys/module/l2packet_counter/parameters/$1"; }

# wait_for WHAT COMMAND...: until it is true; the suite's timeout is the limit.
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 1200; i++)); do
		if "$@"; then return; fi
		sleep 0.1
	done
	fail "$what" "it within two minutes" "a timeout"
}
