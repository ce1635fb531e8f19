#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# takes: 65 s
# lab: --timeout 900 --append rcupdate.rcu_expedited=1
# The scripts a user runs, as a user runs them: run_tests.sh with all suites, each
# of whose cases is a result of its own here, and what surrounds it. Starting a
# process takes long under emulation, so they do a tenth of their rounds here, or
# L2PC_EFFORT percent (make -C tests long: all).
# shellcheck source=tests/lib/vm.sh
. "$(dirname "$0")/../lib/vm.sh"

cd /l2pc || exit 1
export L2PC_EFFORT=${L2PC_EFFORT:-10}

log=/tmp/packet_counter_tests.log
report=/tmp/packet_counter_test_report.txt
output=/tmp/user-scripts.output

# A user's machine has an interface.
ip link add eth0 type veth peer name eth0-peer || exit 1
ip link set eth0-peer up
ip link set eth0 up

# Nothing is left behind: no namespace, device, module, process, or file.
clean() {
	check_eq 'namespaces left' "$(ip netns list)" ''
	check_eq 'devices left' "$(ip -o link show | grep -c l2pt)" 0
	[ ! -d /sys/module/l2packet_counter ] || fail 'the module is still loaded'
	check_eq 'files left' "$(ls -d /tmp/l2pc-test.* /tmp/packet_counter_test*.?????? 2>/dev/null)" ''
	check_eq 'processes left' "$(pgrep -f 'test_(module|traffic|stress).sh')" ''
}

# Runs first; the cases are reported as results of this suite.
test_all_suites() {
	local rc=0 line n=0 failed=''
	# Somebody else's link must not lead root's writing elsewhere.
	echo precious >/tmp/precious
	ln -sf /tmp/precious "$log"
	ln -sf /tmp/precious "$report"
	# shellcheck disable=SC2024 # everybody is root here
	sudo ./run_tests.sh --interface eth0 >"$output" 2>&1 || rc=$?
	while IFS= read -r line; do
		case $line in
		'== '*': '*)
			line=${line#== }
			prefix=$vm_suite/${line%%:*}
			;;
		'PASS  '* | 'FAIL  '* | 'SKIP  '*)
			n=$((n + 1))
			echo "${line%%  *} $prefix: ${line#*  }" | tee -a "$L2PC_RESULT"
			case $line in FAIL*) failed=1 ;; esac
			;;
		esac
	done <"$output"
	[ "$rc" = 0 ] || { cat "$output"; fail "run_tests.sh ended with status $rc"; }
	[ -z "$failed" ] || fail 'status 0, but a case failed'
	check_eq 'basic cases' "$(grep -c '^PASS' <(sed -n '/^== basic/,/^basic:/p' "$output"))" 10
	[ "$n" -ge 30 ] || fail "only $n cases ran"
	check_eq 'the file behind the link' "$(cat /tmp/precious)" precious
	clean
}

test_log_and_report() {
	check_eq 'kinds' "$(stat -c %F "$log" "$report" | tr '\n' ',')" 'regular file,regular file,'
	check_eq 'modes' "$(stat -c %a "$log" "$report" | tr '\n' ' ')" '644 644 '
	grep -q '^traffic: [0-9]* passed, 0 failed' "$log" || fail 'the log has no total of a suite'
	grep -q "^Kernel:     $(uname -r)$" "$report" || fail 'the report does not name the kernel'
	grep -q '^Interface:  eth0$' "$report" || fail 'the report does not name the interface'
	check_eq 'rows' "$(grep -cE '^(basic|traffic|stress) .* passed$' "$report")" 3
	grep -q '^Everything passed.$' "$report" || fail 'the report does not say how it ended'
}

# refused WORDS COMMAND...: status 2, saying so.
refused() {
	local words=$1 rc=0
	shift
	"$@" >"$output" 2>&1 || rc=$?
	check_eq "status of '$*'" "$rc" 2
	grep -qF -- "$words" "$output" || fail "'$*' does not say '$words': $(head -n 1 "$output")"
}

test_refusals() {
	refused '--interface IF' ./run_tests.sh
	refused "'nosuch0'" ./run_tests.sh --interface nosuch0
	refused 'not an Ethernet' ./run_tests.sh --interface lo
	refused "'thorough'" ./run_tests.sh --interface eth0 thorough
	refused 'make build' env L2PC_MODULE=/nosuch.ko ./test_module.sh --interface eth0
	insmod ./l2packet_counter.ko interface=eth0
	refused 'make unload' ./run_tests.sh --interface eth0
	refused 'make unload' ./test_traffic.sh --interface eth0
	make unload
	clean
}

test_help() {
	for script in run_tests.sh test_module.sh test_traffic.sh test_stress.sh; do
		"./$script" --help | grep -q '^usage: sudo ./'$script || fail "$script --help"
	done
}

# A module that cannot do it must not pass: a suite that fails is seen.
test_failure_is_seen() {
	local rc=0
	# No module: insmod is refused.
	head -c 100 l2packet_counter.ko >/tmp/broken.ko
	L2PC_MODULE=/tmp/broken.ko ./run_tests.sh --interface eth0 basic >"$output" 2>&1 || rc=$?
	check_eq 'status' "$rc" 1
	grep -q '^basic .* FAILED$' "$report" || fail 'the report does not say so'
	grep -q '^  basic: it loads on the interface: ' "$report" || fail 'the report does not name the case'
	clean
}

# What a suite's totals say is believed only when they are the lines'.
test_a_suite_that_dies_is_seen() {
	local rc=0
	mkdir -p /tmp/copy
	cp -a run_tests.sh tests Makefile l2packet_counter.ko /tmp/copy
	printf '#!/bin/bash\necho "PASS  one"\nexit 0\n' >/tmp/copy/test_module.sh
	chmod +x /tmp/copy/test_module.sh
	/tmp/copy/run_tests.sh --interface eth0 basic >"$output" 2>&1 || rc=$?
	check_eq 'status' "$rc" 1
	grep -q 'basic: ended early, with status 0' "$report" || fail 'the report does not say so'
}

# interrupted SIGNAL: sent to run_tests.sh in the middle of a suite.
interrupted() {
	local pid rc=0
	: >"$output"
	# Background jobs ignore SIGINT, and what is ignored cannot be trapped.
	env --default-signal=INT ./run_tests.sh --interface eth0 traffic >"$output" 2>&1 &
	pid=$!
	until grep -q '^PASS  both interfaces' "$output"; do
		kill -0 "$pid" || fail "it has ended: $(tail -n 1 "$output")"
		sleep 0.1
	done
	kill -"$1" "$pid"
	wait "$pid" || rc=$?
	check_eq 'status' "$rc" 1
	grep -q 'traffic: interrupted' "$report" || fail 'the report does not say so'
	clean
}

test_interrupted() { interrupted INT; }
test_terminated() { interrupted TERM; }
