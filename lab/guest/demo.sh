#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: exchange traffic between hosts on a segment and this machine, with the
# module counting. At the end, compare its counts with the hosts' own counters of sent
# frames. With an argument, the name of a capture, also replay /l2pc/demo.pcap.
set -eu -o pipefail
. /l2pc/lab/guest/lan.sh

hosts=6
pcap=${1:-}
proc=/proc/l2packet_counter
bold=$'\e[1m' plain=$'\e[0m'
[ -n "${L2PC_COLOUR:-}" ] || bold='' plain=''

title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() {
	printf '$ %s\n' "$*"
	"$@"
}

# --- the segment --------------------------------------------------------------

title "A segment with $hosts hosts, each with its own address, and eth0 of this machine"
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
lan_up $hosts
for ((i = 1; i <= hosts; i++)); do
	# Without offloads, the sender's counter has each frame of the wire. tc on the sender
	# counts multicast and broadcast frames, which the module skips.
	echo 1 | lan_in $i tee /proc/sys/net/ipv6/conf/all/disable_ipv6 >/dev/null
	lan_in $i ethtool -K eth0 tso off gso off >/dev/null
	lan_in $i tc qdisc add dev eth0 clsact
	lan_in $i tc filter add dev eth0 egress protocol all flower dst_mac 01:00:00:00:00:00/01:00:00:00:00:00 action ok
	lan_in $i sysctl -q net.ipv4.tcp_retries2=15
done
ports=eth0
if [ -n "$pcap" ]; then
	ip link add pcap0 type veth peer name pcap0-wire
	for dev in pcap0 pcap0-wire; do ip link set $dev mtu 65535 up; done
	ports=eth0,pcap0
fi

sent() { lan_in "$1" cat /sys/class/net/eth0/statistics/tx_packets; }
group() { lan_in "$1" tc -s filter show dev eth0 egress | awk '$1 == "Sent" { sum += $4 } END { print sum + 0 }'; }
for ((i = 1; i <= hosts; i++)); do sent_before[i]=$(sent $i) group_before[i]=$(group $i); done

title "Load the module; no automatic reset, so that the counts can be compared at the end"
run insmod l2packet_counter.ko interface=$ports reset_interval=0

# --- the traffic --------------------------------------------------------------

talk() {
	local i=$1
	lan_in "$i" ping -q -c $((10 * i)) -i 0.02 10.0.0.1
	lan_in "$i" dd if=/dev/zero bs=1M count="$i" status=none | lan_in "$i" socat -u - TCP:10.0.0.1:5000
	lan_in "$i" socat -u TCP:10.0.0.1:5001 - | wc -c
}

title "The hosts resolve (ARP), ping (ICMP), send 1 to $hosts MB and fetch 2 MB (TCP)"
socat -u TCP-LISTEN:5000,fork,reuseaddr - >/dev/null &
servers=$!
socat -U TCP-LISTEN:5001,fork,reuseaddr EXEC:'dd if=/dev/zero bs=1M count=2 status=none' &
servers="$servers $!"
talkers=()
for ((i = 1; i <= hosts; i++)); do
	talk $i >/dev/null &
	talkers+=($!)
done
if [ -n "$pcap" ]; then
	tcpdump -r /l2pc/demo.pcap -w /tmp/classic.pcap 2>/dev/null ||
		{ echo "error: $pcap is not a capture that tcpdump can read"; exit 1; }
	replay pcap0-wire /tmp/classic.pcap >/dev/null &
	talkers+=($!)
fi
for shown in 1 2; do
	sleep 1.5
	echo
	[ $shown != 1 ] || echo '$ cat /proc/l2packet_counter      # while they talk'
	cat $proc
done
for t in "${talkers[@]}"; do wait "$t"; done
# Read the hosts' counters before and after the module's, until the two readings agree:
# hosts still close connections and resolve neighbours for a while.
hosts_say() { for ((i = 1; i <= hosts; i++)); do echo "$(sent $i) $(group $i)"; done; }
for ((try = 0; try < 60; try++)); do
	said=$(hosts_say)
	cat $proc >/tmp/counts
	[ "$said" != "$(hosts_say)" ] || break
	sleep 0.5
done
# shellcheck disable=SC2086 # two numbers
kill $servers

# --- the proof ----------------------------------------------------------------

title "And at the end"
echo '$ cat /proc/l2packet_counter'
cat /tmp/counts

title "What the hosts say they sent, and what the module counted"
printf '%-8s %-18s %12s %12s %12s\n' host address sent 'to groups' counted
equal=1
counted() { awk -v port="$1" -v mac="$2" '/^Interface:/ { here = $2 == port } here && $1 == mac { print $2; found = 1 } END { if (!found) print 0 }' /tmp/counts; }
for ((i = 1; i <= hosts; i++)); do
	read -r s g < <(sed -n "${i}p" <<<"$said")
	s=$((s - sent_before[i])) g=$((g - group_before[i]))
	c=$(counted eth0 "$(lan_mac $i)")
	mark=''
	[ $((s - g)) = "$c" ] || { equal='' mark='  DIFFERENT'; }
	printf '%-8s %-18s %12d %12d %12d%s\n' h$i "$(lan_mac $i)" $s $g "$c" "$mark"
done

if [ -n "$pcap" ]; then
	title "What tcpdump finds in $pcap, and what the module counted"
	# Keep frames with a unicast destination and a unicast source that is not all zero. A line
	# with a time starts a frame; the other lines are its contents.
	tcpdump -nn -q -e -tt -r /tmp/classic.pcap \
		'ether[0] & 1 = 0 and ether[6] & 1 = 0 and not ether src 00:00:00:00:00:00' 2>/dev/null |
		awk '/^[0-9]+[.][0-9]+ / { print $2 }' | sort | uniq -c | sort -k1,1nr -k2,2 | awk '{ print $2, $1 }' >/tmp/in-capture
	awk '/^Interface:/ { here = $2 == "pcap0" } here && /^[0-9a-f][0-9a-f]:/ { print $1, $2 }' /tmp/counts >/tmp/counted
	printf '%-18s %12s %12s\n' address 'in capture' counted
	while read -r mac n; do
		c=$(counted pcap0 "$mac")
		mark=''
		[ "$n" = "$c" ] || { equal='' mark='  DIFFERENT'; }
		printf '%-18s %12d %12d%s\n' "$mac" "$n" "$c" "$mark"
	done </tmp/in-capture
	cmp -s /tmp/in-capture /tmp/counted || equal=''
fi

run rmmod l2packet_counter
echo
if [ -n "$equal" ]; then
	echo "${bold}The counts are equal, to the frame.${plain}"
else
	echo "${bold}The counts differ.${plain}"
	exit 1
fi
