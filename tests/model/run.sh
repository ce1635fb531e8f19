#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: the model holds, and each mistake in it is found. A line each.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../../lab/say.sh
. "$here/../../lab/say.sh"
# shellcheck source=../../lab/cache.sh
. "$here/../../lab/cache.sh"
# shellcheck source=../../lab/packages.sh
. "$here/../../lab/packages.sh"
packages_need spin:spin gcc:gcc /usr/include/stdio.h:libc6-dev
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-model.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cd "$work" || exit 2
status=0

# explore DEFINE...: all interleavings; its last lines in $work/log.
explore() {
	rm -f pan* ./*.trail
	spin "$@" -a "$here/switch.pml" >log 2>&1 &&
		gcc -O2 -w -DSAFETY -DCOLLAPSE -o pan pan.c >>log 2>&1 &&
		./pan -m100000 >log 2>&1
}

holds() {
	explore "$@" || return 1
	grep -q 'errors: 0' log && ! grep -q 'max search depth too small\|Search not completed' log
}

if holds "$@"; then
	echo "PASS model/holds ($(awk '/states, stored/ { printf "%d states", $1 }' log))"
else
	echo "FAIL model/holds: $(grep -m 1 -E 'assertion|error|invalid' log)"
	spin "$@" -t -p -k ./*.trail "$here/switch.pml" 2>/dev/null | tail -n 60
	status=1
fi
# shellcheck disable=SC2013 # words are what it prints
for mistake in $(grep -o '^#ifn\?def WITHOUT_[A-Z_]*' "$here/switch.pml" | awk '{ print $2 }' | sort -u); do
	if explore "-D$mistake" && grep -q 'errors: [1-9]' log; then
		echo "PASS model/finds_${mistake,,}"
	else
		echo "FAIL model/finds_${mistake,,}: not found ($(tail -n 1 log))"
		status=1
	fi
done
exit $status
