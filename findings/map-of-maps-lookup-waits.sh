#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# map-of-maps-lookup-waits.sh: what a process pays to look up an element of a map of maps.
#
# Package    linux-image-6.1.0-57-cloud-amd64 6.1.192-3 (bookworm-security) and
#            linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            bpftool 7.1.0+6.1.192-3
# Expected   A lookup changes nothing, so that it waits for nobody: bpf_map_lookup_elem() of a
#            map of maps takes as long as one of an array. Only an update waits for an RCU
#            grace period, for programs that still use the inner map it replaces.
# Seen       On 6.1 each lookup sleeps until a grace period has ended, too. On 6.12 none sleeps.
#            A lookup in an array sleeps on neither.
# Follows    On 6.1 a process that looks up the map it has just stored, to know that programs
#            find it, waits for milliseconds. A program that looks it up, run by
#            BPF_PROG_TEST_RUN, does not.
#
# Status 0 while that is so. Downloads to a temporary directory, 2 x 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
common=(bpftool=7.1.0+6.1.192-3 busybox-static=1:1.35.0-4+deb12u1+b1 libc6 libcap2 libelf1 zlib1g)

# shellcheck source=findings/lib/guest.sh
. "$(dirname "$0")/lib/guest.sh"

# sleeps PACKAGE=VERSION: set in_array and in_maps to how often bpftool slept in 50 lookups, in
# an array and in a map of maps.
sleeps() {
	rm -rf debs kernel emulator root
	guest_fetch "bookworm bookworm-security" "$1" "${common[@]}"
	# shellcheck disable=SC2119 # no modules
	guest_unpack
	guest_run <<-'GUEST'
		mount -t bpf bpf /sys/fs/bpf
		tool() { /usr/sbin/bpftool "$@" >/dev/null; }
		pin=/sys/fs/bpf
		tool map create $pin/inner type array key 4 value 4 entries 1 name inner
		tool map create $pin/outer type array_of_maps key 4 value 4 entries 1 name outer inner_map pinned $pin/inner
		tool map update pinned $pin/outer key 0 0 0 0 value pinned $pin/inner
		for map in inner outer; do
			for i in $(seq 50); do echo "map lookup pinned $pin/$map key 0 0 0 0"; done >/tmp/$map
			mkfifo /tmp/commands.$map
			/usr/sbin/bpftool batch file /tmp/commands.$map >/tmp/said.$map &
			exec 3>/tmp/commands.$map
			cat /tmp/$map >&3
			until [ "$(grep -c -E 'key|inner_map_id' /tmp/said.$map)" -ge 40 ]; do sleep 0.1; done
			sleep 3
			echo "@$map $(awk '/^voluntary/ { print $2 }' /proc/$!/status)"
			exec 3>&-
			wait
		done
	GUEST
	in_array=$(sed -n 's/^@inner //p' results)
	in_maps=$(sed -n 's/^@outer //p' results)
}

sleeps linux-image-6.1.0-57-cloud-amd64=6.1.192-3
expect "on 6.1 each lookup in a map of maps sleeps" [ "$in_maps" -ge $((in_array + 45)) ]
sleeps linux-image-6.12.117+deb12-cloud-amd64=6.12.117-1~deb12u1
expect "on 6.12 none does" [ "$in_maps" -le $((in_array + 5)) ]
exit $status
