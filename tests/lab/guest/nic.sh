# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are for, and of, the tests
# Sourced by drivers.test.sh, after vm.sh, module.sh, l2pc.sh: a network interface
# whose cable ends on the host, frames asked for from there, and what the kernel
# says it did with them.

tracing=/sys/kernel/tracing
declare -A dev_of
# Frames are addressed to nobody here: the stack drops them after they were counted.
nobody=02:ff:ff:ff:ff:01

# nic_begin: all that stays for all tests.
nic_begin() {
	local port dev driver event
	for port in /sys/class/virtio-ports/*; do
		if [ "$(cat "$port/name")" = l2pc.control ]; then exec 6<>"/dev/${port##*/}"; fi
	done
	for dev in /sys/class/net/*; do
		if driver=$(readlink "$dev/device/driver"); then dev_of[${driver##*/}]=${dev##*/}; fi
	done
	# What waits for another CPU finds room.
	echo 100000 >/proc/sys/net/core/netdev_max_backlog
	# Two events: what a driver hands over, and what the stack takes.
	echo 8192 >$tracing/buffer_size_kb
	if [ -e $tracing/options/hash-ptr ]; then echo 0 >$tracing/options/hash-ptr; fi
	for event in napi_gro_receive_entry netif_receive_skb; do echo 1 >$tracing/events/net/$event/enable; done
}

# nic_is DRIVER: this test's, in its usual state.
nic_is() {
	local event
	nic=$1 dev=${dev_of[$1]:-} to=$nobody
	[ -n "$dev" ] || fail "interfaces with the driver $1" "one" "none"
	for event in napi_gro_receive_entry netif_receive_skb; do
		echo "name == \"$dev\"" >$tracing/events/net/$event/filter
	done
	ip link set "$dev" mtu 1500 promisc on addrgenmode none up
	# QEMU's igb drops what one of its queues has no room for, while another has.
	if [ "$nic" = igb ]; then ethtool -G "$dev" rx 4096 || :; fi
	nic_steer plain
	nic_tune gro on
}

# nic_wait: until the cable is in.
nic_wait() { wait_for "the cable of $dev" nic_carrier; }

nic_carrier() {
	local carrier
	read -r carrier <"/sys/class/net/$dev/carrier" && [ "$carrier" = 1 ]
}

# nic_tune FEATURE on|off: ethtool says so if it cannot be.
nic_tune() {
	ethtool -K "$dev" "$1" "$2"
	nic_wait
}

# nic_steer plain|rps|threaded|threaded_rps: to which CPUs, by whom.
nic_steer() {
	local mask=0 threaded=0 queue file=/sys/class/net/$dev/threaded
	case $1 in *rps) mask=3 ;; esac
	case $1 in threaded*) threaded=1 ;; esac
	for queue in /sys/class/net/"$dev"/queues/rx-*; do echo $mask >"$queue/rps_cpus"; done
	[ ! -e "$file" ] || echo $threaded >"$file"
}

# expect_steered HOW: it was so, for the frames just counted.
expect_steered() {
	case $nic in
	virtio_net | igb) expect_equal "$about: queues" "$queues" "1 2" ;;
	esac
	case $1 in
	threaded*) expect_equal "$about: packets polled by the threads of $dev" "$threads" "$handed" ;;
	*) expect_equal "$about: packets polled by threads" "$threads" 0 ;;
	esac
	case $1 in
	*rps)
		expect_number "$about: packets that went to another CPU" "$moved" -gt 0
		expect_equal "$about: CPUs that received" "$cpus" "0 1"
		;;
	*) expect_equal "$about: packets that went to another CPU" "$moved" 0 ;;
	esac
}

# port_load [PARAMETER...]: counting on the interface, VLANs kept apart.
port_load() {
	local vlan=1
	case "$*" in *vlan=0*) vlan=0 ;; esac
	load interface="$dev" reset_interval=0 vlan=$vlan "$@"
	host begin "$dev" $vlan
}

# host REQUEST...: asks the host, see wire.sh; what it says is in $answer.
host() {
	local said
	echo "$*" >&6
	case $1 in
	window | lifetime) l2pc -j show --"$1" "$dev" >&6 && echo . >&6 ;;
	proc) cat "$proc" >&6 && echo . >&6 ;;
	packets) cat $tracing/trace >&6 && echo . >&6 ;;
	esac
	read -r -u 6 said answer || fail "the host" "an answer to $1" "its end"
	[ "$said" = ok ] || fail "$about: $1" "what was sent" "$answer"
}

# total_now: of the interface; no process is made for it.
total_now() {
	local word value rest mine=''
	while read -r word value rest; do
		case $word in
		Interface:) mine=$value ;;
		Total) if [ "$mine" = "$dev" ]; then total=${rest} && return; fi ;;
		esac
	done <"$proc"
}

# wire_equals BATCH...: what the host sends is what the driver hands over and what is
# counted, station by station. What the kernel did is in variables, see wire.awk.
wire_equals() {
	wire_take "$@"
	host packets
	echo "$about: $answer"
	eval "$answer"
	# First, to know who lost it.
	expect_equal "$about: packets that the driver handed over" "$handed" "$sent"
	host window
	host proc
}

# wire_counted BATCH...: the same without asking what the kernel did.
wire_counted() {
	wire_take "$@"
	host window
	host proc
}

# wire_take BATCH...: in a window of their own, and a trace.
wire_take() {
	local i was
	l2pc reset "$dev" >/dev/null
	echo >$tracing/trace
	host send "$nic" "$to" "$@"
	read -r sent sent_tagged sent_super sent_frames <<<"$answer"
	# As long as it takes: until all are counted, or no more come.
	for ((i = 0; i < 100; i++)); do
		was=${total-}
		total_now
		[ "$total" != "$sent_frames" ] || break
		[ "$total" = "$was" ] || i=0
		sleep 0.1
	done
}
