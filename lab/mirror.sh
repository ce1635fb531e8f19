# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of demo.sh
# Sourced by demo.sh. Copies every frame that an interface receives to a tap of
# the VM, which counts the copies. A tc filter copies the frames and lets them
# pass; it is removed afterwards.

mirror_demo() {
	case $seconds in
	'' | *[!0-9]* | 0) die "invalid SECONDS=$seconds (a number from 1 on)" ;;
	esac
	[ "$(id -u)" = 0 ] || die "copying frames of $interface needs root" "run: sudo make demo INTERFACE=$interface"
	packages_need ip:iproute2 tc:iproute2 qemu-system-x86_64:qemu-system-x86
	[ -e "/sys/class/net/$interface" ] || die "no interface $interface here" \
		"there are: $(cd /sys/class/net && echo *)"
	[ "$(cat "/sys/class/net/$interface/type")" = 1 ] || die "$interface is not an Ethernet interface"

	tap=l2pc$$
	# Two concurrent demos on an interface must not remove each other's filter.
	pref=$((40000 + $$ % 9000))
	qdisc='' mirroring='' vm='' made=''
	dir=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-mirror.XXXXXX")
	trap mirror_cleanup EXIT
	trap 'exit 130' INT TERM HUP

	mirror_tap
	mkfifo "$dir/control.in" "$dir/control.out" "$dir/output"
	"$lab/run.sh" --kernel "$kernel" --timeout $((seconds + 300)) \
		--nic "virtio-net-pci:$tap" --control "$dir/control" \
		"$lab/guest/demo-mirror.sh" "$interface" "$seconds" >"$dir/output" &
	vm=$!
	# The VM does not use this FIFO, but QEMU opens it.
	cat <"$dir/control.out" >/dev/null &
	# The VM prints @ready when it can count, and @enough when its time is over.
	while IFS= read -r line; do
		case $line in
		@ready)
			mirror_start
			say "copying frames of $interface"
			;;
		@enough)
			mirror_stop
			mirror_copied >"$dir/control.in"
			;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$dir/output"
	status=0
	wait "$vm" || status=$?
	vm=''
	exit "$status"
}

mirror_tap() {
	ip tuntap add dev "$tap" mode tap
	made=1
	# This machine sends no frames of its own to the tap. The queue is long enough for bursts.
	ip link set "$tap" addrgenmode none
	if [ -e "/proc/sys/net/ipv6/conf/$tap/disable_ipv6" ]; then
		echo 1 >"/proc/sys/net/ipv6/conf/$tap/disable_ipv6"
	fi
	ip link set "$tap" mtu 65521 txqueuelen 100000 up
}

mirror_start() {
	# Another program may have added the qdisc.
	if tc qdisc show dev "$interface" | grep -q -E 'qdisc (clsact|ingress) '; then
		:
	else
		tc qdisc add dev "$interface" clsact
		qdisc=1
	fi
	mirroring=1
	# Either classifier matches every frame. A kernel may have only one of them.
	mirror_filter matchall || mirror_filter u32 match u32 0 0 ||
		die "this machine's kernel cannot copy frames: tc has neither matchall nor u32, or no mirred"
}

mirror_filter() {
	tc filter add dev "$interface" ingress pref "$pref" protocol all "$@" \
		action mirred egress mirror dev "$tap" 2>/dev/null
}

mirror_stop() {
	[ -z "$mirroring" ] || tc filter del dev "$interface" ingress pref "$pref" 2>/dev/null || :
	[ -z "$qdisc" ] || tc qdisc del dev "$interface" clsact 2>/dev/null || :
	mirroring='' qdisc=''
}

# Print the number of frames copied, and of frames dropped.
mirror_copied() {
	echo "$(cat "/sys/class/net/$tap/statistics/tx_packets") $(cat "/sys/class/net/$tap/statistics/tx_dropped")"
}

mirror_cleanup() {
	trap '' INT TERM HUP
	mirror_stop
	if [ -n "$vm" ]; then
		kill "$vm" 2>/dev/null || :
		wait "$vm" 2>/dev/null || :
	fi
	[ -z "$made" ] || ip link del "$tap" 2>/dev/null || :
	rm -rf "$dir"
}
