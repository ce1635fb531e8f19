# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by suites: the kernel's packet generator, receiving side. pktgen passes
# its frames to netif_receive_skb() as if the device had received them, so the number
# that pktgen reports as sent is the number that the device received.

pktgen_dir=/proc/net/pktgen

# Divisor of large numbers of frames, above 1 on a slow kernel (lab/run.sh).
# shellcheck disable=SC2034 # the suites'
scale=${L2PC_SCALE:-1}

# pktgen_thread CPU DEV FRAMES MACS [BASE] [FLAG...]: configures a CPU's thread to send
# FRAMES frames to DEV, in turn from MACS addresses counted up from BASE. Letters behind
# the number of the CPU name a further thread of that CPU and DEV, here and in pktgen_sent.
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

# pktgen_clear: removes all devices of the threads, and returns when they are removed. The
# kernel itself waits for a thread at most 125 ms.
pktgen_clear() {
	local thread i
	for thread in "$pktgen_dir"/kpktgend_*; do echo rem_device_all >"$thread"; done
	for ((i = 0; i < 300; i++)); do
		compgen -G "$pktgen_dir/*@*" >/dev/null || return 0
		sleep 0.1
	done
	fail "pktgen's devices" "none within 30 s" "$(echo $pktgen_dir/*@*)"
}

# pktgen_unfinished BEFORE: succeeds while a thread with a limited number of frames has not
# sent all of them in its current run, or has not started that run. Prints the start times
# of the runs; BEFORE is the output from before pktgen was started.
pktgen_unfinished() {
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

# pktgen_run: starts all threads, and returns when they have sent all frames. A subshell
# starts them, because a signal ends the sending, and this shell gets SIGCHLD when one of
# its background processes ends. The kernel does not wait for a thread that needs more than
# 125 ms to start (pktgen_run_all_threads() in net/core/pktgen.c), as on an emulated CPU.
pktgen_run() {
	local before i
	before=$(pktgen_unfinished '' || :)
	(echo start >$pktgen_dir/pgctrl)
	for ((i = 0; i < 600; i++)); do
		pktgen_unfinished "$before" >/dev/null || return 0
		sleep 0.1
	done
	fail "pktgen" "all frames sent within a minute" "fewer"
}

# pktgen_flood DEV FRAMES: sends FRAMES frames from random addresses on each of two CPUs.
pktgen_flood() {
	local cpu
	for cpu in 0 1; do
		pktgen_thread $cpu "$1" "$2" 16777216 02:10:00:00:00:00 "flag MACSRC_RND"
	done
	pktgen_run
	pktgen_clear
}

# pktgen_sent CPU DEV: prints the number of frames sent.
pktgen_sent() { awk '/^ *pkts-sofar:/ { print $2 }' $pktgen_dir/"$2@$1"; }

# pktgen_expect CPUS FRAMES MACS [BASE]: prints the rows of /proc that are expected from
# CPUS threads, each with FRAMES frames from the same MACS addresses, sorted by address.
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
