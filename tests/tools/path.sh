#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# path.sh: test the way of l2pc export --ipfix to its collector, between two network
# namespaces, without a kernel that counts (see run.sh): addresses that change, at both ends,
# and the packets of messages. It needs no rights.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
if [ -z "${L2PC_UNSHARED-}" ]; then
	tools_need
	suite_need ip:iproute2 unshare:util-linux nsenter:util-linux mount:mount
	make -s -C "$here" || exit 1
	rm -rf "$scratch"
	[ "$(id -u)" = 0 ] || user=--map-root-user
	L2PC_UNSHARED=1 exec unshare --net --mount ${user:+"$user"} "$0" "$@"
fi
export PATH=$PATH:/usr/sbin:/sbin HOME=$scratch L2PC_ROOT=$here/root L2PC_WORLD=$here/worlds/lan
unset XDG_CONFIG_HOME

pids=()
cleanup() { [ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null; }

# The collector's namespace belongs to a process that sleeps.
unshare --net sleep 600 &
pids+=($!)
far() { nsenter --net="/proc/${pids[0]}/ns/net" "$@"; }
# far_start COMMAND: in the background. The pid is that of COMMAND, and not of a shell that
# waits for it, so that cleanup ends it.
far_start() {
	nsenter --net="/proc/${pids[0]}/ns/net" "$@" &
	pids+=($!)
}
is_apart() { [ "$(readlink "/proc/${pids[0]}/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
wait_for is_apart
ip link set lo up
ip link add up0 type veth peer name far0 netns "${pids[0]}" || die "no veth here"
ip link set up0 up
far ip link set lo up
far ip link set far0 up
for address in 192.0.2.1/24 192.0.2.9/24; do far ip addr add "$address" dev far0; done
ip addr add 192.0.2.10/24 dev up0
far ip addr add 2001:db8::1/64 dev far0 nodad
ip addr add 2001:db8::10/64 dev up0 nodad
printf '192.0.2.1 collector.test\n127.0.0.1 localhost\n' >"$scratch/hosts"
mount --bind "$scratch/hosts" /etc/hosts || die "cannot mount"

# collector ADDRESS NAME: print to NAME.port, and to NAME each datagram: source, size.
cat >"$scratch/collector.py" <<'PYTHON'
import socket, sys
address, name = sys.argv[1:]
s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
s.bind((address, 4739))
open(name + ".ready", "w")
with open(name, "a", buffering=1) as out:
    while True:
        data, source = s.recvfrom(65535)
        sequence = int.from_bytes(data[8:12], "big")
        print(source[0], len(data), sequence, file=out)
PYTHON
collector() {
	far_start python3 "$scratch/collector.py" "$1" "$scratch/$2"
	wait_for test -e "$scratch/$2.ready"
}
collector 192.0.2.1 one
collector 192.0.2.9 nine
collector 2001:db8::1 six
# DF of the packets that arrive.
cat >"$scratch/flags.py" <<'PYTHON'
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x800))
open(sys.argv[1] + ".ready", "w")
with open(sys.argv[1], "a", buffering=1) as out:
    while True:
        packet = s.recv(65535)
        if packet[9] == 17:
            print("DF" if packet[6] & 0x40 else "-", file=out)
PYTHON
far_start python3 "$scratch/flags.py" "$scratch/flags"
wait_for test -e "$scratch/flags.ready"

# begin OPTION...: export a long recording, ten readings a second.
python3 "$here/ipfix.py" record plain 100 300 1 "$scratch/recording" "$scratch/want" || exit 1
begin() {
	"$here/build/l2pc" export --ipfix-interval 0.1 --replay "$scratch/recording" "$@" 2>"$scratch/said" &
	exporter=$!
	pids+=("$exporter")
}
end() {
	kill "$exporter"
	wait "$exporter"
	unset 'pids[-1]'
}
arrived() { grep -q "^$2 " "$scratch/$1"; }
forget() { for file in one nine six flags; do : >"$scratch/$file"; done; }

begin --ipfix collector.test:4739
expect_soon 'the first address' arrived one 192.0.2.10
# The exporter's own address is replaced, as by DHCP.
ip addr del 192.0.2.10/24 dev up0
ip addr add 192.0.2.20/24 dev up0
expect_soon 'another address of this machine' arrived one 192.0.2.20
awk '$1 == "192.0.2.20" { print $3; exit }' "$scratch/one" | expect_output 'a new session' 0
# A second address that comes with a better route.
ip addr add 192.0.2.30/24 dev up0
ip route replace 192.0.2.1/32 dev up0 src 192.0.2.30
expect_soon 'an address of a better route' arrived one 192.0.2.30
ip route del 192.0.2.1/32
# The collector moves: its name has another address, and this machine too, so that it is looked up.
sed 's/192.0.2.1 /192.0.2.9 /' "$scratch/hosts" >"$scratch/moved"
cat "$scratch/moved" >"$scratch/hosts"
ip addr flush dev up0
ip addr add 192.0.2.40/24 dev up0
expect_soon 'another address of the collector' arrived nine 192.0.2.40
sort -u "$scratch/flags" | expect_output 'routers may fragment' -
awk '$2 > largest { largest = $2 } END { print (largest > 1300 && largest <= 1400) ? "full" : largest }' "$scratch/one" |
	expect_output 'size of IPv4' full
expect_match "messages" "$(grep -c "connected again" "$scratch/said")" "^[3-9]$"
end

ip addr add 2001:db8::10/64 dev up0 nodad
forget
begin --ipfix '[2001:db8::1]:4739'
enough() { [ "$(wc -l <"$scratch/six")" -ge 40 ]; }
wait_for enough
end
awk '$2 > largest { largest = $2 } END { print (largest > 1150 && largest <= 1232) ? "full" : largest }' "$scratch/six" |
	expect_output 'size of IPv6' full
forget
begin --ipfix '[2001:db8::1]:4739' --ipfix-size 600
wait_for enough
end
awk '$2 > largest { largest = $2 } END { print (largest > 520 && largest <= 600) ? "full" : largest }' "$scratch/six" |
	expect_output 'size as wished' full
suite_end
