# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Copyright (C) the l2packet_counter authors
# Super-packets of a guest or a packet socket, and what they must count as. Sourced by
# tests/vm/suites/guests.test.sh and tests/bpf/super.sh.
#
# In front of its NAME, a line of tapgso has two more words. The first is the expected count:
# PACKETS:HEADERS, where HEADERS is the header length of each segment, or `one` for a single
# frame. The second is cut where the kernel must make exactly these segments, no where the
# kernel refuses the frame, and - where the kernel may do either.

# superpackets_correct: prints correct headers, of every kind that a guest can send.
superpackets_correct() {
	cat <<-'LINES'
		40:54  cut tcp4     ip4,tcp             mac=1 type=1 size=1000 len=40054
		4:54   cut end      ip4,tcp             mac=2 type=1 size=1000 len=3055
		40:114 cut options  ip4:60,tcp:40       mac=3 type=1 size=1000 len=40114
		40:74  cut tcp6     ip6,tcp             mac=4 type=4 size=1000 len=40074
		40:98  cut dstopt   ip6,dst:24,tcp      mac=5 type=4 size=1000 len=40098
		40:58  cut tag      tag,ip4,tcp         mac=6 type=1 size=1000 len=40054
		40:62  cut tags     tag,tag,ip4,tcp     mac=7 type=1 size=1000 len=40058
		40:78  cut tag6     tag,ip6,tcp         mac=8 type=4 size=1000 len=40074
		40:42  cut uso      ip4,udp             mac=9 type=5 size=1000 len=40042
		40:62  cut uso6     ip6,udp             mac=10 type=5 size=1000 len=40062
		29:34  cut ufo      ip4,udp             mac=11 type=3 size=1400 len=40042
		28:62  cut ufo6     ip6,udp             mac=12 type=3 size=1448 len=40062
		29:70  cut ufo6d    ip6,dst:8,udp       mac=13 type=3 size=1400 len=40070
		40:54  cut nocsum   ip4,tcp             mac=14 type=1 size=1000 len=40054 flags=0
		1:54   cut short    ip4,tcp             mac=15 type=1 size=1000 len=1054
		1:42   cut small    arp                 mac=16 type=0 flags=0 len=42
	LINES
}

# The super-packet's length does not include the fragment header.
# shellcheck disable=SC2034 # for the sourcing program
superpackets_extra='ufo6=8 ufo6d=8'

# superpackets_wrong PACKETS SIZE: prints wrong headers of a guest; its UFO of 65,535 bytes
# has this gso_size, and this many segments.
superpackets_wrong() {
	cat <<-LINES
		8119:54    -   csum4     ip4,tcp          mac=1 type=1 size=8 cs=30000 len=65000
		$1:34    cut csum-ufo  ip4,udp          mac=4 type=3 size=$2 cs=33000 len=65535
		one        no  doff      ip4,tcp          mac=5 type=1 size=1000 len=40054 at=46 byte=0x40
		one        no  ihl       ip4,tcp          mac=6 type=1 size=1000 len=40054 at=14 byte=0x44
		one        no  udp-tcp   ip4,udp          mac=7 type=1 size=1000 len=40054 co=16
		one        no  tcp-ufo   ip4,tcp          mac=8 type=3 size=1000 len=40054
		one        no  tcp4-6    ip4,tcp          mac=9 type=4 size=1000 len=40054
		one        no  tcp6-4    ip6,tcp          mac=10 type=1 size=1000 len=40074
		one        no  gre       ip4,gre,ip4,tcp  mac=11 type=1 size=1000 len=40078
		one        no  ipip      ip4,ip4,tcp      mac=12 type=1 size=1000 len=40074
		one        no  vxlan     ip4,udp,vxlan,eth,ip4,tcp  mac=13 type=1 size=1000 len=40104
		one        no  mpls      mpls,ip4,tcp     mac=14 type=1 size=1000 len=40058
		one        no  fragment  ip6,frag,tcp     mac=15 type=4 size=1000 len=40082
		one        -   options   ip6,dst:2048,dst:2048,tcp  mac=16 type=4 size=8 len=60000
		one        no  arp       arp,ip4,tcp      mac=17 type=1 size=1000 len=40082
		one        no  sctp      ip4,sctp         mac=18 type=1 size=1000 len=40054
	LINES
}

# superpackets_tunnels: prints super-packets in UDP tunnels of a guest (7.x).
superpackets_tunnels() {
	cat <<-'LINES'
		40:104 cut vxlan4  ip4,udp,vxlan,eth,ip4,tcp      mac=1 type=0x21 size=1000 len=40104
		40:124 cut vxlan46 ip4,udp,vxlan,eth,ip6,tcp      mac=2 type=0x24 size=1000 len=40124
		40:144 cut vxlan66 ip6,udp,vxlan,eth,ip6,tcp      mac=3 type=0x44 size=1000 len=40144
		40:92  cut vxlanu  ip4,udp,vxlan,eth,ip4,udp      mac=4 type=0x25 size=1000 len=40092
		40:108 cut vxlant  tag,ip4,udp,vxlan,eth,ip4,tcp  mac=5 type=0x21 size=1000 len=40104
	LINES
}

# superpackets_of_a_packet_socket: prints them.
superpackets_of_a_packet_socket() {
	cat <<-'LINES'
		40:54  cut tcp4     ip4,tcp             mac=1 type=1 size=1000 len=40054
		40:74  cut tcp6     ip6,tcp             mac=2 type=4 size=1000 len=40074
		40:62  cut tags     tag,tag,ip4,tcp     mac=3 type=1 size=1000 len=40062
		40:66  cut options  ip4:32,tcp          mac=4 type=1 size=1000 len=40066
	LINES
}

# superpackets_expected LINES ANSWERS OUT EXTRA [ROUND]: computes what the lines that tapgso
# sent must count as; with ROUND, their names end with -ROUND. Writes the counts to OUT, those
# of the kernel's segments to OUT.wire, the stations whose segments the kernel may or may not
# make to OUT.any, and the frames that contradict their headers to OUT.malformed.
superpackets_expected() {
	rm -f "$3"{,.wire,.any,.malformed}
	touch "$3"{,.wire,.any,.malformed}
	awk -v out="$3" -v extra="$4" -v round="${5-}" '
		BEGIN { split(extra, words, "[ =]"); for (i = 1; i in words; i += 2) more[words[i]] = words[i + 1] }
		FILENAME == ARGV[1] { want[$3] = $1; cut[$3] = $2; next }
		(round == "" || sub("-" round "$", "", $1)) && $NF == "ok" {
			packets = 1
			bytes = $3
			if (want[$1] != "one") {
				split(want[$1], of, ":")
				packets = of[1]
				# The length includes the headers once.
				bytes += (packets - 1) * of[2] + more[$1]
			} else {
				print >(out ".malformed")
			}
			print $2, "-", packets, bytes >out
			if (cut[$1] == "cut") print $2, "-", packets, bytes >(out ".wire")
			if (cut[$1] == "-") print $2 >(out ".any")
		}' "$1" "$2"
}
