# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: the kernel's packet generator, receiving side. pktgen hands
# its frames to netif_receive_skb() as if the device had received them, so what
# it says it sent is what the device received.

pktgen_dir=/proc/net/pktgen

# Where frames are only many, a slow kernel gets fewer (lab/run.sh): they are
# divided by this.
# shellcheck disable=SC2034 # the suites'
scale=${L2PC_SCALE:-1}

# pktgen_thread CPU DEV FRAMES MACS [BASE] [FLAG...]: a CPU sends FRAMES frames to
# DEV, in turn from MACS addresses counted up from BASE. Letters after the number of the CPU
# name another one of the same CPU and DEV, here and in pktgen_sent.
pktgen_thread() {
	local cpu=$1 dev=$2 frames=$3 macs=$4 base=${5:-02:00:00:00:00:00} name flag
	shift 4
	[ $# = 0 ] || shift
	name=$dev@$cpu
	echo "add_device $name" >$pktgen_dir/kpktgend_"${cpu%%[a-z]*}"
	for flag in "xmit_mode netif_receive" "count $frames" "pkt_size 60" "delay 0" "clone_skb 0" "burst 1" \
		"src_mac $base" "src_mac_count $macs" "dst_mac 02:ff:ff:ff:ff:01" \
		"dst 198.51.100.1" "flag NO_TIMESTAMP" "$@"; do
		echo "$flag" >$pktgen_dir/"$name" || return
	done
}

# Returns when they are gone: a thread that has not done it after 125 ms is not
# waited for by the kernel.
pktgen_clear() {
	local thread i
	for thread in "$pktgen_dir"/kpktgend_*; do echo rem_device_all >"$thread"; done
	for ((i = 0; i < 300; i++)); do
		compgen -G "$pktgen_dir/*@*" >/dev/null || return 0
		sleep 0.1
	done
	fail "pktgen's devices" "none within 30 s" "$(echo $pktgen_dir/*@*)"
}

# pktgen_open BEFORE: has one that is to send so many not yet sent them since BEFORE,
# its answer of then?
pktgen_open() {
	compgen -G "$pktgen_dir/*@*" >/dev/null || return
	awk -v before="$1" '
		FNR == 1 { count = $3 }
		/^ *pkts-sofar:/ { sent = $2 }
		/^ *started:/ {
			run = FILENAME " " $2 ";"
			print run
			if (count > 0 && (sent < count || index(before, run))) open = 1
		}
		END { exit !open }' $pktgen_dir/*@* 2>/dev/null
}

# Returns when all have sent. In a shell of its own: a signal ends the sending, and
# this one gets SIGCHLD when something that it started in the background ends. The
# kernel does not wait for a thread that needs over 125 ms to begin (pktgen_run_all_threads()
# in net/core/pktgen.c), which one of an emulated CPU may.
pktgen_run() {
	local before i
	before=$(pktgen_open '' || :)
	(echo start >$pktgen_dir/pgctrl)
	for ((i = 0; i < 600; i++)); do
		pktgen_open "$before" >/dev/null || return 0
		sleep 0.1
	done
	fail "pktgen" "all sent within a minute" "less"
}

# pktgen_flood DEV FRAMES: from random addresses, FRAMES of each of two CPUs.
pktgen_flood() {
	local cpu
	for cpu in 0 1; do
		pktgen_thread $cpu "$1" "$2" 16777216 02:10:00:00:00:00 "flag MACSRC_RND"
	done
	pktgen_run
	pktgen_clear
}

# pktgen_sent CPU DEV: frames sent.
pktgen_sent() { awk '/^ *pkts-sofar:/ { print $2 }' $pktgen_dir/"$2@$1"; }

# pktgen_expect CPUS FRAMES MACS [BASE]: the rows that CPUS threads, each with
# FRAMES frames from the same MACS addresses, make, sorted by address.
pktgen_expect() {
	awk -v cpus="$1" -v frames="$2" -v macs="$3" -v base="${4:-02:00:00:00:00:00}" 'BEGIN {
		split(base, octet, ":")
		for (i = 1; i <= 6; i++) start = start * 256 + hex(octet[i])
		for (i = 0; i < macs && i < frames; i++) {
			count = cpus * (int(frames / macs) + (i < frames % macs))
			mac = start + i
			text = ""
			for (j = 0; j < 6; j++) {
				text = sprintf(":%02x", mac % 256) text
				mac = int(mac / 256)
			}
			printf "%s %12d\n", substr(text, 2), count
		}
	}
	function hex(s) { return 16 * (index("0123456789abcdef", substr(s, 1, 1)) - 1) + index("0123456789abcdef", substr(s, 2, 1)) - 1 }'
}
