#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh BINARY...: run test binaries concurrently, and print their lines, and a FAIL line
# for each that died without one. Status 0 when nothing failed. RUN is a command that runs
# them, an emulator.
set -u
# Older TSan runtimes do not start where addresses have 32 random bits.
fixed=''
if command -v setarch >/dev/null && setarch -R true 2>/dev/null; then
	fixed='setarch -R'
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-unit.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
pids=''
# shellcheck disable=SC2086 # a list
trap 'kill $pids 2>/dev/null; wait; exit 130' INT TERM HUP

for binary; do
	name=${binary##*/}
	# shellcheck disable=SC2086 # words are meant
	$fixed ${RUN-} "$binary" >"$work/$name" 2>"$work/$name.err" &
	pids="$pids $!"
done
for binary; do
	pid=${pids# }
	pid=${pid%% *}
	rc=0
	wait "$pid" || rc=$?
	pids=${pids# "$pid"}
	echo $rc >"$work/${binary##*/}.rc"
done

# Results go to stdout, and to the file that L2PC_RESULT names (tests/lib/harness.sh).
failed=0
fail() {
	failed=1
	echo "FAIL $1" | tee -a "${L2PC_RESULT:-/dev/null}"
}
for binary; do
	name=${binary##*/}
	rc=$(cat "$work/$name.rc")
	tee -a "${L2PC_RESULT:-/dev/null}" <"$work/$name"
	cat "$work/$name.err" >&2
	if grep -q '^FAIL ' "$work/$name"; then
		failed=1
	elif [ "$rc" != 0 ]; then
		fail "$name: expected its end, got status $rc"
	elif [ ! -s "$work/$name" ]; then
		fail "$name: expected a test, got none"
	fi
done
exit $failed
