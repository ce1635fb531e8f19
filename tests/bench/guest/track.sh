# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # used by, or from, others
# Sourced, after pktgen.sh: tracks, on which frames arrive at eth0. Each track has its own
# cost without a counter.
#	plain	pktgen gives frames to the receive path of a dummy
#	tagged	the same, with an 802.1Q tag
#	roomy	the same as plain, with headroom in front of the frames, for XDP
#	sent	pktgen transmits on eth0: the cost also of taps that ignore sent frames
#	destined	the same, from one address to many
#	cable	pktgen transmits on the other end of a veth pair

track_up() {
	case $1 in
	cable) veth_pair eth0 cable && insmod /l2pc/kit/modules/headroom.ko interface=cable ;;
	*) ip link add eth0 type dummy && ip link set eth0 up addrgenmode none ;;
	esac
	[ "$1" != roomy ] || insmod /l2pc/kit/modules/headroom.ko
}

track_down() {
	[ ! -d /sys/module/headroom ] || rmmod headroom
	ip link del eth0
}

# track_send TRACK FRAMES MACS [BASE]: send frames, and set $spent, the thousands of
# instructions of all of them.
track_send() {
	local dev=eth0 extra=()
	case $1 in
	tagged) extra=("vlan_id 5" "flag !SHARED") ;;
	sent) extra=("xmit_mode queue_xmit" "flag !SHARED") ;;
	destined)
		extra=("xmit_mode queue_xmit" "flag !SHARED" "src_mac_count 1"
			"dst_mac ${4:-02:00:00:00:00:00}" "dst_mac_count $3")
		;;
	cable) dev=cable extra=("xmit_mode start_xmit" "flag !SHARED") ;;
	esac
	pktgen_thread 0 $dev "$2" "$3" "${4:-02:00:00:00:00:00}" ${extra[@]+"${extra[@]}"}
	pktgen_run
	spent=$(awk '/Result: OK:/ { sub(/\(.*/, "", $3); print $3 }' "$pktgen_dir/$dev@0")
	[ "$(pktgen_sent 0 $dev)" = "$2" ] || fail "pktgen has sent $(pktgen_sent 0 $dev) of $2 frames"
	pktgen_clear
}

# station_address N: print the address of the Nth station that pktgen uses.
station_address() { printf '02:00:00:%02x:%02x:%02x' $(($1 >> 16)) $(($1 >> 8 & 255)) $(($1 & 255)); }
