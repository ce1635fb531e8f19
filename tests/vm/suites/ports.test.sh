#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 150 s
# lab: --cpus 2 --mem 2048 --timeout 2400
# As many ports as a namespace may have, and patterns: what they cost, and which interfaces
# become ports.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/lib/guest/l2pc.sh

ports_max=4096
tracing=/sys/kernel/tracing

setup() {
	messages_begin
}

teardown() {
	pktgen_clear
	unload_if_loaded
	links_del tap0 tap1 tap2 tap7 guest1 guest2 eth0 eth1 vrf9 ifb9 br9 tun9
	ip netns list | grep -q '^elsewhere' && ip netns del elsewhere
	true
}

# tap NAME: an interface as a hypervisor makes one, and its other end NAMEc.
tap() { veth_pair "$1" "$1c"; }

# send COUNT NAME: frames from the other end of a cable.
send() { echo "02ffffffff01 020000000001 88b5 x$1" | replay "$2c" - >/dev/null; }

# port_field NAME FIELD: of the lines of portctl.
port_field() { portctl ports | awk -v name="$1" -v field="$2" '$1 == name { print $field }'; }
packets_of() { port_field "$1" 8; }
pattern_field() { portctl patterns | awk -v glob="$1" -v field="$2" '$1 == glob { print $field }'; }

names() { portctl ports | awk '{ print $1 }' | sort | tr '\n' ' '; }
has_port() { [ -n "$(port_field "$1" 1)" ]; }
has_no_port() { ! has_port "$1"; }

# --- patterns ---------------------------------------------------------------------

test_devices_before_and_after_a_pattern() {
	tap tap0
	load interface=none reset_interval=0
	portctl add 'tap[0-9]'
	expect_equal "ports" "$(names)" "tap0 "
	expect_equal "its pattern" "$(port_field tap0 3)" "tap[0-9]"
	tap tap1
	tap eth1
	# The first frame of a device is counted.
	send 3 tap1
	send 2 tap0
	send 1 eth1
	expect_equal "ports" "$(names)" "tap0 tap1 "
	expect_equal "frames" "$(packets_of tap0) $(packets_of tap1)" "2 3"
	expect_equal "ports of the pattern" "$(pattern_field 'tap[0-9]' 2)" 2
	portctl del 'tap[0-9]'
	expect_equal "ports" "$(names)" ""
	expect_equal "patterns" "$(portctl patterns)" ""
	# Patterns that match nothing are fine.
	portctl add 'none*'
	tap tap2
	expect_equal "ports" "$(names)" ""
}

test_pattern_as_parameter() {
	tap eth0
	tap tap0
	load interface='eth0,tap*,veth*' reset_interval=0 keep=77
	tap tap1
	expect_equal "ports" "$(names)" "eth0 tap0 tap0c tap1 tap1c "
	expect_equal "patterns" "$(portctl patterns | cut -d' ' -f1-4)" "tap* 4 0 77
veth* 0 0 77"
	expect_equal "eth0" "$(port_field eth0 3)" -
	set_parameter keep 78
	set_parameter reset_interval 99
	expect_equal "a pattern" "$(pattern_field 'veth*' 4) $(pattern_field 'veth*' 5)" "78 99"
	unload
	expect_failure "loading with a bracket open" load interface='tap[0'
	expect_message "interface tap[0: a pattern has a [ without ]"
	expect_failure "loading with the same pattern twice" load interface='tap*,tap*'
	expect_message "interface tap*: there is this pattern already"
}

test_not_globs() {
	load interface=none
	expect_refused "a pattern has a [ without ]" portctl add 'tap[0-9'
	expect_refused "a pattern has a [ without ]" portctl add 'tap[!]'
	expect_refused "a pattern has 1 to 63 characters" portctl add ''
	expect_refused "no interface has such a name" portctl add 'a b*'
	expect_refused "no interface has such a name" portctl add 'a/*'
	expect_refused "no interface has such a name" portctl add "a*\\"
	expect_refused "Attribute failed policy validation" portctl add "$(printf '%064d' 0)"
	portctl add "$(printf '%063d' 0)"
	portctl add 'tap[]x]'
	expect_refused "there is this pattern already" portctl add 'tap[]x]'
	expect_refused "no such pattern" portctl del 'tap*'
	local i
	for ((i = 0; i < 62; i++)); do portctl add "x$i*"; done
	expect_refused "there are 64 patterns already" portctl add 'y*'
}

test_what_cannot_be_counted_is_left_out() {
	# A kernel with these drivers built in makes a device of each at boot.
	links_del bond0 dummy0
	tap eth0
	ip link add ifb9 type ifb
	ip link add vrf9 type vrf table 10
	ip tuntap add tun9 mode tun
	load interface=none
	portctl add '*'
	expect_equal "ports" "$(names)" "eth0 eth0c "
	expect_equal "missed" "$(pattern_field '*' 3)" 0
	messages >/tmp/messages || :
	expect_no_text /tmp/messages "interface"
}

test_first_pattern_applies() {
	load interface=none
	portctl add 'tap1*' reset_interval 11
	portctl add 'tap*' reset_interval 22
	tap tap0
	tap tap1
	expect_equal "patterns" "$(port_field tap0 3) $(port_field tap1 3)" "tap* tap1*"
	expect_equal "interval" "$(port_value reset_interval tap1)" 11
	# The ports of a pattern go with it; what matches another one is its port then.
	portctl del 'tap1*'
	expect_equal "patterns" "$(port_field tap0 3) $(port_field tap1 3)" "tap* tap*"
	expect_equal "interval" "$(port_value reset_interval tap1)" 22
}

test_ports_by_name_stay() {
	tap tap0
	tap tap1
	load interface=none reset_interval=0
	l2pc add tap0
	portctl add 'tap?'
	send 3 tap0
	expect_equal "patterns" "$(port_field tap0 3) $(port_field tap1 3)" "- tap?"
	expect_status 1 l2pc add tap1
	portctl del 'tap?'
	expect_equal "ports" "$(names)" "tap0 "
	expect_equal "frames" "$(packets_of tap0)" 3
	# One that was added by name waits for its device for ever.
	ip link del tap0
	expect_equal "ports" "$(names)" "tap0 "
}

test_kept_for_a_time() {
	load interface=none reset_interval=0
	portctl add 'tap0' keep 3600
	portctl add 'tap1' keep 1
	portctl add 'tap2' keep 0
	tap tap0
	tap tap1
	tap tap2
	send 3 tap0
	ip link del tap0
	ip link del tap1
	ip link del tap2
	wait_for "tap2 to go" has_no_port tap2
	wait_for "tap1 to go" has_no_port tap1
	expect_equal "tap0 without a device" "$(port_field tap0 2)" 0
	# The same name is the same port.
	tap tap0
	send 4 tap0
	expect_equal "frames" "$(packets_of tap0)" 7
	ip link del tap0
	set_parameter keep 0
	wait_for "tap0 to go" has_no_port tap0
	expect_equal "ports" "$(pattern_field tap0 2)" 0
}

test_renamed() {
	tap tap0
	tap guest2
	load interface=none reset_interval=0
	portctl add 'tap?' keep 1
	send 3 tap0
	# Stays a port until it is unregistered.
	ip link set tap0 down
	ip link set tap0 name guest1
	ip link set guest1 up
	send 2 tap0
	expect_equal "frames" "$(packets_of guest1)" 5
	ip link del guest1
	wait_for "guest1 to go" has_no_port guest1
	# And becomes one by its new name.
	ip link set guest2 down
	ip link set guest2 name tap1
	ip link set tap1 up
	send 2 guest2
	expect_equal "frames" "$(packets_of tap1)" 2
}

# Two ports have the same name when an interface gets the name of one that is gone. When the
# port of the interface is deleted, the other one continues with the interface.
test_renamed_to_a_name_that_a_port_waits_for() {
	tap tap0
	load interface=none reset_interval=0
	portctl add 'tap?' keep 3600
	send 3 tap0
	ip link del tap0
	tap tap1
	send 4 tap1
	ip link set tap1 down
	ip link set tap1 name tap0
	ip link set tap0 up
	expect_equal "ports" "$(portctl ports | cut -d' ' -f1,8 | sort)" $'tap0 3\ntap0 4'
	l2pc del tap0
	send 2 tap1
	expect_equal "ports" "$(portctl ports | cut -d' ' -f1,8)" "tap0 5"
}

test_moved_between_namespaces() {
	ip netns add elsewhere
	load interface=none reset_interval=0
	portctl add 'tap?' keep 3600
	tap tap0
	send 3 tap0
	ip link set tap0 netns elsewhere
	expect_equal "its device" "$(port_field tap0 2)" 0
	ip netns exec elsewhere portctl add 'tap*'
	ip -n elsewhere link set tap0 up
	send 4 tap0
	expect_equal "there" "$(ip netns exec elsewhere portctl ports | cut -d' ' -f1,3,8)" "tap0 tap* 4"
	expect_equal "here" "$(packets_of tap0)" 3
	ip -n elsewhere link set tap0 netns 1
	ip link set tap0 up
	send 2 tap0
	expect_equal "here" "$(packets_of tap0)" 5
	# A namespace's patterns and ports go with it.
	ip netns del elsewhere
}

# --- ports without end ---------------------------------------------------------------

# In a namespace, so that one command deletes all of them.
many_make() {
	ip netns list | grep -q '^many' && return
	ip netns add many
	local i
	for ((i = 0; i < ports_max + 4; i++)); do echo "link add d$i type dummy"; done |
		ip -n many -batch -
}
many() { ip netns exec many "$@"; }
many_names() { seq -f 'd%.0f' "$1" "$2"; }

test_many_b_idle() {
	local before after rows tx=0
	! kernel_has 5.16 || tx=1
	many_make
	load interface=none reset_interval=1
	before=$(memory_settled)
	many portctl add 'd*' reset_interval 1 tx $tx
	after=$(memory_settled)
	echo "$(((after - before) * 1024 / ports_max)) bytes a port, tx $tx" >&2
	! memory_tells || [ $((after - before)) -le $((4 * ports_max)) ] ||
		fail "kB of $ports_max idle ports" "at most $((4 * ports_max))" "$((after - before))"
	# The bound.
	expect_equal "pattern" "$(many portctl patterns | cut -d' ' -f1-3)" "d* $ports_max 4"
	expect_refused "4096 ports are counted already (the maximum)" many l2pc add "d$((ports_max + 3))"
	expect_equal "messages" "$(messages | grep -c 'ports are counted already (the maximum)')" 1
	# No work item, and yet windows are closed.
	grep -q workqueue_execute_start $tracing/available_events || skip "no tracepoints of work items"
	echo >$tracing/trace
	echo 1 >$tracing/events/workqueue/workqueue_execute_start/enable
	sleep 5
	expect_equal "work items" "$(grep -c 'function worker_' $tracing/trace || :)" 0
	rows=$(many portctl ports)
	expect_equal "ports whose windows were closed" "$(awk '$4 > 5' <<<"$rows" | wc -l)" $ports_max
	echo 0 >$tracing/events/workqueue/workqueue_execute_start/enable
	rows=$(many cat $proc | grep -c '^Interface: ')
	expect_equal "blocks in /proc" "$rows" $ports_max
	expect_equal "windows closed by l2pc" "$(many l2pc -o reset | grep -c '^sum')" $ports_max
	expect_equal "windows closed by a dump" "$(many portctl reset)" "$ports_max 0"
	# Room is made by devices that are gone.
	many ip link del d1
	many ip link add dlast type dummy
	expect_equal "pattern" "$(many portctl patterns | cut -d' ' -f1-3)" "d* $ports_max 4"
	expect_equal "the last one" "$(many portctl ports | grep -c '^dlast ')" 1
	expect_equal "the first one" "$(many portctl ports | grep -c '^d1 ' || :)" 0
}

test_many_c_events_of_the_bound() {
	many_make
	load interface=none
	many portctl listen >/tmp/events 2>/tmp/listening &
	wait_for "the listener" grep -q listening /tmp/listening
	many portctl add 'd*'
	wait_for "the event" grep -q '^22 d[0-9]* d\*$' /tmp/events
	kill %1
	expect_equal "events" "$(grep -c '^22 ' /tmp/events)" 1
	many portctl del 'd*'
	expect_equal "ports" "$(many portctl ports)" ""
}

test_many_d_unloaded_and_namespace_deleted() {
	many_make
	load interface=none
	many portctl add 'd*'
	unload
	load interface=none
	many portctl add 'd*'
	ip netns del many
	gone() { ! ip netns list | grep -q '^many'; }
	wait_for "the namespace to go" gone
	tap eth0
	l2pc add eth0
	expect_equal "ports" "$(names)" "eth0 "
}

# grace_periods COMMAND...: sets $periods to how often COMMAND's process waited for one.
grace_periods() {
	grep -qx synchronize_rcu_expedited $tracing/available_filter_functions || skip "no function tracer"
	echo synchronize_rcu_expedited >$tracing/set_ftrace_filter
	echo synchronize_rcu >>$tracing/set_ftrace_filter
	echo >$tracing/trace
	echo function >$tracing/current_tracer
	"$@"
	# Another tracer empties the trace.
	periods=$(grep -c "^ *$1-[0-9]* .*: synchronize_rcu" $tracing/trace || :)
	echo nop >$tracing/current_tracer
	echo >$tracing/set_ftrace_filter
}

# few_grace_periods HOOK: 300 ports leave together, by their pattern and with the module.
few_grace_periods() {
	local hook=$1 tx=0
	! kernel_has 5.16 || tx=1
	load interface=none reset_interval=0
	portctl add 'g*' hook "$hook" tx $tx
	expect_equal "ports" "$(pattern_field 'g*' 2)" 300
	grace_periods portctl del 'g*'
	echo "hook $hook: $periods grace periods for a pattern of 300 ports" >&2
	# None where one ends while the ports are unlinked.
	expect_number "grace periods of portctl del" "$periods" -lt 10
	portctl add 'g*' hook "$hook" tx $tx
	grace_periods rmmod l2packet_counter
	echo "hook $hook: $periods grace periods to unload with 300 ports" >&2
	[ "$periods" -gt 0 ] && [ "$periods" -lt 10 ] || fail "grace periods of rmmod" "1 to 9" "$periods"
}

test_few_grace_periods() {
	local i
	for ((i = 0; i < 300; i++)); do echo "link add g$i type dummy"; done | ip -batch -
	few_grace_periods 0
	few_grace_periods 1
	for ((i = 0; i < 300; i++)); do echo "link del g$i"; done | ip -batch -
}

# --- idle ports -------------------------------------------------------------------------

# An idle port's windows are those of a port that is never idle.
test_windows_of_an_idle_port() {
	local i idle busy same=0
	tap tap0
	tap tap1
	load interface=none
	portctl add 'tap?' reset_interval 1
	for ((i = 0; i < 20; i++)); do
		send 1 tap1
		sleep 0.25
	done
	for ((i = 0; i < 5; i++)); do
		read -r idle busy <<<"$(portctl ports | awk '{ print $4 }' | tr '\n' ' ')"
		[ "$idle" != "$busy" ] || same=1
		sleep 0.1
	done
	expect_equal "the same number of windows" $same 1
	[ "$idle" -gt 4 ] || fail "windows" "more than 4 in 5 seconds" "$idle"
	# The frame that ends being idle is in the window of its time, which is closed at its end.
	send 7 tap0
	expect_equal "lifetime" "$(packets_of tap0)" 7
	closed() { [ "$(port_field tap0 7)" = 7 ] || [ "$(port_field tap0 6)" = 0 ]; }
	wait_for "its close" closed
	expect_equal "lifetime" "$(packets_of tap0)" 7
}

# Frames that are skipped end being idle as well: they are in a window of their time.
test_skipped_frames_of_an_idle_port() {
	tap tap0
	load interface=none
	portctl add 'tap0' reset_interval 1
	sleep 2.2
	echo "ffffffffffff 020000000001 88b5 x9" | replay tap0c - >/dev/null
	skipped() { [ "$(l2pc -o port tap0 | awk -F'\t' '$1 == "sum" && $3 == "'"$1"'" { print $14 + $15 + $16 }')" = "$2" ]; }
	wait_for "the window with them" skipped previous 9
	wait_for "the next one" skipped previous 0
	skipped lifetime 9
}

test_settings_of_idle_ports() {
	tap tap0
	load interface=none reset_interval=0
	portctl add 'tap?'
	sleep 1
	expect_equal "window" "$(port_field tap0 4)" 1
	set_parameter reset_interval 1
	sleep 3
	[ "$(port_field tap0 4)" -ge 3 ] || fail "windows" "3 or more" "$(port_field tap0 4)"
	set_parameter reset_interval 0
	send 5 tap0
	sleep 2
	expect_equal "frames of the window" "$(port_field tap0 6)" 5
	# The window of a port without tables has frames, when an interval is set.
	set_parameter reset_interval 1
	closed() { [ "$(port_field tap0 6)" = 0 ]; }
	wait_for "the close" closed
	expect_equal "lifetime" "$(packets_of tap0)" 5
}
