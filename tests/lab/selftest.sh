#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# selftest.sh [--kernel NAME]: prove that the lab distinguishes success from failure. Each case
# boots a VM with a script that fails in a different way. runner.sh tests the rest, without
# a VM.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
kernel=default names=() pids=() statuses=() texts=()
[ "${1-}" != --kernel ] || kernel=$2
cleanup() { [ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait; } 2>/dev/null; }

# boot NAME STATUS TEXT SCRIPT [OPTION of run.sh]...: run lab/run.sh in the background, two at
# a time, because a boot uses little more than one CPU. STATUS and TEXT are the expected exit
# status and text.
boot() {
	names+=("$1") statuses+=("$2") texts+=("$3")
	printf '%s\n' "$4" >"$scratch/$1.test.sh"
	while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n; done
	boot_one "$1" "${@:5}" &
	pids+=($!)
}

boot_one() {
	local name=$1 rc=0 vm
	vm=''
	trap 'kill "$vm"; wait "$vm"; exit 130' TERM
	"$lab/run.sh" --kernel "$kernel" --no-module --cpus 1 --out "$scratch/$name" "${@:2}" "$scratch/$name.test.sh" \
		>"$scratch/$name.log" 2>&1 </dev/null &
	vm=$!
	wait "$vm" || rc=$?
	echo "$rc" >"$scratch/$name.status"
}

# expect_verdict NAME STATUS TEXT: fail unless the boot ended with STATUS, and printed TEXT.
expect_verdict() {
	cat "$scratch/$1.log"
	expect_equal "status" "$(cat "$scratch/$1.status")" "$2"
	expect_text "$scratch/$1.log" "$3"
	[ "${3%"$again"}" != "$3" ] || expect_no_text "$scratch/$1.log" "$again"
}
again='starting again'

# This script leaves a process that would write later.
# shellcheck disable=SC2016 # the guest's variables
boot good 0 'said something' 'echo said something; echo PASS it >>"$L2PC_RESULT"; (sleep 1000; echo "FAIL late") & exit 0'
boot script-fails 1 'the script failed (exit 7)' 'exit 7'
# shellcheck disable=SC2016
boot reported-failure 1 'FAIL it: because' 'echo "FAIL it: because" >>"$L2PC_RESULT"; exit 0'
# shellcheck disable=SC2016 # the guest's
boot forged-exit 3 'no result' 'echo exit 0 >>"$L2PC_RESULT"; sleep 1; echo o >/proc/sysrq-trigger; sleep 100'
boot panic 3 'sysrq triggered crash' 'echo c >/proc/sysrq-trigger; sleep 100'
# A bug of QEMU under load, three times in a row; and a breakpoint that is real.
# shellcheck disable=SC2016 # the guest's
forged='for line in "Oops: int3: 0000 [#1] SMP" "Code: 00 <%s> 1f"; do echo "$line" >/dev/kmsg; done; echo o >/proc/sysrq-trigger; sleep 100'
# shellcheck disable=SC2059
boot breakpoint-gone 3 "was removed; $again" "$(printf "$forged" 0f)"
# shellcheck disable=SC2059
boot breakpoint 3 'no result' "$(printf "$forged" cc)"
# The same bug without an oops: stuck at a patched no-op. A loop is not the bug: RIP changes.
# shellcheck disable=SC2016 # the guest's
stuck='for at in %s; do for line in "soft lockup - CPU#0 stuck for 9s!" "RIP: 0010:$at" "Code: 00 <0f> 1f 44 00 00 41"; do echo "$line" >/dev/kmsg; done; done; echo o >/proc/sysrq-trigger; sleep 100'
# shellcheck disable=SC2059
boot stuck-at-nothing 3 "was removed; $again" "$(printf "$stuck" 'core+0xe9 core+0xe9')"
# shellcheck disable=SC2059
boot stuck-once 3 'no result' "$(printf "$stuck" core+0xe9)"
# shellcheck disable=SC2059
boot stuck-in-a-loop 3 'no result' "$(printf "$stuck" 'core+0xe9 core+0x14')"
# Test the suites' harness in a guest.
boot assertions 1 'the script failed (exit 1)' 'exec bash /l2pc/tests/lab/assertions.test.sh'
boot hang 5 'timeout' 'while :; do sleep 1; done' --timeout 12
# A kernel that hangs before its first program: QEMU does not start its CPUs.
L2PC_BOOT_TIMEOUT=4 boot no-boot 5 "did not start /init in 4 s; $again" 'exit 0' --qemu -S
boot splat 4 'WARNING: CPU: 0 test' 'echo "WARNING: CPU: 0 test" >/dev/kmsg; exit 0'

wait
pids=()
for i in "${!names[@]}"; do suite_run "${names[i]}" expect_verdict "${names[i]}" "${statuses[i]}" "${texts[i]}"; done
assertions() {
	sed '/^exit /d; s/test\.sh:[0-9]*:/test.sh:N:/' "$scratch/assertions/result" >"$scratch/got"
	expect_same "results" "$scratch/got" "$here/assertions.expected"
}
suite_run assertions-results assertions
suite_end
