#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# takes: 65 s
# lab: --timeout 900 --append rcupdate.rcu_expedited=1
# The scripts that a user runs, as a user runs them: run_tests.sh with all suites, whose
# cases are reported as results here, its options, errors and reports. Processes start
# slowly under emulation, so the scripts run a tenth of their rounds here, or L2PC_EFFORT
# percent (make -C tests long: all).
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/documents.sh
documents_begin tests/vm/suites/user-scripts.test.sh

cd /l2pc || exit 1
export L2PC_EFFORT=${L2PC_EFFORT:-10}

log=/tmp/packet_counter_tests.log
report=/tmp/packet_counter_test_report.txt
output=/tmp/user-scripts.output

# A user's machine has an interface.
ip link add eth0 type veth peer name eth0-peer || exit 1
ip link set eth0-peer up
ip link set eth0 up

# expect_clean: asserts that no namespace, device, module, process, or file is left.
expect_clean() {
	expect_equal 'namespaces left' "$(ip netns list)" ''
	expect_equal 'devices left' "$(ip -o link show | grep -c l2pt)" 0
	expect_absent /sys/module/l2packet_counter
	expect_equal 'files left' "$(ls -d /tmp/l2pc-test.* /tmp/packet_counter_test*.?????? 2>/dev/null)" ''
	expect_equal 'processes left' "$(pgrep -f 'test_(module|traffic|stress).sh')" ''
}

# Runs first; the cases are reported as results of this suite.
test_all_suites() {
	local rc=0 line n=0 failed=''
	# A symbolic link of another user must not redirect root's output.
	echo precious >/tmp/precious
	ln -sf /tmp/precious "$log"
	ln -sf /tmp/precious "$report"
	document_run 'sudo ./run_tests.sh --interface eth0' >"$output" 2>&1 || rc=$?
	while IFS= read -r line; do
		case $line in
		'PASS '* | 'FAIL '* | 'SKIP '*)
			n=$((n + 1))
			echo "${line%% *} $suite_name/${line#* }" | tee -a "$L2PC_RESULT"
			case $line in FAIL*) failed=1 ;; esac
			;;
		esac
	done <"$output"
	[ "$rc" = 0 ] || cat "$output"
	expect_equal 'status of run_tests.sh' "$rc" 0
	expect_equal 'cases that failed' "$failed" ''
	expect_equal 'basic cases' "$(grep -c '^PASS' <(sed -n '/^== basic/,/^basic:/p' "$output"))" 10
	expect_number "cases" "$n" -ge 30
	expect_equal 'the file behind the link' "$(cat /tmp/precious)" precious
	expect_clean
}

test_log_and_report() {
	expect_equal 'kinds' "$(stat -c %F "$log" "$report" | tr '\n' ',')" 'regular file,regular file,'
	expect_equal 'modes' "$(stat -c %a "$log" "$report" | tr '\n' ' ')" '644 644 '
	expect_line "$log" '^traffic: [0-9]* passed, 0 failed'
	expect_text "$report" "Kernel:     $(uname -r)"
	expect_line "$report" '^Interface:  eth0$'
	expect_equal 'rows' "$(grep -cE '^(basic|traffic|stress) .* passed$' "$report")" 3
	expect_line "$report" '^Everything passed.$'
}

test_one_suite() {
	expect_status 0 document_run 'sudo ./run_tests.sh --interface eth0 basic' >"$output" 2>&1
	expect_equal 'suites' "$(grep -c '^== ' "$output")" 1
	expect_equal 'cases' "$(grep -c '^PASS' "$output")" 10
	expect_clean
}

# expect_error WORDS COMMAND...: asserts that COMMAND exits with status 2 and prints WORDS.
expect_error() {
	local words=$1 rc=0
	shift
	"$@" >"$output" 2>&1 || rc=$?
	expect_equal "status of '$*'" "$rc" 2
	expect_text "$output" "$words"
}

test_refusals() {
	expect_error '--interface IF' ./run_tests.sh
	expect_error "'nosuch0'" ./run_tests.sh --interface nosuch0
	expect_error 'not an Ethernet' ./run_tests.sh --interface lo
	expect_error "'thorough'" ./run_tests.sh --interface eth0 thorough
	expect_error 'make build' env L2PC_MODULE=/nosuch.ko ./test_module.sh --interface eth0
	insmod ./l2packet_counter.ko interface=eth0
	expect_error 'make unload' ./run_tests.sh --interface eth0
	expect_error 'make unload' ./test_traffic.sh --interface eth0
	# By another name it is the same interface.
	! ip link property add dev eth0 altname uplink-to-the-building 2>/dev/null || {
		expect_error 'make unload' ./run_tests.sh --interface uplink-to-the-building
		expect_error 'make unload' ./test_module.sh --interface uplink-to-the-building
	}
	make unload
	expect_clean
}

test_help() {
	for script in run_tests.sh test_module.sh test_traffic.sh test_stress.sh; do
		"./$script" --help >"$output"
		expect_text "$output" "usage: sudo ./$script"
	done
}

# A suite that fails, here with a broken module, is reported as failed.
test_failure_is_reported() {
	local rc=0
	# A truncated file: insmod fails.
	head -c 100 l2packet_counter.ko >/tmp/broken.ko
	L2PC_MODULE=/tmp/broken.ko ./run_tests.sh --interface eth0 basic >"$output" 2>&1 || rc=$?
	expect_equal 'status' "$rc" 1
	expect_line "$report" '^basic .* FAILED$'
	expect_text "$report" '  basic/it loads on the interface: '
	expect_clean
}

# A suite without its last line, the totals, is reported as failed.
test_early_end_is_reported() {
	local rc=0
	mkdir -p /tmp/copy
	cp -a run_tests.sh tests Makefile l2packet_counter.ko /tmp/copy
	printf '#!/bin/bash\necho "PASS basic/one"\nexit 0\n' >/tmp/copy/test_module.sh
	chmod +x /tmp/copy/test_module.sh
	/tmp/copy/run_tests.sh --interface eth0 basic >"$output" 2>&1 || rc=$?
	expect_equal 'status' "$rc" 1
	expect_text "$report" 'basic: ended early, with status 0'
}

# interrupted SIGNAL: sends SIGNAL to run_tests.sh in the middle of a suite.
interrupted() {
	local pid rc=0
	: >"$output"
	# A background job starts with SIGINT ignored, and a shell cannot trap a signal that was
	# ignored when it started.
	env --default-signal=INT ./run_tests.sh --interface eth0 traffic >"$output" 2>&1 &
	pid=$!
	until grep -q '^PASS traffic/both interfaces' "$output"; do
		kill -0 "$pid" || fail "the scripts" "the second suite" "an end: $(tail -n 1 "$output")"
		sleep 0.1
	done
	kill -"$1" "$pid"
	wait "$pid" || rc=$?
	expect_equal 'status' "$rc" 1
	expect_text "$report" 'traffic: interrupted'
	expect_clean
}

test_interrupted() { interrupted INT; }
test_terminated() { interrupted TERM; }
