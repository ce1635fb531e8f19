#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# New stations a second that l2pc run has cells for, on one CPU of a VM in virtual time.
#   rate.sh [KERNEL]: 6.12, or this one
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

status=0
"${here%/*/*}/lab/run.sh" --kernel "${1-6.12}" --icount --no-module --mem 2048 --timeout 1200 --env L2PC_ENGINE=bpf \
	--out "$out" "$here/rate.test.sh" || status=$?
sed -n 's/^.*\] rate: //p' "$out/kernel.log"
exit $status
