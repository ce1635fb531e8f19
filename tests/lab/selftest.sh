#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# selftest.sh [--kernel NAME]: proves that the lab tells good from bad. Each
# case boots a VM with a script that misbehaves in its own way.
# What is beside the VM is the business of runner.sh.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
kernel=default
[ "${1-}" != --kernel ] || kernel=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-selftest.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; wait; exit 130' INT TERM HUP
mkdir "$work/bad"

# expect NAME STATUS REASON SCRIPT [OPTION of run.sh]...: in the background, two
# at a time. A boot keeps little more than one core busy.
expect() {
	while [ "$(jobs -pr | wc -l)" -ge 2 ]; do wait -n; done
	expect_one "$@" &
}

expect_one() {
	local name=$1 want=$2 reason=$3 rc=0
	printf '%s\n' "$4" >"$work/$name.test.sh"
	shift 4
	vm=''
	trap 'kill "$vm"; wait "$vm"; exit 130' TERM
	"$top/lab/run.sh" --kernel "$kernel" --no-module --cpus 1 --out "$work/$name" "$@" "$work/$name.test.sh" \
		>"$work/$name.log" 2>&1 </dev/null &
	vm=$!
	wait "$vm" || rc=$?
	if [ "$rc" != "$want" ]; then
		bad "$name" "status $rc, want $want" "$work/$name.log"
	elif ! grep -q -e "$reason" "$work/$name.log"; then
		bad "$name" "does not say '$reason'" "$work/$name.log"
	elif [ "${reason%starting again}" = "$reason" ] && grep -q 'starting again' "$work/$name.log"; then
		bad "$name" "began once more" "$work/$name.log"
	else
		echo "PASS $name"
	fi
}

# bad NAME WHY LOG: one write, so that lines of two cases do not mix.
bad() {
	printf 'FAIL %s: %s\n%s\n' "$1" "$2" "$(sed 's/^/    /' "$3")"
	: >"$work/bad/$1"
}

# Also one that leaves behind who writes later.
# shellcheck disable=SC2016 # the guest's variables
expect good 0 'said something' 'echo said something; echo PASS it >>"$L2PC_RESULT"; (sleep 1000; echo "FAIL late") & exit 0'
expect script-fails 1 'the script failed (exit 7)' 'exit 7'
# shellcheck disable=SC2016
expect reported-failure 1 'FAIL it: because' 'echo "FAIL it: because" >>"$L2PC_RESULT"; exit 0'
# shellcheck disable=SC2016
# shellcheck disable=SC2016 # the guest's
expect forged-exit 3 'no result' 'echo exit 0 >>"$L2PC_RESULT"; sleep 1; echo o >/proc/sysrq-trigger; sleep 100'
expect panic 3 'sysrq triggered crash' 'echo c >/proc/sysrq-trigger; sleep 100'
# What QEMU does wrong under load, three times in a row; and a breakpoint that is one.
# shellcheck disable=SC2016 # the guest's
forged='for line in "Oops: int3: 0000 [#1] SMP" "Code: 00 <%s> 1f"; do echo "$line" >/dev/kmsg; done; echo o >/proc/sysrq-trigger; sleep 100'
# shellcheck disable=SC2059
expect breakpoint-gone 3 'was removed; starting again' "$(printf "$forged" 0f)"
# shellcheck disable=SC2059
expect breakpoint 3 'no result' "$(printf "$forged" cc)"
# The same without an oops: stuck at a nop that is patched; and a loop, which moves.
# shellcheck disable=SC2016 # the guest's
stuck='for at in %s; do for line in "soft lockup - CPU#0 stuck for 9s!" "RIP: 0010:$at" "Code: 00 <0f> 1f 44 00 00 41"; do echo "$line" >/dev/kmsg; done; done; echo o >/proc/sysrq-trigger; sleep 100'
# shellcheck disable=SC2059
expect stuck-at-nothing 3 'was removed; starting again' "$(printf "$stuck" 'core+0xe9 core+0xe9')"
# shellcheck disable=SC2059
expect stuck-once 3 'no result' "$(printf "$stuck" core+0xe9)"
# shellcheck disable=SC2059
expect stuck-in-a-loop 3 'no result' "$(printf "$stuck" 'core+0xe9 core+0x14')"
expect hang 5 'timeout' 'while :; do sleep 1; done' --timeout 12
# A kernel that hangs before its first program: here QEMU does not start its CPUs.
L2PC_BOOT_TIMEOUT=4 expect no-boot 5 'did not start /init in 4 s; starting again' 'exit 0' --qemu -S
expect splat 4 'WARNING: CPU: 0 test' 'echo "WARNING: CPU: 0 test" >/dev/kmsg; exit 0'

wait

rmdir "$work/bad" 2>/dev/null
