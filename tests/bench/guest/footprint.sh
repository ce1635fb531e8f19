#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: the measurements of tests/bench/footprint.sh.
set -eu
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh

show() { printf '%-40s %6d KiB\n' "$1" $(($(memory_settled) - before)); }

# send STATIONS FRAMES [OPTION]: send on each of the two CPUs.
send() {
	local cpu
	for cpu in 0 1; do pktgen_thread $cpu dummy9 "$2" "$1" 02:10:00:00:00:00 ${3:+"$3"}; done
	pktgen_run
	pktgen_clear
}

ip link add dummy9 type dummy
ip link set dummy9 up
# The first run fills the kernel's own caches.
load interface=dummy9 reset_interval=0
send 100 100000
unload
before=$(memory_settled)
load interface=dummy9 reset_interval=0
show "loaded"
send 100 100000
show "100 stations on two CPUs"
send 16777216 500000 "flag MACSRC_RND"
show "a million frames from random addresses"
echo reset >"$proc"
show "after a reset"
echo reset >"$proc"
show "after a second reset"
unload
show "unloaded"
