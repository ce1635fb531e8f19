#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
"""A client of l2pc run's socket that does what l2pc does not.

client.py close MILLISECONDS   closes windows until SIGTERM, then prints their number
client.py raw                  sends the packets that stdin has, a line of hexadecimal
                               each; prints the error number of each answer, or `none`
client.py hold N               opens N connections, prints how many, and waits
"""
import errno
import signal
import socket
import struct
import sys
import time

FAMILY, RESET = 0x20, 6
ACK = 1 | 4                     # NLM_F_REQUEST | NLM_F_ACK


def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(60)
    s.connect(b"\0l2pc")
    return s


def message(kind, cmd, flags, seq, attrs=b""):
    body = struct.pack("BBH", cmd, 1, 0) + attrs
    return struct.pack("IHHII", 16 + len(body), kind, flags, seq, 0) + body


def ended(answer):
    """The error number of an answer's end, or None."""
    size, kind = struct.unpack_from("IH", answer)
    return -struct.unpack_from("i", answer, 16)[0] if kind == 2 else None


def close_windows(period):
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    s, windows = connect(), 0
    print("ready", flush=True)
    while going:
        s.send(message(FAMILY, RESET, ACK, windows))
        while True:
            error = ended(s.recv(1 << 16))
            if error is not None:
                break
        if error:
            sys.exit("reset: " + errno.errorcode[error])
        windows += 1
        time.sleep(period / 1000)
    print(windows)


def raw():
    s = connect()
    for line in sys.stdin:
        try:
            s.send(bytes.fromhex(line.strip()))
            s.settimeout(2)
            error = ended(s.recv(1 << 16))
            print(errno.errorcode.get(error, error))
        except (TimeoutError, socket.timeout):
            print("none")
        except OSError as e:
            print(errno.errorcode[e.errno])
            s = connect()


def hold(number):
    held = []
    for _ in range(number):
        s = connect()
        s.send(message(16, 3, ACK, 1))
        try:
            if not s.recv(1 << 16):
                break
        except OSError:
            break
        held.append(s)
    print(len(held), flush=True)
    time.sleep(3600)


if sys.argv[1] == "close":
    close_windows(float(sys.argv[2]))
elif sys.argv[1] == "raw":
    raw()
else:
    hold(int(sys.argv[2]))
