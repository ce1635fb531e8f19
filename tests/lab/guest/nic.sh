# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are for, and of, the tests
# Sourced by drivers.test.sh, after vm.sh, module.sh, l2pc.sh: a network interface connected
# to the host, requests for frames from the host, and the kernel's trace of them.

tracing=/sys/kernel/tracing
declare -A dev_of
# The frames' destination is not in the guest: the stack drops them after they were counted.
nobody=02:ff:ff:ff:ff:01

# nic_begin: set up what all tests share.
nic_begin() {
	local port dev driver event
	for port in /sys/class/virtio-ports/*; do
		if [ "$(cat "$port/name")" = l2pc.control ]; then exec 6<>"/dev/${port##*/}"; fi
	done
	for dev in /sys/class/net/*; do
		if driver=$(readlink "$dev/device/driver"); then dev_of[${driver##*/}]=${dev##*/}; fi
	done
	# Make the backlog of other CPUs long enough.
	echo 100000 >/proc/sys/net/core/netdev_max_backlog
	# Trace two events: a packet that a driver passes on, and a packet that the stack gets.
	echo 8192 >$tracing/buffer_size_kb
	if [ -e $tracing/options/hash-ptr ]; then echo 0 >$tracing/options/hash-ptr; fi
	for event in napi_gro_receive_entry netif_receive_skb; do echo 1 >$tracing/events/net/$event/enable; done
}

# nic_is DRIVER: select the test's interface, and reset its settings.
nic_is() {
	local event
	nic=$1 dev=${dev_of[$1]:-} to=$nobody
	[ -n "$dev" ] || fail "interfaces with the driver $1" "one" "none"
	for event in napi_gro_receive_entry netif_receive_skb; do
		echo "name == \"$dev\"" >$tracing/events/net/$event/filter
	done
	ip link set "$dev" mtu 1500 promisc on addrgenmode none up
	# QEMU's igb drops a packet when one queue is full, even if another queue is not.
	if [ "$nic" = igb ]; then ethtool -G "$dev" rx 4096 || :; fi
	nic_steer plain
	nic_tune gro on
}

# nic_wait: wait until the link is up.
nic_wait() { wait_for "the cable of $dev" nic_carrier; }

nic_carrier() {
	local carrier
	read -r carrier <"/sys/class/net/$dev/carrier" && [ "$carrier" = 1 ]
}

# nic_tune FEATURE on|off: set a feature; ethtool fails if it cannot be set.
nic_tune() {
	ethtool -K "$dev" "$1" "$2"
	nic_wait
}

# nic_steer plain|rps|threaded|threaded_rps: distribute packets over CPUs in this way.
nic_steer() {
	local mask=0 threaded=0 queue file=/sys/class/net/$dev/threaded
	case $1 in *rps) mask=3 ;; esac
	case $1 in threaded*) threaded=1 ;; esac
	for queue in /sys/class/net/"$dev"/queues/rx-*; do echo $mask >"$queue/rps_cpus"; done
	[ ! -e "$file" ] || echo $threaded >"$file"
}

# expect_steered HOW: fail unless the last frames were distributed in this way.
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

# port_load [PARAMETER...]: load the module for the interface, with separate VLANs.
port_load() {
	local vlan=1
	case "$*" in *vlan=0*) vlan=0 ;; esac
	load interface="$dev" reset_interval=0 vlan=$vlan "$@"
	host begin "$dev" $vlan
}

# host REQUEST...: send a request to the host (see wire.sh), and set $answer.
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

# total_now: set $total, the interface's total, without a new process.
total_now() {
	local word value rest mine=''
	while read -r word value rest; do
		case $word in
		Interface:) mine=$value ;;
		Total) if [ "$mine" = "$dev" ]; then total=${rest} && return; fi ;;
		esac
	done <"$proc"
}

# wire_equals BATCH...: compare what the host sends with what the driver passes on and what is
# counted, station by station. Sets the variables of wire.awk.
wire_equals() {
	wire_take "$@"
	host packets
	echo "$about: $answer"
	eval "$answer"
	# Compare the driver's packets first, to see where frames were lost.
	expect_equal "$about: packets that the driver passed on" "$handed" "$sent"
	host window
	host proc
}

# wire_counted BATCH...: the same without the kernel's trace.
wire_counted() {
	wire_take "$@"
	host window
	host proc
}

# wire_take BATCH...: send the batches, with a new window and a new trace.
wire_take() {
	local i was
	l2pc reset "$dev" >/dev/null
	echo >$tracing/trace
	host send "$nic" "$to" "$@"
	read -r sent sent_tagged sent_super sent_frames <<<"$answer"
	# Wait until all frames are counted, or no more arrive.
	for ((i = 0; i < 100; i++)); do
		was=${total-}
		total_now
		[ "$total" != "$sent_frames" ] || break
		[ "$total" = "$was" ] || i=0
		sleep 0.1
	done
}
