#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# bpf/object.h and bpf/object_maps.h are what bpf/Makefile makes of the programs.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need make:make clang-19:clang-19 /usr/sbin/bpftool:bpftool /usr/include/linux/bpf.h:linux-libc-dev gcc:gcc

libbpf=$("$lab/libbpf.sh") || exit
make -s --no-print-directory -C bpf O="$scratch" BPFTOOL=/usr/sbin/bpftool LIBBPF_CFLAGS="-I$libbpf/include" >"$scratch/log" 2>&1 || [ -s "$scratch/log" ] ||
	echo "make: status $?" >"$scratch/log"
expect_empty build "$scratch/log"
for object in object.h object_maps.h; do expect_same "$object" "$scratch/$object" "bpf/$object"; done
suite_end
