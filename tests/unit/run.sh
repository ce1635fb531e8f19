#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh BINARY...: run test binaries; their lines, and a FAIL line for each that
# died without one. Status 0 when nothing failed.
set -u
# TSan of older compilers does not start where addresses are random to 32 bits.
fixed=''
if command -v setarch >/dev/null && setarch -R true 2>/dev/null; then
	fixed='setarch -R'
fi
lines=$(mktemp) || exit 2
trap 'rm -f "$lines"' EXIT
failed=0
for binary; do
	$fixed "$binary" >"$lines"
	rc=$?
	cat "$lines"
	if grep -q '^FAIL ' "$lines"; then
		failed=1
	elif [ "$rc" != 0 ]; then
		failed=1
		echo "FAIL ${binary##*/}: died with status $rc"
	elif [ ! -s "$lines" ]; then
		failed=1
		echo "FAIL ${binary##*/}: ran no test"
	fi
done
exit $failed
