#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# object.sh: check that bpf/object.h is what Debian 13's clang, libbpf and bpftool make of the
# programs, in a root of it. tests/check/bpf.sh does the same with this machine's clang and
# the libbpf of lab/libbpf.sh, in seconds. Needs root.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=tests/lib/host/debian.sh
. "$top/tests/lib/host/debian.sh"
check_need mmdebstrap:mmdebstrap tar:tar unshare:util-linux apt-get:apt

tar=$(debian_root packages-trixie-bpf trixie "clang-19,bpftool,libbpf-dev,libc6-dev,gcc,make") || exit
root=$scratch/root
debian_unpack "$tar" "$root" || exit
mkdir "$root/src"
check_files | grep -E '^(bpf|kmod/engine|include)/' | tar -c -T - | tar -x -C "$root/src"
: >"$scratch/log"
debian_inside "$root" make -s -C /src/bpf O=/tmp BPFTOOL=/usr/sbin/bpftool >"$scratch/said" 2>&1 || cp "$scratch/said" "$scratch/log"
expect_empty build "$scratch/log"
expect_same object.h "$root/tmp/object.h" bpf/object.h
suite_end
