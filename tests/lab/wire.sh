# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $work, $here and inside are the caller's
# Sourced by drivers.sh: the host's side of the wire. It sends what the guest asks
# for, knows what that is, and compares it with what the guest says.
#
# A request is a line. Those that bring something along are followed by it, and by
# a line with a dot. The answer is a line, `ok ...` or `error WHY`.
#   begin DEV VLAN    a new test: its interface, and whether VLANs are kept apart
#   send TAP TO BATCH...
#                     see framesend.c; ok PACKETS TAGGED SUPER FRAMES
#   window            what was counted since the last send: the output of l2pc -j show
#   lifetime          what was counted since begin, likewise
#   proc              /proc/l2packet_counter, since the last send
#   packets           the kernel's trace, since the last send: ok and what wire.awk says

. "$here/../lib/guest/l2pc.sh"
# The parser of l2pc.sh reads what was brought along.
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
		echo "error frames found no room in the tap"
	else
		grep -v '^packets ' "$work/sent" >"$work/rows"
		cat "$work/rows" >>"$work/all"
		echo "ok $(sed -n 's/^packets //p' "$work/sent") $(awk '{ n += $3 } END { print n }' "$work/rows")"
	fi
}

# wire_sum: rows STATION VLAN FRAMES BYTES added up, as the module is to keep them.
wire_sum() {
	awk -v vlan="$vlan" '
		{ key = $1 " " (vlan ? $2 : "-"); frames[key] += $3; bytes[key] += $4 }
		END { for (key in frames) print key, frames[key], bytes[key] }' | LC_ALL=C sort
}

# wire_compare WHAT: the files want and got.
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

# Nothing was counted late, and nothing twice.
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
