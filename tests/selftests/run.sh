#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: run networking selftests of the kernel, from its own source, twice in the VM: without
# the module, and while it counts on every Ethernet interface of every namespace. A test must
# pass both times, with the same result of each sub-test.
#
# usage: tests/selftests/run.sh [OPTION]... [TEST]...
#   --kernel NAME       of lab/kernels.list (6.12-generic)
#   --hook HOOK         the module parameter hook (default: the module's)
#   --write             write the tables to docs/results/selftests.md
#   --real              real time and two CPUs; by default, a virtual nanosecond is one
#                       instruction, and waiting takes no time
#   --out DIR           keep the tests' output in DIR
# TEST: part of a file name in tests/selftests/list (default: all). HOOK=... in the environment
# is --hook. Exit status 0 when all results are equal and all tests have passed, 1 when not,
# 2 and more as lab/run.sh.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/tests/selftests}
lab=$top/lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=lab/source.sh
. "$lab/source.sh"
# shellcheck source=tests/lib/host/results.sh
. "$top/tests/lib/host/results.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

kernel=default hook=${HOOK:-} write='' clock='a virtual nanosecond an instruction, one CPU' real='' out=''
command=${HOOK:+HOOK=$HOOK }$(results_command tests/selftests/run.sh "$@")
while [ $# -gt 0 ]; do
	case $1 in
	--kernel | --hook | --out) [ $# -gt 1 ] || set -- --help ;;
	esac
	case $1 in
	--kernel) kernel=$2 && shift ;;
	--hook) hook=$2 && shift ;;
	--out) out=$2 && shift ;;
	--write) write=1 ;;
	--real) real=1 clock='real time, two CPUs' ;;
	--*) sed -n '3,18s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	*) break ;;
	esac
	shift
done
# The cloud kernels lack half of what the tests need.
case $kernel in default | 6.12) kernel=6.12-generic ;; 6.1) kernel=6.1-generic ;; esac
kernel_select "$kernel"

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-selftests.XXXXXX")
sides=()
stop() {
	[ ${#sides[@]} = 0 ] || kill "${sides[@]}" 2>/dev/null || :
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP
out=${out:-$work/out}
mkdir -p "$out"

# --- programs only for the selftests --------------------------------------------

programs=(nft:nftables mausezahn:netsniff-ng ncat:ncat which:debianutils ping6:iputils-ping du:coreutils sha1sum:coreutils bc:bc)
# Modules available in the guest, in addition to those of the lab.
modules="vrf gre ip_gre ip6_gre ipip ip6_tunnel ip_tunnel act_ct act_pedit act_csum act_tunnel_key act_sample act_mpls \
sch_prio sch_ets sch_red nf_conntrack nf_flow_table nf_flow_table_inet nft_flow_offload nft_ct nft_nat nft_masq nft_chain_nat \
nft_redir nft_log nft_reject_inet nf_log_syslog nfnetlink_log esp4 esp6 xfrm_user xfrm_algo af_key authenc cbc aes_generic \
aesni_intel sha1_generic sha1_ssse3 hmac seqiv echainiv nlmon nft_fib_inet br_netfilter em_meta ip_set tls"

packages_need "${programs[@]}" gcc:gcc /usr/include/stdio.h:libc6-dev ldd:libc-bin xz:xz-utils
entry=$("$lab/fetch.sh" "$kernel")
source_of "$(cat "$entry/release")"
tree=$(source_selftests)/tools/testing/selftests

# The selected rows: file, ports, programs.
: >"$work/tests"
: >"$work/absent"
chosen=("$@")
[ ${#chosen[@]} != 0 ] || chosen=('')
for part in "${chosen[@]}"; do
	sed '/^#/d' "$here/list" | grep -F -e "$part" >>"$work/chosen" ||
		die "no test of tests/selftests/list is called like $part"
done
while read -r files ports sources; do
	file=''
	IFS='|' read -r -a candidates <<<"$files"
	for candidate in "${candidates[@]}"; do
		[ -n "$file" ] || [ ! -e "$tree/$candidate" ] || file=$candidate
	done
	if [ -n "$file" ]; then
		echo "$file $ports $sources" >>"$work/tests"
	else
		echo "$image has no $files" >>"$work/absent"
	fi
done < <(awk '!seen[$0]++' "$work/chosen")
[ -s "$work/tests" ] || die "$(cat "$work/absent")" "others: tests/selftests/list"

kit=$work/kit
mkdir -p "$kit"/{bin,lib,tests/drivers/net}
for pair in "${programs[@]}"; do cp -L "$(type -P "${pair%:*}")" "$kit/bin/"; done
{ ldd "$kit/bin"/* 2>/dev/null || :; } | awk '$3 ~ /^\// { print $3 }' | sort -u | xargs cp -L -t "$kit/lib"
gcc -O2 -Wall -Wextra -Werror -static -s -I"$top/tests/vm/helpers" -I"$top/include/uapi" -o "$kit/bin/count-all" "$here"/count-all/*.c
for dir in kselftest lib net netfilter drivers/net/bonding drivers/net/team drivers/net/lib; do
	[ ! -d "$tree/$dir" ] || cp -a "$tree/$dir" "$kit/tests/${dir%"${dir##*/}"}"
done
find "$kit/tests" -name '*.[ch]' -delete
while read -r file _ sources; do
	for source in $sources; do
		source=$tree/${file%/*}/$source
		gcc -O2 -w -I"$tree" -o "$kit/tests/${file%/*}/$(basename "$source" .c)" "$source" ||
			die "the selftest's program $source does not compile"
	done
done <"$work/tests"

# --- the two runs ----------------------------------------------------------------

# side NAME OPTION...: run the tests in a VM, with their output in $out/NAME/output. exec
# replaces the shell, so that a signal reaches lab/run.sh.
side() {
	local name=$1 options=(--icount)
	shift
	[ -z "$real" ] || options=(--cpus 2)
	# shellcheck disable=SC2046 # names without spaces
	exec "$lab/run.sh" --kernel "$kernel" --mem 2048 --timeout 14400 "${options[@]}" --bring "$modules" --file "$kit:/selftests" \
		--out "$out/$name" "$@" "$here/guest.sh" $(awk '{ print $1 }' "$work/tests") >/dev/null
}

start=$(date +%s)
say "$(wc -l <"$work/tests") selftests of $image, without and with the module"
side without --no-module &
sides=($!)
[ "${L2PC_JOBS:-2}" != 1 ] || wait "${sides[0]}" || :
side with --env COUNT=1 --env HOOK="$hook" &
sides+=($!)
rc=0
for i in 0 1; do
	one=0
	wait "${sides[i]}" || one=$?
	[ "$one" -le "$rc" ] || rc=$one
done
sides=()
say "both runs took $(($(date +%s) - start)) s"
for name in without with; do
	touch "$out/$name/output"
	tr -d '\r' <"$out/$name/output" | awk -f "$here/results.awk" >"$work/$name"
done

# table FORMAT: print the table of the results.
table() { awk -v format="$1" -f "$here/table.awk" "$work/tests" "$work/without" "$work/with"; }
one=0
table text || one=$?
[ "$one" -le "$rc" ] || rc=$one
# Tests that the kernel's source lacks are a failure.
cat "$work/absent"
[ "$rc" != 0 ] || [ ! -s "$work/absent" ] || rc=1
if [ -n "$write" ] && [ "$rc" -le 1 ]; then
	{
		table markdown || :
		[ ! -s "$work/absent" ] || sed '1s/^/\n/; s/$/./' "$work/absent"
	} >"$work/document"
	results_write selftests "The kernel's selftests" "$command" "$(
		cat <<-TEXT
			Without the module, and while it counts on every Ethernet interface of every namespace.

			Kernel $(cat "$entry/release"), with the selftests of $image $(dpkg-deb -f "$(source_get)" Version); l2packet_counter
			$(awk -F'\t' '$1 == "module" { print $3; exit }' "$work/with"). $(results_qemu), $clock; iproute2 $(ip -V | sed 's/.*iproute2-//; s/,.*//').
		TEXT
	)" <"$work/document"
fi
exit "$rc"
