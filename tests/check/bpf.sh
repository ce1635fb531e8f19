#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# bpf/object.h is what bpf/Makefile makes of the programs.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need make:make clang-19:clang-19 /usr/sbin/bpftool:bpftool /usr/include/linux/bpf.h:linux-libc-dev gcc:gcc

libbpf=$("$lab/libbpf.sh") || exit
make -s -C bpf O="$scratch" BPFTOOL=/usr/sbin/bpftool LIBBPF_CFLAGS="-I$libbpf/include" >"$scratch/log" 2>&1 || [ -s "$scratch/log" ] ||
	echo "make: status $?" >"$scratch/log"
expect_empty build "$scratch/log"
expect_same object.h "$scratch/object.h" bpf/object.h
suite_end
