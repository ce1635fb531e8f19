#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: measure the cost of counting, for this module and for alternatives, in one table.
# Instructions are counted in a VM that runs one instruction per virtual nanosecond (QEMU
# -icount), so the figures do not depend on the machine or its load. Memory is measured in a
# second VM, with two CPUs.
#
# usage: tests/bench/run.sh [OPTION]...
#   --kernel NAME       of lab/kernels.list
#   --macs "1 100 ..."  numbers of stations
#   --rows "NAME ..."   only these rows of tests/bench/guest/rows.sh
#   --parts "memory read hold path cpus"
#                       only these parts
#   --most "NAME=N ..." other limits than those of tests/bench/limits
#   --out DIR           keep the figures in DIR, one a line
#   --write             write the table to docs/results/packet-path.md, or that of an emulated
#                       architecture to packet-path-ARCHITECTURE.md. It has no rows of BPF.
# Exit status 1 when a limit is exceeded, 2 and more as lab/run.sh.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
bench=$top/tests/bench
# shellcheck source=../../lab/cache.sh
. "$top/lab/cache.sh"
# shellcheck source=kit.sh
. "$bench/kit.sh"
# shellcheck source=../lib/host/results.sh
. "$top/tests/lib/host/results.sh"

command=$(results_command tests/bench/run.sh "$@")
kernel=default macs='1 100 10000 100000 1000000' rows='' parts='memory read hold path cpus' most='' out='' write=''
usage() { sed -n '3,19s/^# \{0,1\}//p' "$0" >&2 && exit 2; }
while [ $# -gt 0 ]; do
	case $1 in
	--write)
		write=1
		shift
		continue
		;;
	*) [ $# -gt 1 ] || usage ;;
	esac
	case $1 in
	--kernel) kernel=$2 ;;
	--macs) macs=$2 ;;
	--rows) rows=$2 ;;
	--parts) parts=$2 ;;
	--most) most=$2 ;;
	--out) out=$2 ;;
	*) usage ;;
	esac
	shift 2
done

out=${out:-$work/out}
mkdir -p "$out"

# --- programs only for the benchmark -------------------------------------------

packages_need gcc:gcc /usr/include/stdio.h:libc6-dev
kit_for "$kernel"
kit=$work/kit
mkdir -p "$kit/modules"
kit_helper "$kit" nldump.c
kit_helper "$kit" ring.c

# kit_bpf: add bpftool, and BPF programs with maps of the sizes that guest/rows.sh chooses from.
kit_bpf() {
	local map entries
	packages_need bpftool:bpftool clang:clang /usr/include/bpf/bpf_helpers.h:libbpf-dev ldd:libc-bin
	kit_programs "$kit" bpftool
	kit_helper "$kit" bpf/tcx.c
	for map in PERCPU_HASH LRU_PERCPU_HASH; do
		for entries in 1024 16384 100000 131072 1048576; do
			clang -target bpf -O2 -Wall -Wextra -Werror -Wno-unused-parameter -g -DMAP=BPF_MAP_TYPE_$map -DENTRIES=$entries \
				-I"/usr/include/$(gcc -print-multiarch)" -c -o "$kit/$map-$entries.o" "$bench/bpf/count.bpf.c"
		done
	done
}
# Debian has bpftool for this machine only.
[ -n "$cross" ] || kit_bpf
modules=$("$lab/build.sh" "$kernel" "$bench/modules")
# shellcheck disable=SC2086 # a path a line
cp $modules "$kit/modules/"

# --- the figures ---------------------------------------------------------------

# guest SCRIPT OPTION...: run SCRIPT. Append its figures to $work/figures, and show the rest.
guest() {
	local script=$1
	shift
	"$lab/run.sh" --kernel "$kernel" --file "$kit:/l2pc/kit" --timeout 7200 \
		--env MACS="$macs" --env ROWS="$rows" --env PARTS="$parts" "$@" "$bench/guest/$script" |
		tee >(grep -a --line-buffered -v '^figure	' >&2) | sed -u -n 's/^figure	//p' >>"$out/figures"
}

: >"$out/figures"
case " $parts " in *' memory '*) guest memory.sh --cpus 2 --mem 3072 ;; esac
case " $parts " in *' path '* | *' read '* | *' hold '*) guest instructions.sh --icount --mem 4096 ;; esac
case " $parts " in *' cpus '*) guest cpus.sh --icount --cpus 16 --mem 4096 ;; esac

rc=0
awk -v name="$kernel" -v most="$most" -f "$bench/table.awk" "$bench/limits" "$out/figures" >"$work/table" || rc=$?
cat "$work/table"
if [ -n "$write" ] && [ "$rc" -le 1 ]; then
	results_block <"$work/table" | results_write "packet-path${cross:+-$arch}" "What counting costs${cross:+ on $arch}" "$command" \
		"Kernel $(results_kernel "$kernel"), $(results_qemu), a virtual nanosecond an instruction, one CPU (memory: two); l2packet_counter $(results_version)."
fi
exit "$rc"
