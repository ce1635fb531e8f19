# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2317 # used by, or from, others
# Sourced: the rows of the table. Each row is a way to count, with the functions
#	ROW_on DEV...	start to count the frames that arrive there
#	ROW_off		stop, and discard the counts
#	ROW_list	print the counts, in a format for programs
#	ROW_stations	print the number of stations in $list
# and a track on which frames arrive: see track.sh.

kit=/l2pc/kit
bpffs=/sys/fs/bpf
mountpoint -q $bpffs || mount -t bpf bpf $bpffs
[ ! -e /proc/sys/net/core/bpf_jit_enable ] || echo 1 >/proc/sys/net/core/bpf_jit_enable

bpftool() { LD_LIBRARY_PATH=$kit/lib $kit/bin/bpftool "$@"; }

# table.awk has their titles in the table, in the same order.
rows_all="noop rx_handler noop_tap tap capture rx_handler_vlan tap_vlan noop_transmit tap_transmit capture_transmit noop_egress off_egress egress tap_egress nft_egress tcx_egress nft run run_maps tcx tcx_lru xdp_generic xdp_empty xdp rhashtable classic classic_20"
# The kit for an emulated architecture has no BPF programs.
if [ ! -e $kit/bin/bpftool ]; then
	rows_all=$(echo "$rows_all" | tr ' ' '\n' | grep -v -e '^run' -e '^tcx' -e '^xdp' | paste -s -d ' ')
fi

row_track() {
	case $1 in
	*_vlan) echo tagged ;;
	*_transmit) echo sent ;;
	*egress) echo destined ;;
	xdp_generic) echo roomy ;;
	xdp | xdp_empty) echo cable ;;
	*) echo plain ;;
	esac
}

# --- this module, with the additional settings $module_settings ------------------

commas() {
	local IFS=,
	echo "$*"
}

module_on() {
	local hook=$1 vlan=$2
	shift 2
	# shellcheck disable=SC2086 # settings
	load interface="$(commas "$@")" hook="$hook" vlan="$vlan" reset_interval=0 ${module_settings:-max_stations=4000000}
}
module_list() { cat "$proc"; }
module_stations() { grep -c -E '^[0-9a-f]{2}:' "$list"; }
module_frames() { awk '/^Total/ { print $3 }' "$list"; }

rx_handler_on() { module_on rx_handler 0 "$@"; }
tap_on() { module_on tap 0 "$@"; }
rx_handler_vlan_on() { module_on rx_handler 1 "$@"; }
tap_vlan_on() { module_on tap 1 "$@"; }
tap_transmit_on() { module_on tap 0 "$@"; }
for row in rx_handler tap rx_handler_vlan tap_vlan tap_transmit; do
	eval "${row}_off() { unload; }
		${row}_list() { module_list; }
		${row}_stations() { module_stations; }
		${row}_frames() { module_frames; }"
done

# Sent frames: without the cost of a tap there, and with it.
off_egress_on() { module_on rx_handler 0 "$@"; }
off_egress_off() { unload; }
egress_on() { module_settings="${module_settings:-max_stations=4000000} tx=1" module_on rx_handler 0 "$@"; }
tap_egress_on() { module_settings="${module_settings:-max_stations=4000000} tx=1" module_on tap 0 "$@"; }
for row in egress tap_egress; do
	eval "${row}_off() { unload; }
		${row}_list() { portnl stations lifetime eth0; }
		${row}_stations() { grep -c . \"\$list\"; }
		${row}_frames() { awk '{ sum += \$5 } END { print sum + 0 }' \"\$list\"; }"
done

# --- modules to compare with -----------------------------------------------------

peer_on() {
	local module=$1 settings=$2
	shift 2
	# shellcheck disable=SC2086 # settings
	insmod $kit/modules/"$module".ko interface="$(commas "$@")" $settings
}
noop_on() { peer_on peer_noop '' "$@"; }
noop_off() { rmmod peer_noop; }
noop_tap_on() { peer_on peer_noop tap=1 "$@"; }
noop_tap_off() { rmmod peer_noop; }
noop_transmit_on() { noop_tap_on "$@"; }
noop_transmit_off() { rmmod peer_noop; }
noop_egress_on() { peer_on peer_noop egress=1 "$@"; }
noop_egress_off() { rmmod peer_noop; }
rhashtable_on() { peer_on peer_rhashtable '' "$@"; }
classic_on() { peer_on peer_classic '' "$@"; }
classic_20_on() { peer_on peer_classic bits=20 "$@"; }
for row in rhashtable classic classic_20; do
	eval "${row}_off() { rmmod peer_${row%_20}; }
		${row}_list() { cat /proc/peer_${row%_20}; }
		${row}_stations() { grep -c . \"\$list\"; }
		${row}_frames() { awk '{ sum += \$2 } END { print sum + 0 }' \"\$list\"; }"
done

# --- nftables: the shortest rules, which count multicast as well --------------------

# nft_count HOOK FIELD DEV...
nft_count() {
	local hook=$1 field=$2 dev
	shift 2
	for dev; do
		nft -f - <<-RULES || return
			table netdev bench_$dev {
				set stations {
					type ether_addr
					size 4000000
					flags dynamic
				}
				chain count {
					type filter hook $hook device $dev priority 0
					update @stations { ether $field counter }
				}
			}
		RULES
	done
}
nft_on() { nft_count ingress saddr "$@"; }
nft_egress_on() { nft_count egress daddr "$@"; }
for row in nft nft_egress; do
	eval "${row}_off() { nft flush ruleset; }
		${row}_list() { nft -j list set netdev bench_eth0 stations; }
		${row}_stations() { grep -o '\"counter\"' \"\$list\" | wc -l; }
		${row}_frames() { grep -o '\"packets\": [0-9]*' \"\$list\" | awk '{ sum += \$2 } END { print sum + 0 }'; }"
done

# --- a capture: a packet socket with a ring, 64 bytes a frame -----------------------

capture_on() {
	rm -f /tmp/capture
	$kit/bin/ring "$1" >/tmp/capture &
	capture=$!
	until [ -s /tmp/capture ]; do sleep 0.1; done
}
capture_off() {
	kill "$capture"
	wait "$capture" || fail "the ring was full: $(tail -n 1 /tmp/capture)"
}
capture_transmit_on() { capture_on "$@"; }
capture_transmit_off() { capture_off; }

# --- BPF ---------------------------------------------------------------------

# bpf_load MAP DEV: load a program with its own map of $bpf_entries. A map allocates all its
# entries in advance, which takes a minute for a million.
bpf_load() { bpftool prog loadall $kit/"$1-$bpf_entries.o" $bpffs/"$2" pinmaps $bpffs/"$2-map"; }

# bpf_size STATIONS: set $bpf_entries so that the stations fit.
bpf_size() {
	for bpf_entries in 1024 16384 131072 1048576; do
		[ "$bpf_entries" -lt "$1" ] || return 0
	done
}

# bpf_tcx_on MAP PROGRAM DIRECTION DEV...
bpf_tcx_on() {
	local map=$1 program=$2 direction=$3 dev
	shift 3
	for dev; do
		bpf_load "$map" "$dev" || return
		$kit/bin/tcx "$dev" "$direction" $bpffs/"$dev/$program" $bpffs/"$dev-link" || return
	done
}
bpf_xdp_on() {
	local mode=$1 program=$2 dev
	shift 2
	for dev; do
		bpf_load PERCPU_HASH "$dev" || return
		ip link set "$dev" "$mode" pinned $bpffs/"$dev/$program" || return
	done
}
bpf_off() {
	local link dev
	for link in "$bpffs"/*-link; do rm -f "$link"; done
	for dev in "$bpffs"/*-map; do
		dev=${dev##*/}
		ip link set "${dev%-map}" xdp off
		ip link set "${dev%-map}" xdpgeneric off
	done
	rm -rf ${bpffs:?}/*
}
bpf_list() { bpftool map dump -j pinned $bpffs/eth0-map/stations; }

tcx_on() { bpf_tcx_on PERCPU_HASH count_tcx ingress "$@"; }
tcx_lru_on() { bpf_tcx_on LRU_PERCPU_HASH count_tcx ingress "$@"; }
tcx_egress_on() { bpf_tcx_on PERCPU_HASH count_egress egress "$@"; }
xdp_generic_on() { bpf_xdp_on xdpgeneric count_xdp "$@"; }
xdp_on() { bpf_xdp_on xdpdrv count_xdp "$@"; }
xdp_empty_on() { bpf_xdp_on xdpdrv empty_xdp "$@"; }
xdp_empty_off() { bpf_off; }
for row in tcx tcx_lru tcx_egress xdp_generic xdp; do
	eval "${row}_off() { bpf_off; }
		${row}_list() { bpf_list; }
		${row}_stations() { grep -o '\"formatted\"' \"\$list\" | wc -l; }
		${row}_frames() { grep -o '\"packets\": *[0-9]*' \"\$list\" | awk -F: '{ sum += \$2 } END { print sum + 0 }'; }"
done

# --- l2pc run --------------------------------------------------------------------

run_on() {
	rm -f /tmp/run.err
	l2pc run "$1" max-stations 4000000 reset-interval 0 >/tmp/run.out 2>/tmp/run.err &
	run=$!
	until grep -q '^counting ' /tmp/run.err 2>/dev/null; do
		kill -0 $run || fail "l2pc run has ended: $(cat /tmp/run.err)"
		sleep 0.1
	done
}
run_off() {
	kill -INT "$run"
	wait "$run" || fail "l2pc run has failed"
}
run_list() { l2pc --engine bpf -j show; }
run_stations() { grep -o '"mac"' "$list" | wc -l; }
run_frames() { grep -o '"totals":{[^}]*' "$list" | sed 's/.*"packets":\([0-9]*\).*/\1/; q'; }

# As on kernels without an arena.
run_maps_on() { L2PC_RUN_WITHOUT=arena run_on "$1"; }
run_maps_off() { run_off; }
run_maps_list() { run_list; }
run_maps_stations() { run_stations; }
run_maps_frames() { run_frames; }

# row_check ROW STATIONS FRAMES: fail unless the row has counted all stations and frames. Set
# $lost: nft and rhashtable lose frames while their tables grow, which is a result.
row_check() {
	local stations frames
	list=/tmp/list
	"$1_list" >$list
	stations=$("$1_stations")
	frames=$("$1_frames")
	rm $list
	lost=$(($3 - frames))
	case $1 in nft | rhashtable) [ $lost -lt 0 ] || [ "$stations" = 0 ] || return 0 ;; esac
	[ "$stations $frames" = "$2 $3" ] || fail "$1 has counted $frames frames of $stations stations, not $3 of $2"
}
