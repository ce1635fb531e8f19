# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2016 # variables of run.sh; of eval, jq and awk
# Copyright (C) the l2packet_counter authors
# Sourced by run.sh: tests of the process: its socket, privileges, refusals, and how it ends.

test_nobody_reads_and_does_not_write() {
	engine_start
	send 10 1 >/dev/null
	counted 34
	as_nobody() { ip netns exec "$near" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
	chmod 755 "$scratch"
	expect_match "show" "$(as_nobody "$build/l2pc" show)" 'total +34 '
	expect_status 1 as_nobody "$build/l2pc" reset
	expect_status 1 as_nobody "$build/l2pc" set eth0 vlan on
	expect_status 1 as_nobody "$build/l2pc" del eth0
	counted 34
	engine_stop
}

test_socket_of_somebody_else_is_not_used() {
	rm -f "$scratch/taken"
	ip netns exec "$near" setpriv --reuid 65534 --regid 65534 --clear-groups /usr/bin/python3 -c '
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(b"\0l2pc")
s.listen()
print("ready", flush=True)
time.sleep(600)' >"$scratch/taken" &
	wait_for grep -q -s ready "$scratch/taken"
	expect_status 3 l2pc show
	expect_status 1 l2pc run eth0
}

# manager ADDRESS: a service manager that waits for a report.
manager() {
	rm -f "$scratch/reported"
	ip netns exec "$near" /usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\0", 1))
print("ready", flush=True)
print(s.recv(4096).decode(), flush=True)' "$1" >"$scratch/reported" &
	wait_for grep -q -s ready "$scratch/reported" 2>/dev/null
}

test_service_manager_is_notified_when_it_counts() {
	local address
	for address in "$scratch/notify" "@l2pc-notify-$$"; do
		manager "$address"
		NOTIFY_SOCKET=$address engine_start
		expect_soon "the report to $address" eval '[ "$(tail -n 1 "$scratch/reported")" = READY=1 ]'
		engine_stop
	done
	# It counts all the same.
	NOTIFY_SOCKET=$scratch/nothing/there engine_start
	expect_line "$scratch/err" 'NOTIFY_SOCKET: cannot report that it counts: No such file'
	engine_stop
	NOTIFY_SOCKET=$(printf '/%0200d' 0) engine_start
	expect_line "$scratch/err" 'NOTIFY_SOCKET: longer than'
	engine_stop
	# Not before it counts.
	manager "$scratch/another"
	NOTIFY_SOCKET=$scratch/another expect_status 1 l2pc run lo
	expect_equal "the report of a refusal" "$(tail -n 1 "$scratch/reported")" ready
}

test_run_without_an_interface_counts_what_is_added() {
	rm -f "$scratch/err"
	ip netns exec "$near" "$build/l2pc" run none >"$scratch/out" 2>"$scratch/err" &
	engine=$!
	wait_for grep -q -s '^counting what l2pc add adds' "$scratch/err"
	expect_equal "ports" "$(l2pc -j port | jq length)" 0
	l2pc add eth0 reset-interval 0
	send 10 1 >/dev/null
	counted 34
	l2pc del eth0
	expect_output "what it says of a port that is deleted" "eth0: 34 frames, 2202 bytes, 10 stations" <"$scratch/out"
	l2pc add eth0
	engine_stop
	expect_line "$scratch/out" '^eth0: 0 frames, 0 bytes, 0 stations$'
	l2pc run none vlan on 2>"$scratch/said" || :
	expect_output "with settings" "l2pc: run none: takes no settings (l2pc add DEV takes them)" <"$scratch/said"
}

test_killed_engine_leaves_nothing() {
	local programs
	engine_start reset-interval 0
	(while send 100 100 >/dev/null; do :; done) &
	wait_for eval '[ "$(total)" -gt 1000 ]'
	programs=$(cat "/proc/$engine/fdinfo/"* 2>/dev/null | awk '$1 == "prog_id:" { print $2 }' | sort -u | xargs)
	expect_equal "programs that count" "$(eval "client counting $programs")" 1
	expect_equal "programs at $hook" "$(hooked)" 1
	kill -9 "$engine"
	wait "$engine" || :
	expect_soon "no program that counts" eval '[ "$(client counting $programs)" = 0 ]'
	# A filter stays, which jumps nowhere; the next run removes it.
	[ "$hook" = clsact ] || expect_equal "programs at tcx" "$(hooked)" 0
	expect_status 3 l2pc show
	engine_start reset-interval 0
	expect_equal "programs at $hook" "$(hooked)" 1
	expect_soon "it counts again" eval '[ "$(total)" -gt 1000 ]'
	kill $!
	engine_stop
	expect_equal "programs at $hook" "$(hooked)" 0
	expect_equal "qdiscs" "$(ip netns exec "$near" tc qdisc show dev eth0 | grep -c clsact)" 0
}

test_filters_of_others_at_clsact_stay() {
	local near_tc=(ip netns exec "$near" tc) hook=clsact L2PC_RUN_WITHOUT=arena,tcx
	export L2PC_RUN_WITHOUT
	"${near_tc[@]}" qdisc add dev eth0 clsact
	"${near_tc[@]}" filter add dev eth0 ingress priority 7 protocol all u32 match u32 0 0 flowid 1:1
	engine_start reset-interval 0
	send 10 1 >/dev/null
	counted 34
	client tx on
	expect_equal "filters of sent frames" "$(filters egress | grep -c l2pc_hook_tx)" 1
	client tx off
	expect_equal "filters of sent frames" "$(filters egress | grep -c l2pc_hook_tx)" 0
	client tx on
	engine_stop
	expect_equal "ours" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "0 0"
	expect_equal "others" "$(filters ingress | grep -c "fh 800::800")" 1
	# A qdisc that was made by a killed one goes, but not with another filter.
	"${near_tc[@]}" qdisc del dev eth0 clsact
	engine_start tx on
	kill -9 "$engine"
	wait "$engine" || :
	expect_equal "left" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "1 1"
	engine_start
	expect_equal "hooks" "$(filters ingress | grep -c l2pc_hook) $(filters egress | grep -c l2pc_hook)" "1 0"
	"${near_tc[@]}" filter add dev eth0 egress priority 7 protocol all u32 match u32 0 0 flowid 1:1
	engine_stop
	expect_equal "qdiscs with a filter" "$("${near_tc[@]}" qdisc show dev eth0 | grep -c clsact)" 1
	"${near_tc[@]}" qdisc del dev eth0 clsact
	# Filters of its qdisc see received frames only, whatever they are added as.
	"${near_tc[@]}" qdisc add dev eth0 ingress
	l2pc run eth0 2>"$scratch/said" || :
	expect_output "another qdisc" "l2pc: eth0: has the qdisc ingress (sudo tc qdisc del dev DEV ingress removes it, with its filters)" <"$scratch/said"
	"${near_tc[@]}" qdisc del dev eth0 ingress
	"${near_tc[@]}" qdisc add dev eth0 clsact
	"${near_tc[@]}" filter add dev eth0 ingress priority 1 protocol all u32 match u32 0 0 flowid 1:1
	l2pc run eth0 2>"$scratch/said" || :
	expect_output "another first" "l2pc: eth0: cannot be first at clsact (tc filter show dev DEV ingress: is priority 1 in use?)" <"$scratch/said"
}

test_second_run_is_refused() {
	engine_start
	expect_status 1 l2pc run eth0
	expect_success "the first goes on" l2pc show
	engine_stop
}

test_bad_interfaces_are_refused() {
	ip -n "$near" link set lo up
	expect_status 1 l2pc run lo
	l2pc run nothing 2>"$scratch/said" || :
	expect_output "no interface" "l2pc: unknown interface nothing (there are: eth0)" <"$scratch/said"
	expect_status 2 l2pc run nothing
	ip -n "$near" tuntap add tun0 mode tun
	l2pc run tun0 2>"$scratch/said" || :
	expect_output "a tun device" "l2pc: tun0: not an Ethernet device" <"$scratch/said"
	expect_status 1 l2pc run tun0
	expect_status 2 l2pc run eth0 vlan perhaps
	l2pc run 'eth[' 2>"$scratch/said" || :
	expect_output "a pattern" "l2pc: eth[: a pattern has a [ without ] (example: eth[0-3])" <"$scratch/said"
	l2pc --engine module run eth0 2>"$scratch/said" || :
	expect_output "the module" "l2pc: run: counts without the module (sudo l2pc add eth0 counts with it)" <"$scratch/said"
	expect_status 2 l2pc --engine module run eth0
	expect_equal "programs at $hook" "$(hooked)" 0
}

# denied ERRNO COMMAND MESSAGE: the kernel refuses these calls of bpf(2).
denied() {
	local status=0
	ip netns exec "$near" "$here/deny.py" "$1" "$2" timeout 60 "$build/l2pc" run eth0 2>"$scratch/said" || status=$?
	expect_output "$1 $2" "l2pc: $3" <"$scratch/said"
	expect_equal "status" "$status" 1
	expect_equal "programs at $hook" "$(hooked)" 0
	expect_status 3 l2pc show
}

test_kernels_without_bpf_are_refused() {
	local refuses="the kernel refuses BPF (a container, a user namespace, seccomp or lockdown)"
	denied ENOSYS all "run: cannot create BPF maps: this kernel has no BPF (CONFIG_BPF_SYSCALL)"
	denied EPERM all "run: cannot create BPF maps: $refuses"
	# BPF_PROG_LOAD, BPF_LINK_CREATE
	denied EPERM 5 "run: cannot load the BPF programs: $refuses"
	denied EOPNOTSUPP 5 "run: cannot load the BPF programs: this kernel does not compile BPF (CONFIG_BPF_JIT, sysctl net.core.bpf_jit_enable=1)"
	[ "$hook" = clsact ] || denied ENOMEM 28 "eth0: out of memory (of this machine, or of this cgroup: MemoryMax of a service)"
}

# hold N [COMMAND...]: N connections, by COMMAND; sets $holder, prints to $scratch/held.
hold() {
	rm -f "$scratch/held"
	# Another user may not be able to open it there.
	ip netns exec "$near" "${@:2}" /usr/bin/python3 - hold "$1" <"$here/client.py" >"$scratch/held" &
	holder=$!
	wait_for eval '[ -s "$scratch/held" ]'
}

test_connections_are_limited() {
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups) others
	engine_start
	chmod 755 "$scratch"
	hold 200 "${nobody[@]}"
	others=$holder
	expect_equal "connections of others" "$(cat "$scratch/held")" 128
	ip netns exec "$near" "${nobody[@]}" "$build/l2pc" show 2>"$scratch/said" || :
	expect_output "one more" "l2pc: l2pc run has as many connections as it takes: 256, of them 128 of other users than root (try again)" <"$scratch/said"
	expect_success "root" l2pc show
	hold 200
	expect_equal "connections of root" "$(cat "$scratch/held")" 128
	expect_status 1 l2pc show
	kill "$holder" "$others"
	expect_soon "after they are closed" l2pc show
	engine_stop
}

# with CAPABILITIES COMMAND...: with these only.
with() { ip netns exec "$near" setpriv --bounding-set="-all$1" "${@:2}"; }

test_three_capabilities_are_enough() {
	local run=("$build/l2pc" run eth0)
	# Until a signal; then it says what it counted.
	expect_status 0 with ,+net_admin,+bpf,+perfmon timeout --preserve-status -s INT 3 "${run[@]}"
	with ,+net_admin,+bpf "${run[@]}" 2>"$scratch/said" || :
	expect_output "without one" "l2pc: run: needs CAP_PERFMON (use sudo)" <"$scratch/said"
	with '' "${run[@]}" 2>"$scratch/said" || :
	expect_output "without any" "l2pc: run: needs CAP_NET_ADMIN, CAP_PERFMON, CAP_BPF (use sudo)" <"$scratch/said"
}

test_hostile_messages_are_answered_with_errors() {
	engine_start
	# No header; a length that lies; an unknown type; an unknown command; an attribute that
	# is cut; a name without its end.
	printf '%s\n' 00 ffffffff2000050001000000000000000101000000 1400000099000500010000000000000001010000 \
		14000000200005000100000000000000ff010000 1c0000002000050001000000000000000101000006000200657468 \
		1c000000200005000100000000000000010100000800020065746830 >"$scratch/packets"
	client raw <"$scratch/packets" >"$scratch/answers"
	expect_output "answers" "none
EINVAL
ENOTSUP
ENOTSUP
EINVAL
EINVAL" <"$scratch/answers"
	head -c 3000 /dev/urandom | od -An -v -tx1 -w30 | tr -d ' ' | timeout 300 ip netns exec "$near" /usr/bin/python3 "$here/client.py" raw >/dev/null
	expect_success "it answers" l2pc show
	engine_stop
}

# files_of PID: its open files, when nothing is in progress.
files_of() {
	set -- "/proc/$1/fd/"*
	echo $#
}

fuzz() { ip netns exec "$near" "$scratch/nlfuzz" "$@" run >"$scratch/fuzz" 2>&1 || fail "nlfuzz $*" "the expected replies" "$(cat "$scratch/fuzz" "$scratch/err")"; }

# L2PC_FUZZ=ROUNDS makes it longer, L2PC_SEED=N selects other requests.
test_wrong_requests_are_refused_and_leave_nothing() {
	local rounds=${L2PC_FUZZ:-$fuzz_rounds} seed=${L2PC_SEED:-1} files pid memory
	echo "L2PC_SEED=$seed L2PC_FUZZ=$rounds"
	ip -n "$near" link add fuzz0 type veth peer name fuzz1
	engine_start
	pid=$(pgrep -x l2pc -P "$engine" || echo "$engine")
	fuzz "$seed" "$rounds"
	files=$(files_of "$pid")
	memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	fuzz $((seed + 1)) "$rounds"
	fuzz $((seed + 2)) "$rounds" nobody
	echo "$(cat "$scratch/fuzz"), $files files, $memory kB"
	expect_soon "no more open files" eval '[ "$(files_of '"$pid"')" = '"$files"' ]'
	expect_number "kB of memory" "$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")" -le $((memory + 8192))
	send 10 1 >/dev/null
	counted 34 --lifetime
	engine_stop
}
