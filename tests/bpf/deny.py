#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
"""deny.py ERRNO COMMAND|all PROGRAM [ARGUMENT]...

Runs a program whose calls of bpf(2), all or those of one command (a number), fail with
ERRNO (a name), as on a kernel that has no BPF or refuses it: by a seccomp filter.
"""
import ctypes
import errno
import os
import platform
import struct
import sys

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06     # BPF_LD | W | ABS, BPF_JMP | JEQ | K, BPF_RET | K
ALLOW, ERROR = 0x7fff0000, 0x00050000
NR, ARGUMENT = 0, 16                       # in struct seccomp_data
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2


def code(op, k, jt=0, jf=0):
    return struct.pack("HBBI", op, jt, jf, k)


number, command = getattr(errno, sys.argv[1]), sys.argv[2]
bpf = {"x86_64": 321, "aarch64": 280}[platform.machine()]
lines = [code(LOAD, NR), code(EQUAL, bpf, 0, 3 if command != "all" else 1)]
if command != "all":
    lines += [code(LOAD, ARGUMENT), code(EQUAL, int(command), 0, 1)]
lines += [code(RETURN, ERROR | number), code(RETURN, ALLOW)]
program = ctypes.create_string_buffer(b"".join(lines))
fprog = struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(program))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER, fprog):
    sys.exit("seccomp: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[3], sys.argv[3:])
