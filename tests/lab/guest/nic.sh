# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables are for the tests
# Sourced by drivers.test.sh, after vm.sh, module.sh, l2pc.sh: a network interface
# whose cable ends on the host, frames asked for from there, and what the kernel
# says it did with them.

tracing=/sys/kernel/tracing
tmp=/tmp/drivers
declare -A dev_of
# Frames are addressed to nobody here: the stack drops them after they were counted.
nobody=02:ff:ff:ff:ff:01

# nic_begin: all that stays for all tests.
nic_begin() {
	local port dev driver event
	mkdir -p $tmp
	for port in /sys/class/virtio-ports/*; do
		if [ "$(cat "$port/name")" = l2pc.control ]; then exec 6<>"/dev/${port##*/}"; fi
	done
	for dev in /sys/class/net/*; do
		if driver=$(readlink "$dev/device/driver"); then dev_of[${driver##*/}]=${dev##*/}; fi
	done
	# A port that counts at ingress all the time: the kernel's switch for that is
	# not flipped under traffic.
	ip link add keep type dummy
	ip link set keep up
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
	[ -n "$dev" ] || fail "no interface has the driver $1"
	for event in napi_gro_receive_entry netif_receive_skb; do
		echo "name == \"$dev\"" >$tracing/events/net/$event/filter
	done
	ip link set "$dev" mtu 1500 promisc on addrgenmode none up
	nic_steer plain
	nic_tune gro on
	: >$tmp/all
}

nic_wait() { wait_for "the cable of $dev" grep -q 1 "/sys/class/net/$dev/carrier"; }

# nic_tune FEATURE on|off: and it must be so.
nic_tune() {
	local name=$1
	case $name in
	gro) name=generic-receive-offload ;;
	rxvlan) name=rx-vlan-offload ;;
	esac
	ethtool -K "$dev" "$1" "$2"
	check_eq "$dev $name" "$(ethtool -k "$dev" | awk -v name="$name:" '$1 == name { print $2 }')" "$2"
	nic_wait
}

# nic_steer plain|rps|threaded|threaded_rps: to which CPUs, by whom.
nic_steer() {
	local mask=0 threaded=0 queue file=/sys/class/net/$dev/threaded
	case $1 in *rps) mask=3 ;; esac
	case $1 in threaded*) threaded=1 ;; esac
	for queue in /sys/class/net/"$dev"/queues/rx-*; do echo $mask >"$queue/rps_cpus"; done
	if [ -e "$file" ]; then
		echo $threaded >"$file"
	elif [ $threaded = 1 ]; then
		skip "this kernel has no threaded NAPI"
	fi
}

# nic_check_steered HOW: it was so, for the frames just counted.
nic_check_steered() {
	case $nic in
	virtio_net) check_eq "$about: queues" "$queues" "1 2" ;;
	esac
	case $1 in
	threaded*) check_eq "$about: packets polled by the threads of $dev" "$threads" "$handed" ;;
	*) check_eq "$about: packets polled by threads" "$threads" 0 ;;
	esac
	case $1 in
	*rps)
		[ "$moved" -gt 0 ] || fail "$about: no packet went to another CPU"
		check_eq "$about: CPUs that received" "$cpus" "0 1"
		;;
	*) check_eq "$about: packets that went to another CPU" "$moved" 0 ;;
	esac
}

# port_load [PARAMETER...]: counting on the interface, VLANs kept apart.
port_load() {
	load interface="$dev" reset_interval=0 vlan=1 "$@"
	l2pc add keep hook ingress
	vlan=1
	case "$*" in *vlan=0*) vlan=0 ;; esac
}

# --- frames ---------------------------------------------------------------------

# wire_send BATCH...: the host sends them, and says what they are on the wire.
wire_send() {
	local line rows=''
	sent=0
	l2pc reset "$dev" >/dev/null
	echo >$tracing/trace
	echo "$nic $to $*" >&6
	while IFS= read -r -u 6 line || fail "the host has gone"; do
		case $line in
		end) break ;;
		[0-9a-f][0-9a-f]:*) rows=$rows$line$'\n' ;;
		packets\ *) read -r _ sent sent_tagged sent_super <<<"$line" ;;
		*) fail "the host: $line" ;;
		esac
	done
	[ "$sent" != 0 ] || fail "the host sent nothing"
	printf %s "$rows" >>$tmp/all
	printf %s "$rows" | wire_sum >$tmp/want
	want_packets=$(awk '{ sum += $3 } END { print sum + 0 }' $tmp/want)
}

# wire_sum: rows added up, as the module is to show them.
wire_sum() {
	awk -v vlan="$vlan" '
		{ key = $1 " " (vlan ? $2 : "-"); packets[key] += $3; bytes[key] += $4 }
		END { for (key in packets) print key, packets[key], bytes[key] }' | LC_ALL=C sort
}

# wire_rows: the same as /proc is to show them.
wire_rows() {
	awk '{ n[$1] += $3 } END { for (mac in n) printf "%s %12d\n", mac, n[mac] }' | LC_ALL=C sort
}

wire_total() {
	local a b c mine=''
	while read -r a b c; do
		case $a in
		Interface:) [ "$b" != "$dev" ] || mine=1 ;;
		Total) if [ -n "$mine" ]; then echo "$c" && return; fi ;;
		esac
	done <$proc
}

# wire_counted: what was sent is what is counted, station by station.
wire_counted() {
	local i
	# However long it takes; when not all are counted, only that takes long.
	for ((i = 0; i < 300; i++)); do
		[ "$(wire_total)" != "$want_packets" ] || break
		sleep 0.1
	done
	stations window "$dev" >$tmp/got
	cmp -s $tmp/want $tmp/got || fail "$about: sent and counted (station, VLAN, packets, bytes): $(wire_differs)"
	wire_rows <$tmp/want >$tmp/rows
	mv $tmp/rows $tmp/want
	rows >$tmp/got
	cmp -s $tmp/want $tmp/got || fail "$about: sent and shown in /proc: $(wire_differs)"
}

wire_differs() { diff $tmp/want $tmp/got | grep '^[<>]' | head -n 6 | tr '\n' ' '; }

# wire_equals BATCH...
wire_equals() {
	wire_send "$@"
	wire_counted
	facts
	check_eq "$about: packets that the driver handed over" "$handed" "$sent"
}

# lifetime_equals: nothing was counted late, nothing twice, in the whole test.
lifetime_equals() {
	wire_sum <$tmp/all >$tmp/want
	stations lifetime "$dev" >$tmp/got
	cmp -s $tmp/want $tmp/got || fail "sent and counted in the whole test: $(wire_differs)"
}

# facts: what the kernel did with the packets since wire_send.
#   handed            the driver handed over
#   tagged            of these, with a tag that hardware took off
#   dodgy             of these, put together outside: size of segments from there
#   queues            where they came in; 0 where the driver does not say
#   threads           of these, by a thread of the interface's own
#   received          the stack took, after GRO
#   cpus              where
#   moved             of these, on another CPU than the driver's
#   merged_tagged, merged_untagged
#                     of these, put together here
#   merged            lengths of the first frame of each such, behind the Ethernet header
facts() {
	local result
	result=$(awk -v pids=" $(pgrep "^napi/$dev-" | tr '\n' ' ')" '
		function list(set, max,   i, text) {
			for (i = 0; i <= max; i++) if (i in set) text = text (text == "" ? "" : " ") i
			return text
		}
		!match($0, /-[0-9]+ +\[[0-9]+\]/) { next }
		{
			split(substr($0, RSTART + 1, RLENGTH - 2), who, / +\[/)
			cpu = who[2] + 0
			for (i = 4; i <= NF; i++) if (split($i, pair, "=") == 2) value[pair[1]] = pair[2]
			skb = value["skbaddr"]
		}
		/ napi_gro_receive_entry: / {
			handed++
			threads += index(pids, " " who[1] " ") != 0
			tagged += value["vlan_tagged"]
			dodgy += value["gso_size"] && value["gso_type"] ~ /[2367abef]$/
			queues[value["queue_mapping"] + 0] = 1
			cpu_of[skb] = cpu
			length_of[skb] = value["len"]
			tag_of[skb] = value["vlan_tagged"] || value["protocol"] == "0x8100"
		}
		/ netif_receive_skb: / {
			received++
			cpus[cpu] = 1
			moved += cpu != cpu_of[skb]
			if (value["len"] + 0 > length_of[skb] + 0) {
				if (tag_of[skb]) merged_tagged++; else merged_untagged++
				merged[length_of[skb]] = 1
			}
		}
		END {
			printf "handed=%d tagged=%d dodgy=%d queues=\"%s\" threads=%d received=%d cpus=\"%s\" moved=%d ",
				handed, tagged, dodgy, list(queues, 64), threads, received, list(cpus, 64), moved
			printf "merged_tagged=%d merged_untagged=%d merged=\"%s\"", merged_tagged, merged_untagged, list(merged, 9100)
		}' $tracing/trace)
	echo "$about: $result"
	eval "$result"
}
