#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make recordings for l2pc export --ipfix, and collect its messages: for ipfix.sh and the VM suite.

ipfix.py record KIND STATIONS MOMENTS SEED RECORDING EXPECTED
    Write a made-up recording of lifetime views, and the expected sums of its records:
    lines `DOMAIN MAC VLAN PACKETS BYTES`, with `-` as the MAC of frames without a
    station, and `>DOMAIN` for sent frames. KIND is plain: received frames only; both: sent
    frames as well; or hostile: stations and ports expire, return, are renamed, and one port
    begins to count sent frames late.
ipfix.py collect ADDRESS PORT STATE [BYTES]
    Collect messages. Write to the file STATE the sums received, as above, a line
    `error ...` for each violation of RFC 7011, and `# messages N records N bytes N
    largest N`; to the file BYTES the messages, for text2pcap. Print `listening PORT`.
"""
import json
import os
import random
import socket
import struct
import sys

SECOND = 1000000000
OPENED = 10 * SECOND


class Port:
    """A simulated port, with the expected count of each station."""

    def __init__(self, name, ifindex, opened):
        self.name, self.ifindex, self.opened = name, ifindex, opened
        # Counts are packets and bytes, then those of sent frames.
        self.stations, self.untracked = {}, [0, 0, 0, 0]
        # Frames since the last reading: by station, and those without a station.
        self.fresh, self.fresh_rest = {}, [0, 0, 0, 0]

    def count(self, key, packets, size, now, sent=False):
        station = self.stations.setdefault(key, {"count": [0, 0, 0, 0], "first": now})
        station["last"] = now
        fresh = self.fresh.setdefault(key, [0, 0, 0, 0])
        for counts in station["count"], fresh:
            counts[2 * sent] += packets
            counts[2 * sent + 1] += packets * size

    def lose(self, packets, size, sent=False):
        for counts in self.untracked, self.fresh_rest:
            counts[2 * sent] += packets
            counts[2 * sent + 1] += packets * size

    def forget(self, key):
        station = self.stations.pop(key)
        fresh = self.fresh.pop(key, [0, 0, 0, 0])
        for i in range(4):
            self.untracked[i] += station["count"][i]
            self.fresh_rest[i] += fresh[i]

    def read(self, now, sums):
        """Return the view, and add the frames since the last reading to sums."""
        for (mac, vlan), fresh in self.fresh.items():
            add(sums, (self.ifindex, mac, vlan), fresh[:2])
            add(sums, (f">{self.ifindex}", mac, vlan), fresh[2:])
        add(sums, (self.ifindex, "-", "-"), self.fresh_rest[:2])
        add(sums, (f">{self.ifindex}", "-", "-"), self.fresh_rest[2:])
        self.fresh, self.fresh_rest = {}, [0, 0, 0, 0]
        stations = []
        for (mac, vlan), s in self.stations.items():
            station = {"mac": mac, "packets": s["count"][0], "bytes": s["count"][1],
                       "first_seen": s["first"], "last_seen": s["last"]}
            if s["count"][2]:
                station["tx_packets"], station["tx_bytes"] = s["count"][2:]
            if vlan != "-":
                station["vlan"] = vlan
            stations.append(station)
        random.shuffle(stations)
        total = [sum(s["count"][i] for s in self.stations.values()) + self.untracked[i] for i in range(4)]
        totals = {"window_id": 1, "opened": self.opened, "packets": total[0], "bytes": total[1],
                  "stations": len(stations), "untracked_packets": self.untracked[0],
                  "untracked_bytes": self.untracked[1]}
        if total[2]:
            totals.update({"tx_packets": total[2], "tx_bytes": total[3], "tx_untracked_packets": self.untracked[2],
                           "tx_untracked_bytes": self.untracked[3]})
        return {"ifname": self.name, "ifindex": self.ifindex, "view": "lifetime", "now": now,
                "totals": totals, "stations": stations}


def add(sums, key, counts):
    if counts[0]:
        before = sums.setdefault(key, [0, 0])
        before[0] += counts[0]
        before[1] += counts[1]


def lines(sums):
    return [f"{d} {mac} {vlan} {p} {b}" for (d, mac, vlan), (p, b) in
            sorted(sums.items(), key=lambda item: tuple(map(str, item[0])))]


def record(kind, stations, moments, seed, recording, expected):
    random.seed(seed)
    hostile = kind == "hostile"
    now, sums, ignored = 1000 * SECOND, {}, {}
    keys = [("02:%02x:%02x:00:%02x:%02x" % (random.getrandbits(8), random.getrandbits(8), i >> 8, i & 255),
             random.choice(["-", "-", 0, 5, 4094]) if hostile or i % 3 == 0 else "-") for i in range(stations)]
    ports = [Port("eth0", 2, OPENED), Port("eth1", 3, OPENED)]
    with open(recording, "w", encoding="ascii") as file:
        for moment in range(moments):
            # Frames before the first reading are not exported.
            into = sums if moment else ignored
            for _ in range(3):
                now += random.randrange(SECOND, 5 * SECOND)
                for port in ports:
                    for key in random.sample(keys, len(keys) // 2 if hostile else len(keys)):
                        port.count(key, random.choice([1, 2, 1000, 1 << 33]), random.choice([60, 1514]), now)
                    port.lose(random.randrange(3), 60)
                    if kind == "plain" or (port.ifindex == 3 and moment < moments // 4):
                        continue
                    # A station may only have been sent to.
                    for key in random.sample(keys, len(keys) // 2):
                        port.count(key, random.choice([1, 3, 1000, 1 << 34]), random.choice([64, 1500]), now, True)
                    port.lose(random.randrange(3), 64, True)
                    if hostile:
                        for key in random.sample(sorted(port.stations, key=str), len(port.stations) // 4):
                            port.forget(key)
            now += SECOND
            if hostile and moment == moments // 3:
                # Two ports exchange their names.
                ports[0].name, ports[1].name = ports[1].name, ports[0].name
            if hostile and moment == moments // 2:
                # The module was loaded again.
                ports = [Port("eth0", 2, now - 3), Port("eth1", 3, now - 2)]
                for port in ports:
                    port.count(keys[0], 7, 100, now - 1)
                    port.count(keys[0], 8, 200, now - 1, True)
            shown = random.sample(ports, 2) if hostile else ports
            # The module is not loaded, or has no ports.
            if hostile and moment == moments // 2 - 1:
                shown = []
            file.write(json.dumps([port.read(now, into) for port in shown]) + "\n")
    with open(expected, "w", encoding="ascii") as file:
        file.write("".join(line + "\n" for line in lines(sums)))


# Elements by number: name and size, as IANA's registry has them.
ELEMENTS = {1: ("octetDeltaCount", 8), 2: ("packetDeltaCount", 8), 10: ("ingressInterface", 4),
            14: ("egressInterface", 4), 56: ("sourceMacAddress", 6), 58: ("vlanId", 2), 59: ("postVlanId", 2),
            60: ("ipVersion", 1), 61: ("flowDirection", 1), 80: ("destinationMacAddress", 6),
            152: ("flowStartMilliseconds", 8), 153: ("flowEndMilliseconds", 8),
            352: ("layer2OctetDeltaCount", 8)}


class Collector:
    """Parse messages, and check them against RFC 7011."""

    def __init__(self):
        self.sums, self.errors, self.templates, self.sequence = {}, [], {}, {}
        self.messages = self.records = self.bytes = self.largest = 0

    def wrong(self, text):
        self.errors.append("error " + text)

    def take(self, message, sender):
        self.messages += 1
        self.bytes += len(message)
        self.largest = max(self.largest, len(message))
        if len(message) < 16:
            return self.wrong("short message")
        version, length, time, sequence, domain = struct.unpack("!HHIII", message[:16])
        if version != 10 or length != len(message):
            return self.wrong(f"version {version}, length {length} of {len(message)}")
        if length > 1400:
            self.wrong(f"a message of {length} bytes")
        session = (sender, domain)
        # A session that started before this collector has any sequence number.
        if session in self.sequence and self.sequence[session] != sequence:
            self.wrong(f"domain {domain}: sequence {sequence}, expected {self.sequence[session]}")
        at, records = 16, 0
        while at < length:
            if length - at < 4:
                return self.wrong("bytes behind the last set")
            number, size = struct.unpack("!HH", message[at:at + 4])
            if size < 4 or at + size > length:
                return self.wrong(f"set {number} of {size} bytes")
            body = message[at + 4:at + size]
            if number == 2:
                self.take_templates(body, session)
            elif number >= 256 and (session, number) in self.templates:
                records += self.take_records(body, self.templates[session, number], domain, time)
            else:
                self.wrong(f"set {number} without a template")
            at += size
        self.records += records
        self.sequence[session] = (sequence + records) % (1 << 32)
        return None

    def take_templates(self, body, session):
        at = 0
        while at < len(body):
            number, count = struct.unpack("!HH", body[at:at + 4])
            fields = [struct.unpack("!HH", body[at + 4 + 4 * i:at + 8 + 4 * i]) for i in range(count)]
            at += 4 + 4 * count
            for element, size in fields:
                if ELEMENTS.get(element, ("", 0))[1] != size:
                    self.wrong(f"template {number}: element {element} of {size} bytes")
            if self.templates.setdefault((session, number), fields) != fields:
                self.wrong(f"template {number} is another one")

    def take_records(self, body, fields, domain, time):
        size = sum(f[1] for f in fields)
        if len(body) % size:
            self.wrong(f"{len(body)} bytes of records of {size}")
        for at in range(0, len(body) - size + 1, size):
            values, begin = {}, at
            for element, width in fields:
                values[ELEMENTS[element][0]] = body[begin:begin + width]
                begin += width
            self.take_record({k: v if k.endswith("MacAddress") else int.from_bytes(v, "big")
                              for k, v in values.items()}, domain, time)
        return len(body) // size

    def take_record(self, values, domain, time):
        if not values["flowStartMilliseconds"] <= values["flowEndMilliseconds"] <= 1000 * time + 1000:
            self.wrong(f"from {values['flowStartMilliseconds']} to {values['flowEndMilliseconds']} at {time}")
        sent = "flowDirection" in values
        names = ["egressInterface", "destinationMacAddress", "postVlanId"]
        others = ["ingressInterface", "sourceMacAddress", "vlanId"]
        if not sent:
            names, others = others, names
        elif values["flowDirection"] != 1:
            self.wrong(f"direction {values['flowDirection']}")
        interface, address, vlan = names
        for name in others:
            if name in values:
                self.wrong(f"{name} in a record of {interface}")
        if values[interface] != domain:
            self.wrong(f"interface {values[interface]} in domain {domain}")
        if not values["packetDeltaCount"]:
            self.wrong("a record of nothing")
        if values.get("octetDeltaCount", values["layer2OctetDeltaCount"]) != values["layer2OctetDeltaCount"]:
            self.wrong("two counts of bytes")
        mac = values[address].hex(":") if address in values else "-"
        add(self.sums, (f">{domain}" if sent else domain, mac, values.get(vlan, "-")),
            [values["packetDeltaCount"], values["layer2OctetDeltaCount"]])

    def write(self, state):
        with open(state + ".new", "w", encoding="ascii") as file:
            file.write("".join(line + "\n" for line in lines(self.sums) + self.errors[:20]))
            file.write(f"# messages {self.messages} records {self.records} bytes {self.bytes} largest {self.largest}\n")
        os.rename(state + ".new", state)


def collect(address, port, state, dump):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        udp.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)  # SO_RCVBUFFORCE
    except PermissionError:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    udp.bind((address, port))
    collector = Collector()
    collector.write(state)
    print("listening", udp.getsockname()[1], flush=True)
    take = collector.take
    if dump:
        def take(message, sender):
            with open(dump, "a", encoding="ascii") as file:
                file.write("000000 " + message.hex(" ") + "\n")
            collector.take(message, sender)
    while True:
        # Write the state when the queue is empty.
        udp.setblocking(True)
        message, sender = udp.recvfrom(65536)
        udp.setblocking(False)
        try:
            while True:
                take(message, sender)
                message, sender = udp.recvfrom(65536)
        except BlockingIOError:
            collector.write(state)


if sys.argv[1] == "record":
    record(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]), sys.argv[6], sys.argv[7])
else:
    collect(sys.argv[2], int(sys.argv[3]), sys.argv[4], "".join(sys.argv[5:]))
