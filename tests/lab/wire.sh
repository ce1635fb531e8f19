# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $work, $here and inside are the caller's
# Sourced by drivers.sh: the host's side of the wire. It sends the frames that the guest
# requests, and compares the guest's counts with them.
#
# A request is a line. Some have data, which follows, ended by a line with a dot. The reply is
# a line, `ok ...` or `error WHY`.
#   begin DEV VLAN    start a test: its interface, and whether VLANs are separate
#   send TAP TO BATCH...
#                     see framesend.c; reply: ok PACKETS TAGGED SUPER FRAMES
#   window            compare the counts since the last send: output of l2pc -j show
#   lifetime          compare the counts since begin, likewise
#   proc              compare /proc/l2packet_counter since the last send
#   packets           parse the kernel's trace since the last send: ok and output of wire.awk

. "$here/../lib/guest/l2pc.sh"
# The parser of l2pc.sh reads the request's data.
l2pc() { cat "$work/brought"; }

wire_serve() {
	local words line
	dev='' vlan=''
	: >"$work/all"
	while read -r -a words; do
		case ${words[0]} in
		window | lifetime | proc | packets)
			while IFS= read -r line && [ "$line" != . ]; do printf '%s\n' "$line"; done >"$work/brought"
			;;
		esac
		case ${words[0]} in
		begin | send | window | lifetime | proc | packets) "wire_${words[0]}" "${words[@]:1}" ;;
		*) echo "error no request: ${words[*]}" ;;
		esac
	done
}

wire_begin() {
	dev=$1 vlan=$2
	: >"$work/all"
	echo ok
}

wire_dropped() { inside cat "/sys/class/net/$1/statistics/tx_dropped"; }

wire_send() {
	local tap=$1 before
	before=$(wire_dropped "$tap")
	if ! inside "$work/framesend" "$@" >"$work/sent" 2>"$work/error"; then
		echo "error $(head -n 1 "$work/error")"
	elif [ "$(wire_dropped "$tap")" != "$before" ]; then
		echo "error the queue of the tap was full"
	else
		grep -v '^packets ' "$work/sent" >"$work/rows"
		cat "$work/rows" >>"$work/all"
		echo "ok $(sed -n 's/^packets //p' "$work/sent") $(awk '{ n += $3 } END { print n }' "$work/rows")"
	fi
}

# wire_sum: add up rows STATION VLAN FRAMES BYTES, as the module must.
wire_sum() {
	awk -v vlan="$vlan" '
		{ key = $1 " " (vlan ? $2 : "-"); frames[key] += $3; bytes[key] += $4 }
		END { for (key in frames) print key, frames[key], bytes[key] }' | LC_ALL=C sort
}

# wire_compare WHAT: compare the files want and got.
wire_compare() {
	if cmp -s "$work/want" "$work/got"; then
		echo ok
	else
		echo "error $1: $(diff "$work/want" "$work/got" | sed -n 's/^</sent/p; s/^>/counted/p' | head -n 8 | paste -s -d ,)"
	fi
}

wire_window() {
	wire_sum <"$work/rows" >"$work/want"
	stations window "$dev" >"$work/got"
	wire_compare "stations, VLANs, packets, bytes"
}

# Compare all counts of the test: no frame was counted late or twice.
wire_lifetime() {
	wire_sum <"$work/all" >"$work/want"
	stations lifetime "$dev" >"$work/got"
	wire_compare "in the whole test: stations, VLANs, packets, bytes"
}

wire_proc() {
	{
		awk '{ n[$1] += $3 } END { for (mac in n) print mac, n[mac] }' "$work/rows" | LC_ALL=C sort
		awk '{ n += $3 } END { print "Total packets:", n }' "$work/rows"
	} >"$work/want"
	awk -v dev="$dev" '
		/^Interface: / { mine = $2 == dev }
		mine && /^[0-9a-f][0-9a-f]:|^\(/ { print $1, $2 }
		mine && /^Total packets: / { total = $0 }
		END { print total }' "$work/brought" | LC_ALL=C sort >"$work/got"
	wire_compare "/proc"
}

wire_packets() { echo "ok $(awk -v dev="$dev" -f "$here/wire.awk" "$work/brought")"; }
