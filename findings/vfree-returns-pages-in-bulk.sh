#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# vfree-returns-pages-in-bulk.sh: how many pages go back at once while 256 MiB of vmalloc()
# are freed.
#
# Package    linux-image-6.1.0-57-cloud-amd64 6.1.192-3 (bookworm-security) and
#            linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            bpftool 7.1.0+6.1.192-3
# Expected   vfree() frees page by page and lets others run in between (cond_resched()), so
#            interrupts are off for the time of one page, or of the CPU's batch of 63.
# Seen       The page allocator collects the pages for the CPU, and the longer it gets pages
#            and gives none, the more of them it takes back in one go, under zone->lock with
#            interrupts off: some 9,700 on 6.1, and 2,016, 32 batches, on 6.12 (4 GiB, one CPU).
# Follows    A driver's poll on that CPU waits meanwhile. Memory that is freed while frames
#            arrive is better made of blocks that the CPU's list does not collect.
#
# Status 0 while that is so. Downloads to a temporary directory, 2 x 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
common=(bpftool=7.1.0+6.1.192-3 busybox-static=1:1.35.0-4+deb12u1+b1 libc6 libcap2 libelf1 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"
qemu_options=(-m 4096)

# most PACKAGE=VERSION: set most to the greatest number of pages in one go.
most() {
	rm -rf debs kernel emulator root
	guest_fetch "bookworm bookworm-security" "$1" "${common[@]}"
	# shellcheck disable=SC2119 # no modules
	guest_unpack
	guest_run <<-'GUEST'
		mount -t bpf bpf /sys/fs/bpf
		mount -t tracefs tracefs /sys/kernel/tracing
		cd /sys/kernel/tracing
		echo 'p:bulk free_pcppages_bulk pages=%si:s32' >kprobe_events
		echo 1 >events/kprobes/bulk/enable
		# An array of 32 million elements of 8 bytes: 256 MiB.
		/usr/sbin/bpftool map create /sys/fs/bpf/big type array key 4 value 8 entries 33554432 name big
		rm /sys/fs/bpf/big
		sleep 2
		echo "@most $(sed -n 's/.*pages=//p' trace | sort -n | tail -n 1)"
	GUEST
	most=$(sed -n 's/^@most //p' results)
	echo "$1: $most pages"
}

most linux-image-6.1.0-57-cloud-amd64=6.1.192-3
expect "6.1 takes thousands of pages back in one go" [ "$most" -gt 4000 ]
most linux-image-6.12.117+deb12-cloud-amd64=6.12.117-1~deb12u1
expect "6.12 takes 32 batches" [ "$most" = 2016 ]
exit $status
