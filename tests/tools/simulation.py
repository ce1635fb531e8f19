#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
# simulation.py DIR DAYS SEED [SAVES_A_DAY]: let `l2pc save` save what a simulated machine counts,
# for so many days, and compare its history with what the simulation has counted: each station
# and port in each ten minutes, hour, day and month, to the frame. DIR is empty, or made.
#
# The machine starts in 1970. It reboots with and without a last save, reloads ports, renames
# devices, is suspended; saves are repeated, and killed. Its time zone changes to summer and
# back. It follows the rules of l2pc(8), HISTORY, by code of its own.
import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import zoneinfo
from collections import defaultdict
from datetime import datetime

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
START = int(datetime(2026, 2, 20, 7, 3, tzinfo=ZONE).timestamp())
TEN, GRACE = 600, 60
STATIONS = [f"02:00:00:00:{i >> 8:02x}:{i & 255:02x}" for i in range(12)]
KEYS = ("packets", "bytes", "tx_packets", "tx_bytes")


def local(time):
    return datetime.fromtimestamp(time, ZONE)


def floor_local(time, unit):
    offset = int(local(time).utcoffset().total_seconds())
    return (time + offset) // unit * unit - offset


def add(to, counts):
    for i, count in enumerate(counts):
        to[i] += count


class Port:
    """A port and its device; @key is what its history is known by."""

    def __init__(self, key, name, ifindex, permanent):
        self.key, self.name, self.ifindex, self.permanent = key, name, ifindex, permanent

    def open(self, boot):
        self.opened = boot
        self.stations = {}  # [packets, bytes, tx_packets, tx_bytes, first, last]
        self.untracked = [0, 0, 0, 0]
        self.forget()

    def forget(self):
        """Nothing was counted since the last save: {station: counts}."""
        self.fresh = defaultdict(lambda: [0, 0, 0, 0])

    def frame(self, station, counts, boot):
        if station is None:
            add(self.untracked, counts)
        else:
            counters = self.stations.setdefault(station, [0, 0, 0, 0, boot, boot])
            add(counters, counts)
            counters[5] = boot
        add(self.fresh[station], counts)


class Machine:
    def __init__(self, directory, rng):
        self.rng, self.directory = rng, directory
        self.time = START  # real time
        self.truth = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
        self.tens = {}  # of clocks that were not right: {clock: {(port, ten): ...}}
        self.saves = self.killed = self.boots = 0
        self.ports = [Port("a", "eth0", 2, "52:54:00:00:00:01"), Port("b", "eth1", 3, "52:54:00:00:00:02"),
                      Port("c", "br0", 4, None)]
        os.makedirs(f"{directory}/root/proc/sys/kernel/random", exist_ok=True)
        self.environment = dict(os.environ, L2PC_ROOT=f"{directory}/root", L2PC_WORLD=f"{directory}/world",
                                TZ="Europe/Berlin", HOME=directory)
        self.wrong = 0
        self.boot(START)

    # --- what happens to it ---

    def boot(self, wrong=0):
        """@wrong: the clock is so many seconds behind until something sets it."""
        self.boots += 1
        self.id = f"{self.boots:08d}-0000-0000-0000-000000000000"
        with open(f"{self.directory}/root/proc/sys/kernel/random/boot_id", "w") as file:
            file.write(self.id + "\n")
        self.now, self.slept, self.wrong = 20, 0, wrong
        self.read = {}
        if self.boots > 1 and self.rng.random() < 0.5:
            self.ports[0].name, self.ports[1].name = self.ports[1].name, self.ports[0].name
        for port in self.ports:
            port.open(self.now)

    def wall(self):
        return self.time - self.wrong

    def passes(self, seconds):
        """Let time pass, with traffic."""
        end = self.time + seconds
        while self.time < end:
            step = min(end - self.time, self.rng.randint(1, max(1, seconds // 3)))
            self.time += step
            self.now += step
            for port in self.ports:
                for station in self.rng.sample(STATIONS, self.rng.randint(0, 4)) + [None] * (self.rng.random() < 0.2):
                    packets, sent = self.rng.randint(1, 1000), self.rng.choice((0, 0, self.rng.randint(1, 50)))
                    port.frame(station, (packets, packets * self.rng.randint(60, 1514), sent, sent * 60), self.now)

    def suspend(self, seconds):
        self.time += seconds
        self.now += seconds
        self.slept += seconds

    def reload(self):
        """Counters start again; what was not saved is lost."""
        self.passes(1)
        for port in self.ports:
            port.open(self.now)
        self.read = {}

    # --- saving ---

    def write_world(self):
        lines = [f"now {self.now}", f"wall {self.wall()}", f"slept {self.slept}"]
        lines += ["unsynchronized"] * bool(self.wrong)
        for port in self.ports:
            permanent = f" permanent={port.permanent}" if port.permanent else ""
            lines.append(f"link {port.name} index={port.ifindex}{permanent}")
        for port in self.ports:
            sums = [sum(c) for c in zip(port.untracked, *(s[:4] for s in port.stations.values()))]
            lines.append(f"port {port.name} ifindex={port.ifindex}")
            lines.append(f"totals lifetime window-id=1 opened={port.opened} packets={sums[0]} bytes={sums[1]} "
                         f"tx-packets={sums[2]} tx-bytes={sums[3]}")
            lines += [f"station lifetime {mac} - {c[0]} {c[1]} {c[4]} {c[5]} {c[2]} {c[3]}"
                      for mac, c in port.stations.items()]
        with open(f"{self.directory}/world", "w") as file:
            file.write("\n".join(lines) + "\n")

    def tool(self, *arguments, **options):
        return subprocess.run(["l2pc", *arguments, "--file", f"{self.directory}/history.db"],
                              env=self.environment, capture_output=True, text=True, **options)

    def rows(self, statement):
        # It may have to recover from a process that was killed, so it may write.
        with contextlib.closing(sqlite3.connect(f"{self.directory}/history.db")) as database:
            return database.execute(statement).fetchall()

    def was_saved(self):
        return self.rows("SELECT value FROM setting WHERE name = 'saved'") == [(self.wall(),)]

    def account(self):
        """What was saved belongs to these ten minutes."""
        if self.id in self.tens and not self.wrong:
            self.put_right(self.tens.pop(self.id))
        offset = self.wall() - self.now
        for port in self.ports:
            start = self.read.get(port.key, port.opened)
            end, slot = self.wall(), floor_local(self.wall(), TEN)
            if start + offset < slot and end - slot < GRACE:
                end = slot - 1
            for station, counts in port.fresh.items():
                last = end if station is None else port.stations[station][5] + offset
                ten = floor_local(min(max(last, start + offset), end), TEN)
                add(self.truth[port.key, station][ten], counts)
                if self.wrong:
                    self.tens.setdefault(self.id, []).append((port.key, station, ten, counts))
            port.forget()
            self.read[port.key] = self.now
        self.offset = offset

    def put_right(self, tens):
        by = self.wall() - self.now - self.offset
        for key, station, ten, counts in tens:
            add(self.truth[key, station][ten], [-count for count in counts])
            add(self.truth[key, station][floor_local(ten + by + TEN // 2, TEN)], counts)

    def save(self):
        self.write_world()
        result = self.tool("save")
        if result.returncode or result.stderr:
            sys.exit(f"save at {self.time}: {result.stderr}")
        self.saves += 1
        self.account()

    def save_killed(self):
        """Kill a save somewhere in it. Return: it was complete."""
        self.write_world()
        program = subprocess.Popen(["l2pc", "save", "--file", f"{self.directory}/history.db"],
                                   env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            program.wait(self.rng.random() * self.duration)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
            self.killed += 1
        if self.was_saved():
            self.account()


def level_of(time, level):
    if level == "hour":
        return floor_local(time, 3600)
    return local(time).strftime("%Y-%m-%d" if level == "day" else "%Y-%m")


def sums_of(machine, level, since):
    """{(port, station): {period: counts}} of the simulation; the station of sums is all."""
    sums = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for (key, station), tens in machine.truth.items():
        for ten, counts in tens.items():
            if ten >= since and any(counts):
                add(sums[key, "all"][level_of(ten, level)], counts)
                if station:
                    add(sums[key, station][level_of(ten, level)], counts)
    return {subject: dict(periods) for subject, periods in sums.items()}


def history_of(machine, level, since):
    """The same, as the tool shows it."""
    sums = defaultdict(dict)
    for station in ["all", *STATIONS]:
        only = [] if station == "all" else ["--station", station]
        begin = ["--from", local(since).strftime("%Y-%m-%d %H:%M" if level == "hour" else "%Y-%m-%d")]
        result = machine.tool("-j", "history", "--by", level, *begin, *only)
        if result.returncode:
            continue  # a station that was not seen yet
        for report in json.loads(result.stdout):
            key = next(port.key for port in machine.ports if port.name == report["ifname"])
            for period in report["periods"]:
                counts = [period.get(name, 0) for name in KEYS]
                if any(counts):
                    sums[key, station][period["start"] if level == "hour" else period["label"]] = counts
    return dict(sums)


def compare(machine):
    # A day of two years ago is a month; an hour of sixty days ago is deleted.
    today = local(machine.time).replace(hour=0, minute=0, second=0, microsecond=0)
    sixty = floor_local(int(today.timestamp()) - 58 * 86400, 3600)
    for level, since in (("hour", max(sixty, START - 86400)), ("day", START - 86400 * 30), ("month", START - 86400 * 60)):
        wanted, got = sums_of(machine, level, since), history_of(machine, level, since)
        if wanted != got:
            for subject in sorted(set(wanted) | set(got), key=str):
                one, other = wanted.get(subject, {}), got.get(subject, {})
                for period in sorted(set(one) | set(other)):
                    if one.get(period) != other.get(period):
                        print(f"{subject} {level} {period}: counted {one.get(period)}, in the history {other.get(period)}")
            sys.exit(f"seed {sys.argv[3]}: the histories differ by {level} after {machine.saves} saves")
    check = machine.tool("history", "--check")
    if check.returncode or "all sums are right" not in check.stdout:
        sys.exit(f"check: {check.stdout}{check.stderr}")
    shown = {view["ifname"]: view["totals"]["packets"]
             for view in json.loads(machine.tool("-j", "show", "--all-time").stdout)}
    counted = {port.name: sum(counts[0] for (key, _), tens in machine.truth.items() if key == port.key
                              for counts in tens.values()) for port in machine.ports}
    if shown != counted:
        sys.exit(f"all time: counted {counted}, shown {shown}")


def main():
    directory, days, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    a_day = float(sys.argv[4]) if len(sys.argv) > 4 else 3
    rng = random.Random(seed)
    machine = Machine(directory, rng)
    machine.duration = float(os.environ.get("SIMULATION_KILL", "0.02"))
    compared = machine.time
    # In 1970, for a while.
    for _ in range(3):
        machine.passes(rng.randint(100, 1500))
        machine.save()
    machine.wrong = 0
    machine.passes(300)
    machine.save()
    while machine.time < START + days * 86400:
        what = rng.random()
        if what < 0.5:
            # To the end of ten minutes, as the timer does.
            machine.passes(TEN * rng.randint(1, 4) - machine.time % TEN + rng.randint(0, 3))
        else:
            machine.passes(rng.randint(1, int(2 * 86400 / a_day)))
        if what < 0.06:
            machine.save_killed()
            machine.passes(rng.randint(1, 100))
        if 0.06 <= what < 0.1:
            machine.suspend(rng.randint(60, 86400))
        if 0.1 <= what < 0.14:
            # With a last save, or without, as after a power cut.
            if rng.random() < 0.6:
                machine.save()
            machine.time += rng.randint(30, 7200)
            machine.boot(rng.choice((0, 0, machine.time - rng.randint(0, 5000), rng.randint(1000, 100000))))
            machine.passes(rng.randint(1, 2000))
            if machine.wrong:
                machine.save()
                machine.passes(rng.randint(1, 2000))
                machine.wrong = 0
        if 0.14 <= what < 0.17:
            machine.reload()
        if 0.17 <= what < 0.19:
            port = rng.choice(machine.ports[:2])
            others = [p.name for p in machine.ports]
            port.name = next(name for name in ("lan0", "lan1", "wan0", "eth0") if name not in others)
        machine.save()
        if rng.random() < 0.1:
            machine.save()
        if machine.time > compared + 50 * 86400:
            compare(machine)
            compared = machine.time
    compare(machine)
    size = os.stat(f"{directory}/history.db").st_size
    print(f"{days} days, {machine.saves} saves, {machine.killed} killed, {machine.boots} boots, {size} bytes: equal")


main()
