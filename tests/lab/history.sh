#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# history.sh: one history for a machine that reboots, gets another kernel (6.1, then 6.12), and
# is counted by the module, by l2pc run, and by the module again: what it shows of each hour,
# day and month is what was sent, to the frame. Three boots in the VM with the same disk;
# tests/lab/guest/history.test.sh runs in each.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need qemu-system-x86_64:qemu-system-x86 truncate:coreutils
truncate -s 16M "$scratch/disk"

# boot NAME KERNEL CLOCK: boot, with the clock at this time (UTC); false when a test failed.
boot() {
	local rc=0
	"$lab/run.sh" --kernel "$2" --cpus 2 --timeout 2400 --out "$scratch/$1" --modules virtio_blk \
		--qemu "-rtc base=$3 -drive file=$scratch/disk,format=raw,if=virtio" --env "STAGE=$1" \
		"$here/guest/history.test.sh" >"$scratch/$1.log" 2>&1 || rc=$?
	suite_relay "$scratch/$1/result"
	[ "$rc" = 0 ] || suite_failed || fail "$1" "status 0" "$rc" "$scratch/$1.log"
	[ "$rc" = 0 ]
}

# In Central Europe: the last hour of a day, the first one of the day after, on which summer
# ends, and of the month after.
boot first 6.1 2026-10-24T21:02:00 &&
	boot again 6.1 2026-10-24T22:02:00 &&
	boot newer 6.12 2026-10-31T23:02:00
suite_end
