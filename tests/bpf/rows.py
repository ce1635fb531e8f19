#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
"""rows.py STATIONS ROUNDS: compares `l2pc -j show` (stdin) with what send.c sent.

Prints `stations wrong untracked`: how many are there, how many of them have other counts,
and frames without a station. Sums that do not hold end it with an error.
"""
import json
import sys

stations, rounds = int(sys.argv[1]), int(sys.argv[2])
view = json.load(sys.stdin)[0]
got = {row["mac"]: (row["packets"], row["bytes"]) for row in view["stations"]}
wrong = len(got)
for n in range(stations):
    octets = n.to_bytes(4, "big")
    frames = (n % 7 + 1) * rounds
    wrong -= got.get("02:00:" + octets.hex(":")) == (frames, frames * (60 + n % 1400))
totals = view["totals"]
untracked = totals["untracked_packets"]
if sum(row[0] for row in got.values()) + untracked != totals["packets"]:
    sys.exit("the sum of the rows is not the total")
print(len(got), wrong, untracked)
