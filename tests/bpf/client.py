#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
"""A client of l2pc run's socket that does what l2pc does not.

client.py close MILLISECONDS   closes windows until SIGTERM, then prints their number
client.py raw                  sends the packets that stdin has, a line of hexadecimal
                               each; prints the error number of each answer, or `none`
client.py tx on|off            counts sent frames of eth0 as well, or does not
client.py sent                 prints frames and bytes sent, of the open window of eth0
client.py hold N               opens N connections, prints how many, and waits
client.py attached IFNAME      prints the number of programs at tcx ingress
client.py counting ID...       prints how many of these programs count: are still loaded
                               and are called l2pc_ingress
client.py detach ID            detaches a link by force
client.py before IFNAME        attaches a program before the others, prints `ready`, and waits
client.py behind IFNAME        the same behind the others, and it drops what it gets
"""
import ctypes
import errno
import os
import platform
import signal
import socket
import struct
import sys
import time

FAMILY, PORT_GET, PORT_SET, RESET = 0x20, 1, 4, 6
IFNAME, TX, WINDOW, TX_PACKETS, TX_BYTES = 2, 15, 11, 16, 17
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


def attribute(kind, value):
    size = 4 + len(value)
    return struct.pack("HH", size, kind) + value + bytes(-size % 4)


def attributes(data):
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("HH", data)
        found[kind & 0x3fff] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


def tx(state):
    s = connect()
    attrs = attribute(IFNAME, b"eth0\0") + attribute(TX, bytes([state == "on"]))
    s.send(message(FAMILY, PORT_SET, ACK, 1, attrs))
    sys.exit(ended(s.recv(1 << 16)))


def sent():
    s = connect()
    s.send(message(FAMILY, PORT_GET, ACK, 1, attribute(IFNAME, b"eth0\0")))
    window = attributes(attributes(s.recv(1 << 16)[20:])[WINDOW])
    print(*(struct.unpack("Q", window.get(kind, bytes(8)))[0] for kind in (TX_PACKETS, TX_BYTES)))


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
        # One too many is closed, maybe before it sends.
        try:
            s.send(message(16, 3, ACK, 1))
            if not s.recv(1 << 16):
                break
        except OSError:
            break
        held.append(s)
    print(len(held), flush=True)
    time.sleep(3600)


LIBC = ctypes.CDLL(None, use_errno=True)
BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]


def attached(name):
    query, tcx_ingress = 16, 46
    # target_ifindex, attach_type, query_flags, attach_flags, prog_ids, count, and what
    # follows in union bpf_attr.
    attr = ctypes.create_string_buffer(struct.pack("IIIIQI", socket.if_nametoindex(name),
                                                   tcx_ingress, 0, 0, 0, 0), 64)
    if LIBC.syscall(BPF, query, attr, len(attr)):
        sys.exit("BPF_PROG_QUERY: " + errno.errorcode[ctypes.get_errno()])
    print(struct.unpack_from("I", attr, 24)[0])


def counting(ids):
    by_id, info_by_fd, size, name, number = 13, 15, 128, 64, 0
    for each in ids:
        fd = LIBC.syscall(BPF, by_id, struct.pack("III", int(each), 0, 0), 12)
        if fd < 0:
            continue
        info = ctypes.create_string_buffer(size)
        attr = struct.pack("IIQ", fd, size, ctypes.addressof(info))
        if LIBC.syscall(BPF, info_by_fd, attr, len(attr)):
            sys.exit("BPF_OBJ_GET_INFO_BY_FD: " + errno.errorcode[ctypes.get_errno()])
        number += info.raw[name:name + 16].rstrip(b"\0") == b"l2pc_ingress"
        os.close(fd)
    print(number)


def detach(link):
    by_id, link_detach = 30, 34
    fd = LIBC.syscall(BPF, by_id, struct.pack("III", link, 0, 0), 12)
    if fd < 0 or LIBC.syscall(BPF, link_detach, struct.pack("I", fd), 4):
        sys.exit("bpf: " + errno.errorcode[ctypes.get_errno()])


def attach(name, flag, result):
    load, link_create = 5, 28
    # r0 = result; exit
    code = ctypes.create_string_buffer(struct.pack("<QQ", 0xb7 | (result & 0xffffffff) << 32, 0x95))
    licence = ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("IIQQIIQII16s", 3, 2, ctypes.addressof(code), ctypes.addressof(licence),
                       0, 0, 0, 0, 0, b"filter")
    program = LIBC.syscall(BPF, load, ctypes.create_string_buffer(attr, 128), 128)
    attr = struct.pack("IIII", program, socket.if_nametoindex(name), 46, flag)
    if program < 0 or LIBC.syscall(BPF, link_create, ctypes.create_string_buffer(attr, 64), 64) < 0:
        sys.exit("bpf: " + errno.errorcode[ctypes.get_errno()])
    print("ready", flush=True)
    time.sleep(3600)


if sys.argv[1] == "close":
    close_windows(float(sys.argv[2]))
elif sys.argv[1] == "raw":
    raw()
elif sys.argv[1] == "tx":
    tx(sys.argv[2])
elif sys.argv[1] == "sent":
    sent()
elif sys.argv[1] == "counting":
    counting(sys.argv[2:])
elif sys.argv[1] == "detach":
    detach(int(sys.argv[2]))
elif sys.argv[1] == "before":
    attach(sys.argv[2], 1 << 3, -1)     # BPF_F_BEFORE, TCX_NEXT
elif sys.argv[1] == "behind":
    attach(sys.argv[2], 1 << 4, 2)      # BPF_F_AFTER, TCX_DROP
elif sys.argv[1] == "attached":
    attached(sys.argv[2])
else:
    hold(int(sys.argv[2]))
