#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# l2pc run on kernels of lab/kernels.list, in the VM and without the module.
#   kernels.sh [KERNEL]...: 5.10 and 6.1, or these
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/*/*} lab=$top/lab
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

flags=$("$lab/libbpf.sh" --flags)
made=()
eval "made=($flags)"
make -s -C "$top/tools" O="$scratch/build" CURSES_LIBS= HTTP_LIBS= JSON_LIBS= "${made[@]}" "$scratch/build/l2pc" 2>/dev/null
mkdir "$scratch/bpf"
cp "$scratch/build/l2pc" "$scratch/bpf/"
gcc -O2 -Wall -Wextra -Werror -o "$scratch/bpf/send" "$here/send.c"
# libelf and what else the guest does not have. The guest's /lib is a link.
ldd "$scratch/bpf/l2pc" | awk '$3 ~ /^\// && $3 !~ /libc\.so/ { print $3 }' | xargs -I{} cp -L {} "$scratch/bpf/"

[ $# -gt 0 ] || set -- 5.10 6.1
status=0
for kernel; do
	cx16=()
	case $kernel in 7.*) cx16=(--cx16) ;; esac
	echo "== $kernel"
	"$lab/run.sh" --kernel "$kernel" --no-module "${cx16[@]}" --mem 2048 --timeout 1200 --file "$scratch/bpf:/l2pc/bpf" \
		"$here/guest.test.sh" || status=1
done
exit $status
