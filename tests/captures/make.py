#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make the captures in this folder, and the expected counts of each.

Needs scapy (Debian: python3-scapy). The expected rows are computed from the frames
as they are made, not with code of this project.
"""
import collections
import os

from scapy.all import (ARP, Dot1AD, Dot1Q, Ether, ICMP, IP, IPv6, Raw, TCP, UDP,
                       wrpcap)

HERE = os.path.dirname(os.path.abspath(__file__))
GATEWAY = "02:00:5e:00:00:fe"


def station(i):
    return "02:00:5e:00:%02x:%02x" % (i >> 8, i & 0xFF)


def lan():
    """Hosts that resolve, ping and connect to a gateway, with their announcements."""
    for i in range(1, 21):
        yield Ether(src=station(i), dst="ff:ff:ff:ff:ff:ff") / ARP(pdst="192.0.2.254")
        yield Ether(src=GATEWAY, dst=station(i)) / ARP(op=2, hwdst=station(i))
        yield Ether(src=station(i), dst="33:33:00:00:00:01") / IPv6() / UDP()
        for n in range(i):
            yield (Ether(src=station(i), dst=GATEWAY) / IP(src="192.0.2.%d" % i) /
                   ICMP() / Raw(bytes(56)))
            yield (Ether(src=GATEWAY, dst=station(i)) / IP(dst="192.0.2.%d" % i) /
                   TCP(sport=80, flags="A") / Raw(bytes(n)))


def tags():
    """802.1Q, 802.1ad and both, and a priority tag."""
    for vlan in (0, 1, 5, 100, 4094):
        for i in range(1, 6):
            yield Ether(src=station(i), dst=GATEWAY) / Dot1Q(vlan=vlan) / IP() / UDP()
            yield (Ether(src=station(i), dst=GATEWAY) / Dot1AD(vlan=7) /
                   Dot1Q(vlan=vlan) / IP() / UDP())
        yield Ether(src=station(1), dst="ff:ff:ff:ff:ff:ff") / Dot1Q(vlan=vlan) / ARP()


def odd():
    """Short and long frames, 802.3 lengths, odd addresses."""
    for source in ("00:00:00:00:00:01", "fe:ff:ff:ff:ff:ff", "aa:aa:aa:aa:aa:aa",
                   "01:02:03:04:05:06", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"):
        for size in (0, 1, 46, 1500):
            yield Ether(src=source, dst=GATEWAY, type=0x88B5) / Raw(bytes(size))
        yield Ether(src=source, dst=GATEWAY, type=3) / Raw(b"\x42\x42\x03")


def main():
    for maker in (lan, tags, odd):
        frames = list(maker())
        counts = collections.Counter()
        for frame in frames:
            raw = bytes(frame)
            group = raw[0] & 1 or raw[6] & 1
            if not group and any(raw[6:12]):
                counts[":".join("%02x" % octet for octet in raw[6:12])] += 1
        for i, frame in enumerate(frames):
            frame.time = i / 1000
        name = os.path.join(HERE, maker.__name__)
        wrpcap(name + ".pcap", frames)
        with open(name + ".expected", "w", encoding="ascii") as out:
            for mac, count in sorted(counts.items()):
                out.write("%s %12d\n" % (mac, count))


main()
