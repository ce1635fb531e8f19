#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: count the frames that the host copies to eth0. The host acts on the lines
# @ready and @enough (lab/mirror.sh).
set -eu
interface=$1 seconds=$2
proc=/proc/l2packet_counter

control=''
for port in /sys/class/virtio-ports/*; do
	[ "$(cat "$port/name")" != l2pc.control ] || control=/dev/${port##*/}
done

echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
for dev in /sys/class/net/*; do
	[ "$(cat "$dev/address")" != 02:4c:32:50:43:01 ] || mirror=${dev##*/}
done
ip link set "$mirror" down
[ "$mirror" = "$interface" ] || ip link set "$mirror" name "$interface"
# Promiscuous, because the copied frames are addressed to other hosts.
ip link set "$interface" addrgenmode none promisc on mtu 65535 2>/dev/null ||
	ip link set "$interface" addrgenmode none promisc on
insmod l2packet_counter.ko interface="$interface" reset_interval=0
ip link set "$interface" up

echo "Counting what $interface of this machine receives, for $seconds s"
echo @ready
end=$(($(cut -d. -f1 /proc/uptime) + seconds))
while now=$(cut -d. -f1 /proc/uptime) && [ "$now" -lt $end ]; do
	sleep $((end - now < 5 ? end - now : 5))
	[ "$(cut -d. -f1 /proc/uptime)" -ge $end ] || { echo && cat $proc; }
done
echo @enough
read -r copied dropped <"$control"

# Frames copied before the host stopped may still be in flight.
received() { cat "/sys/class/net/$interface/statistics/rx_packets"; }
for ((i = 0; i < 600; i++)); do
	[ "$(received)" -lt "$copied" ] || break
	sleep 0.1
done
printf '\n$ cat /proc/l2packet_counter\n'
cat $proc
echo
echo "frames copied: $copied, arrived here: $(received), no room: $dropped"
rmmod l2packet_counter
[ "$(received)" = "$copied" ] && [ "$dropped" = 0 ] || {
	echo "error: not every frame arrived, so the counts are too small"
	exit 1
}
