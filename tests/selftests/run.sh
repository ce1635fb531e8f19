#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: run networking selftests of the kernel, from its own source, three ways in the VM:
# without counting, while the module counts on every Ethernet interface of every namespace, and
# while l2pc run does. A test must pass in all ways, with the same result of each sub-test. One
# that differs or fails is repeated in all ways, up to three times in all.
#
# usage: tests/selftests/run.sh [OPTION]... [TEST]...
#   --kernel NAME       of lab/kernels.list (6.12-generic)
#   --hook HOOK         hook of the module's ports (default: the module's)
#   --ways "WAY..."     without, module and run, or some of them
#   --attempts N        (3)
#   --quick             the tests marked quick, each once
#   --write             write the table to docs/results/selftests.md
#   --real              real time and two CPUs; by default, a virtual nanosecond is one
#                       instruction, and waiting takes no time
#   --out DIR           keep the tests' output in DIR, and run no test again that has passed
#                       there
# TEST: part of a file name in tests/selftests/list (default: all), or another test's path below
# tools/testing/selftests. HOOK=... in the environment
# is --hook. As many VMs run at a time as there are CPUs (or L2PC_JOBS). Exit status 0 when all
# tests have passed with equal results, 1 when not, 2 and more as lab/run.sh.
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

kernel=default hook=${HOOK:-} ways='without module run' attempts=3 quick='' write='' real='' out=''
clock='a virtual nanosecond an instruction, one CPU'
command=${HOOK:+HOOK=$HOOK }$(results_command tests/selftests/run.sh "$@")
while [ $# -gt 0 ]; do
	case $1 in
	--kernel | --hook | --ways | --attempts | --out) [ $# -gt 1 ] || set -- --help ;;
	esac
	case $1 in
	--kernel) kernel=$2 && shift ;;
	--hook) hook=$2 && shift ;;
	--ways) ways=$2 && shift ;;
	--attempts) attempts=$2 && shift ;;
	--out) out=$2 && shift ;;
	--quick) quick=1 attempts=1 ;;
	--write) write=1 ;;
	--real) real=1 clock='real time, two CPUs' ;;
	--*) sed -n '3,25s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	*) break ;;
	esac
	shift
done
# The cloud kernels lack half of what the tests need, but not the quick ones.
[ -n "$quick" ] || case $kernel in default | 6.12) kernel=6.12-generic ;; 6.1) kernel=6.1-generic ;; esac
kernel_select "$kernel"

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-selftests.XXXXXX")
pids=()
stop() {
	[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || :
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP
out=${out:-$work/out}
mkdir -p "$out"

# --- programs only for the selftests --------------------------------------------

programs=(nft:nftables mausezahn:netsniff-ng ncat:ncat nc:netcat-openbsd which:debianutils ping6:iputils-ping du:coreutils
	sha1sum:coreutils bc:bc iperf3:iperf3 conntrack:conntrack ipvsadm:ipvsadm teamd:libteam-utils traceroute:traceroute
	traceroute6:traceroute ip6tables:iptables iptables:iptables ebtables:ebtables)
# The quick tests need none of them.
[ -z "$quick" ] || programs=()
# Folders of modules available in the guest, in addition to the lab's modules, and modules.
folders=(bridge ipv4 ipv6 netfilter sched 8021q hsr mpls l2tp sctp psample llc 802 key xfrm)
modules="esp4 esp6 authenc cbc aes_generic aesni_intel sha1_generic sha1_ssse3 hmac seqiv echainiv nlmon bareudp geneve tls ts_bm ts_kmp"

packages_need ${programs[@]+"${programs[@]}"} gcc:gcc /usr/include/stdio.h:libc6-dev ldd:libc-bin xz:xz-utils
entry=$("$lab/fetch.sh" "$kernel")
source_of "$(cat "$entry/release")"
tree=$(source_selftests)/tools/testing/selftests

# The selected rows: file, ports, "quick" or "-", programs.
: >"$work/tests"
: >"$work/absent"
chosen=("$@")
[ ${#chosen[@]} != 0 ] || chosen=('')
for part in "${chosen[@]}"; do
	awk -v quick="$quick" '!/^#/ && (!quick || $3 == "quick")' "$here/list" | grep -F -e "$part" >>"$work/chosen" && continue
	[ -n "$part" ] && [ -f "$tree/$part" ] && echo "$part 1 -" >>"$work/chosen" ||
		die "no test of tests/selftests/list is called like $part"
done
while read -r files ports part sources; do
	file=''
	IFS='|' read -r -a candidates <<<"$files"
	for candidate in "${candidates[@]}"; do
		[ -n "$file" ] || [ ! -e "$tree/$candidate" ] || file=$candidate
	done
	if [ -n "$file" ]; then
		echo "$file $ports $part $sources" >>"$work/tests"
	else
		echo "$image has no $files" >>"$work/absent"
	fi
done < <(awk '!seen[$0]++' "$work/chosen")
[ -s "$work/tests" ] || die "$(cat "$work/absent")" "others: tests/selftests/list"

kit=$work/kit
mkdir -p "$kit"/{bin,lib,xtables,tests/drivers/net}
for pair in ${programs[@]+"${programs[@]}"}; do cp -L "$(type -P "${pair%:*}")" "$kit/bin/"; done
for dir in kselftest lib net netfilter drivers/net/bonding drivers/net/team drivers/net/lib; do
	[ ! -d "$tree/$dir" ] || cp -a "$tree/$dir" "$kit/tests/${dir%"${dir##*/}"}"
done
find "$kit/tests" -name '*.[ch]' -delete
while read -r file _ _ sources; do
	for source in $sources; do
		source=$tree/${file%/*}/$source
		program=$kit/tests/${file%/*}/$(basename "$source" .c)
		gcc -O2 -w -I"$tree" -o "$program" "$source" || die "the selftest's program $source does not compile"
	done
done <"$work/tests"
# iptables loads what it needs from there.
[ -n "$quick" ] || cp -a "$(dirname "$(find /usr/lib -name libxt_tcp.so -print -quit)")/." "$kit/xtables"
{ find "$kit" -type f \( -perm -100 -o -name '*.so' \) -exec ldd {} + 2>/dev/null || :; } |
	awk '$3 ~ /^\// { print $3 }' | sort -u | xargs -r cp -L -t "$kit/lib"

# --- the runs --------------------------------------------------------------------

# results: print the results of all output in $out.
results() { find "$out" -name output -exec cat {} + | tr -d '\r' | awk -f "$here/results.awk"; }

# remaining: print the tests without a good result in $out.
remaining() {
	results >"$work/results"
	while read -r line; do
		echo "$line" >"$work/one"
		awk -v ways="$ways" -f "$here/table.awk" "$work/one" "$work/results" >/dev/null || echo "${line%% *}"
	done <"$work/tests"
}

# boot NUMBER TEST...: run the tests in a VM, with their output in a new folder of $out. exec
# replaces the shell, so that a signal reaches lab/run.sh.
boot() {
	local options=(--icount) number=$1 bring
	shift
	[ -z "$real" ] || options=(--cpus 2)
	case $ways in *module*) ;; *) options+=(--no-module) ;; esac
	# A kernel may lack some folders.
	bring=$(cd "$entry"/lib/modules/*/kernel && { find "${folders[@]/#/net/}" -name '*.ko*' 2>/dev/null || :; } | sed 's/.*\///; s/\.ko.*//' | LC_ALL=C sort)
	exec "$lab/run.sh" --kernel "$kernel" --mem 2048 --timeout 14400 "${options[@]}" --bring "$bring $modules" --file "$kit:/selftests" \
		--out "$(mktemp -d "$out/$number.XXXXXX")" --env WAYS="$ways" --env ATTEMPTS="$attempts" --env HOOK="$hook" "$here/guest.sh" "$@" >/dev/null
}

start=$(date +%s)
mapfile -t tests < <(remaining)
say "${#tests[@]} selftests of $image: $ways"
# The tests are dealt to the VMs.
jobs=${L2PC_JOBS:-$(nproc)}
rc=0
for ((i = 0; i < jobs && i < ${#tests[@]}; i++)); do
	part=()
	for ((k = i; k < ${#tests[@]}; k += jobs)); do part+=("${tests[k]}"); done
	boot "$i" "${part[@]}" &
	pids+=($!)
done
for pid in ${pids[@]+"${pids[@]}"}; do
	one=0
	wait "$pid" || one=$?
	[ "$one" -le "$rc" ] || rc=$one
done
pids=()
say "the runs took $(($(date +%s) - start)) s"
results >"$work/results"

# table FORMAT: print the table of the results.
table() { awk -v format="$1" -v ways="$ways" -f "$here/table.awk" "$work/tests" "$work/results"; }
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
		printf '\n| not chosen | reason |\n| --- | --- |\n'
		sed -n 's/^\([^#].*[^ ]\)  \+\(.*\)/| \1 | \2 |/p' "$here/left-out"
	} >"$work/document"
	results_write selftests "The kernel's selftests" "$command" "$(
		cat <<-TEXT
			Without counting, while the module counts on every Ethernet interface of every namespace, and while \`l2pc run\` does. A
			test that differs or fails is repeated in all ways, up to three times; the last attempt counts, and sub-tests that
			were not equal in an earlier one are below.

			Kernel $(cat "$entry/release"), with the selftests of $image $(dpkg-deb -f "$(source_get)" Version); l2packet_counter
			$(results_version)${hook:+, hook=$hook}. $(results_qemu), $clock; iproute2 $(ip -V | sed 's/.*iproute2-//; s/,.*//').
		TEXT
	)" <"$work/document"
fi
exit "$rc"
