#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: check that the model holds, and that spin finds each mistake. One line each.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need spin:spin gcc:gcc /usr/include/stdio.h:libc6-dev
cd "$scratch" || exit 2

# explore DEFINE...: explore all interleavings; the last lines are in $scratch/log.
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
	suite_report PASS holds '' "($(awk '/states, stored/ { printf "%d states", $1 }' log))"
else
	spin "$@" -t -p -k ./*.trail "$here/switch.pml" 2>/dev/null | tail -n 60 >trail
	fail holds "no error" "$(grep -m 1 -E 'assertion|error|invalid' log)" trail
fi
# shellcheck disable=SC2013 # words are what it prints
for mistake in $(grep -o '^#ifn\?def WITHOUT_[A-Z_]*' "$here/switch.pml" | awk '{ print $2 }' | sort -u); do
	explore "-D$mistake"
	expect_match "finds_${mistake,,}" "$(tail -n 60 log)" 'errors: [1-9]'
done
suite_end
