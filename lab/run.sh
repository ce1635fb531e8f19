#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh SCRIPT [ARG]...: boot a kernel of kernels.list in QEMU (software emulation), run
# SCRIPT in it as root, with the module and the repository's scripts at /l2pc, and report
# the result. The script's output appears on stdout.
#
# Exit status: 0 success, 1 the script failed, 2 the VM could not be prepared,
# 3 the guest died, 4 the kernel log holds a splat, 5 timeout.
set -eu -o pipefail

usage() {
	cat >&2 <<-TEXT
		usage: lab/run.sh [OPTION]... SCRIPT [ARG]...
		       lab/run.sh [--kernel NAME] --packages
		  --kernel NAME         a kernel of lab/kernels.list, default, or host
		  --cpus N              (2; with --icount 1)
		  --mem MB              (1024)
		  --timeout SECONDS     limit of the run (600), times the kernel's patience
		  --append "ARGS"       added to the kernel command line
		  --qemu "ARGS"         added to QEMU's
		  --nic MODEL:TAP[:QUEUES]
		                        a network interface at an existing tap; QUEUES for virtio;
		                        the Nth has the address 02:4c:32:50:43:N
		  --netns NAME          the network namespace of the taps (this one)
		  --control PATH        the guest's port l2pc.control, two FIFOs: it reads PATH.in and
		                        writes PATH.out
		  --icount              deterministic: 1 ns = 1 instruction; several CPUs take turns
		  --cx16                the CPU has cmpxchg16b, which a BPF arena needs from Linux 7.0 on
		  --modules "NAMES"     more kernel modules to load
		  --bring "NAMES"       more kernel modules for the guest, loaded on demand
		  --module FILE.ko      another module instead of l2packet_counter.ko
		  --no-module           no module; nothing is built
		  --file SRC[:DST]      a file or directory to copy into the guest (DST: /l2pc/NAME)
		  --ynl                 add the command ynl, which uses netlink from our YAML spec
		  --env NAME=VALUE      a variable for the script; L2PC_* variables are always passed.
		                        Suites divide large numbers of frames by L2PC_SCALE
		  --coverage FILE       write the module's line coverage: a tar of gcov's data for
		                        the build of lab/build.sh, with L2PC_GCOV=1; needs a kernel
		                        with gcov
		  --out DIR             keep kernel.log, output, result, qemu.log there
		  --interactive         the script gets the terminal
		  --packages            install what a run may need here, and run nothing
	TEXT
	exit 2
}

lab=$(cd "$(dirname "$0")" && pwd)
top=${lab%/*}
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/cross.sh"
. "$lab/image.sh"
. "$lab/nic.sh"
. "$lab/qemu.sh"
. "$lab/verdict.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

command_line=("$@")
kernel=default cpus='' mem=1024 timeout=600 append='' qemu_args='' icount='' cx16='' modules='' bring='' ko=build out='' interactive='' ynl='' packages=''
netns='' control='' coverage='' files=() env=() nics=()
while [ $# -gt 0 ]; do
	case $1 in
	--icount | --cx16 | --no-module | --interactive | --ynl | --packages) ;;
	--*) [ $# -gt 1 ] || usage ;;
	esac
	case $1 in
	--kernel) kernel=$2 && shift ;;
	--cpus) cpus=$2 && shift ;;
	--mem) mem=$2 && shift ;;
	--timeout) timeout=$2 && shift ;;
	--append) append="$append $2" && shift ;;
	--qemu) qemu_args="$qemu_args $2" && shift ;;
	--nic) nics+=("$2") && shift ;;
	--netns) netns=$2 && shift ;;
	--control) control=$2 && shift ;;
	--modules) modules="$modules $2" && shift ;;
	--bring) bring="$bring $2" && shift ;;
	--module) ko=$2 && shift ;;
	--file) files+=("$2") && shift ;;
	--env) env+=("$2") && shift ;;
	--coverage) coverage=$2 && shift ;;
	--out) out=$2 && shift ;;
	--icount) icount=1 ;;
	--cx16) cx16=1 ;;
	--ynl) ynl=1 ;;
	--no-module) ko='' ;;
	--interactive) interactive=1 ;;
	--packages) packages=1 ;;
	--*) usage ;;
	*) break ;;
	esac
	shift
done
kernel_select "$kernel"
if [ -n "$packages" ]; then
	image_need "${image_compiler[@]}"
	# shellcheck disable=SC2154 # of the kernel's row
	qemu_need "$arch"
	[ -z "$cross" ] || { cross_select "$arch" && cross_compiler_need; }
	exit
fi
[ $# -gt 0 ] || usage
[ -r "$1" ] || die "no script $1"
cpus=${cpus:-$([ -n "$icount" ] && echo 1 || echo 2)}
# Suites get more time on a slow kernel, and may send less traffic.
# shellcheck disable=SC2154 # of the kernel's row
timeout=$((timeout * patience))
export L2PC_SCALE="${L2PC_SCALE:-$patience}"

# Modules loaded at the start, because they are not loaded on demand. Modules that a
# kernel lacks or has built in are skipped.
modules_load="virtio_net tun pktgen$modules"
# Modules for modprobe and for loading on demand (`ip link add type veth`, `tc qdisc
# add … ingress`). They are not loaded at the start, which takes time under emulation.
modules_bring="veth bridge dummy bonding team macvlan ipvlan 8021q ifb nf_tables sch_ingress act_mirred \
cls_matchall virtio_pci virtio_console virtio_rng af_packet vxlan vrf macvtap macsec openvswitch hsr \
team_mode_roundrobin team_mode_activebackup team_mode_loadbalance act_gact act_vlan act_skbedit act_police \
cls_flower cls_u32 cls_bpf cls_basic sch_fq sch_netem sch_tbf sch_htb sch_multiq inet_diag tcp_diag udp_diag \
netdevsim nft_fwd_netdev nft_dup_netdev nft_reject_netdev nft_counter nft_limit nft_set_hash af_packet_diag e1000e igb$bring"

work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-vm.XXXXXX")
vm='' watch=''
cleanup() {
	[ -z "$vm" ] || kill "$vm" 2>/dev/null || :
	[ -z "$watch" ] || kill "$watch" 2>/dev/null || :
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
if [ -n "$out" ]; then mkdir -p "$out"; else out=$work/out && mkdir "$out"; fi
out=$(cd "$out" && pwd)
rm -f "$out"/{kernel.log,output,result,qemu.log}

# --- the guest's files --------------------------------------------------------

# guest COMMAND...: run a command in the root of the guest's architecture, or for it.
guest() {
	# shellcheck disable=SC2154 # of the kernel's row
	if [ -n "$cross" ]; then
		L2PC_GUEST=$built_in "$@"
	elif [ -n "$arch" ]; then
		"$lab/root.sh" "$built_in" "$@"
	else
		"$@"
	fi
}

image_need
qemu_need "$arch"
qemu_select "$arch" "$cx16$icount" "$out/kernel.log"
nic_check ${nics[@]+"${nics[@]}"}
entry=$("$lab/fetch.sh" "$kernel")
[ -z "$coverage" ] || export L2PC_GCOV=1
[ "$ko" != build ] || ko=$("$lab/build.sh" "$kernel")
tree=$work/tree
mkdir -p "$tree/lab" "$tree/l2pc/lab" "$tree/usr/local/bin"
install -m 755 "$lab/guest/init" "$tree/init"
cp -a "$lab/guest" "$tree/l2pc/lab/"
for f in "$top"/*.sh "$top/Makefile" "$top/README.md" "$top/tools" "$top/spec"; do
	[ ! -e "$f" ] || cp -a "$f" "$tree/l2pc/"
done
# Leave out the tests for this machine: their builds are large, and change during the copy.
mkdir "$tree/l2pc/tests"
for f in "$top"/tests/*; do
	case ${f##*/} in unit | tools | fuzz) ;; *) cp -a "$f" "$tree/l2pc/tests/" ;; esac
done
[ -z "$ko" ] || cp -L "$ko" "$tree/l2pc/"
for f in ${files[@]+"${files[@]}"}; do
	src=${f%%:*} dst=''
	case $f in *:*) dst=${f#*:} ;; esac
	dst=${dst:-$(basename "$src")}
	case $dst in /*) ;; *) dst=/l2pc/$dst ;; esac
	mkdir -p "$tree${dst%/*}"
	cp -a "$src" "$tree$dst"
done
if [ -n "$ynl" ]; then
	# Download here, not in the guest's root.
	"$lab/ynl.sh" --source >/dev/null
	files_of=$(guest "$lab/ynl.sh")
	cp -a "$files_of/." "$tree/"
fi
cache_lock image
helpers=$(guest "$lab/image.sh" helpers "$top/tests/vm/helpers")
[ ! -d "$helpers" ] || cp "$helpers"/* "$tree/usr/local/bin/"
tool=$(guest "$lab/image.sh" tool "$top/tools")
cp -a "$tool/." "$tree/"

# A script of the repository runs from its path below /l2pc.
script=$(realpath "$1")
shift
case $script in
"$top"/*) [ -e "$tree/l2pc/${script#"$top"/}" ] || install -D -m 755 "$script" "$tree/l2pc/${script#"$top"/}" ;;
*) install -m 755 "$script" "$tree/lab/" ;;
esac
case $script in
"$top"/*) script=/l2pc/${script#"$top"/} ;;
*) script=/lab/${script##*/} ;;
esac
{
	read -r rows columns < <(stty size 2>/dev/null || echo 24 80)
	echo "interactive=$interactive rows=$rows columns=$columns coverage=${coverage:+1}"
	printf 'modules=('
	# shellcheck disable=SC2086 # a list of names
	printf '%q ' $modules_load
	printf ')\ncommand=('
	printf '%q ' "$script" "$@"
	printf ')\n'
	for v in "${!L2PC_@}"; do
		[ "$v" = L2PC_CACHE ] || printf 'export %s=%q\n' "$v" "${!v}"
	done
	for v in ${env[@]+"${env[@]}"}; do printf 'export %s=%q\n' "${v%%=*}" "${v#*=}"; done
} >"$tree/lab/config"

image_pack "$tree" "$work/run.cpio"
base=$(guest "$lab/image.sh" base)
# shellcheck disable=SC2086
packed=$(image_modules "$entry" $modules_load $modules_bring)
cat "$base" "$packed" "$work/run.cpio" >"$work/initrd"
exec 9>&-
rm -rf "$tree"

# --- the machine --------------------------------------------------------------

# Emulated CPUs may stop for long on a busy machine. Long timeouts keep the kernel's
# watchdogs from reporting that as a lockup. QEMU before 8.0 caches translations by
# virtual address; without norandmaps, a process takes five times as long to start.
cmdline="ignore_loglevel printk.devkmsg=on panic=-1 oops=panic module.sig_enforce=0 no_timer_check \
rcupdate.rcu_cpu_stall_timeout=200 watchdog_thresh=60 workqueue.watchdog_thresh=200 cryptomgr.notests=1 norandmaps"
cmdline="console=$qemu_console $cmdline"
if [ -n "$icount" ]; then
	accel=(-accel tcg -icount "shift=0,sleep=off" -smp "$cpus" -seed 1 -rtc "base=2026-01-01,clock=vm")
	cmdline="$cmdline nokaslr"
else
	accel=(-accel "tcg,thread=multi" -smp "$cpus")
fi
mkfifo "$work/output"
qemu=("$qemu_program" "${qemu_machine[@]}" "${accel[@]}" -m "$mem" -nodefaults -no-user-config -no-reboot
	-display none -monitor none -kernel "$entry/vmlinuz" -initrd "$work/initrd" -append "$cmdline$append"
	-device "virtio-serial-$qemu_bus"
	-chardev "file,id=output,path=${work//,/,,}/output" -device "virtserialport,chardev=output,name=l2pc.output"
	-chardev "file,id=result,path=${out//,/,,}/result" -device "virtserialport,chardev=result,name=l2pc.result")
# shellcheck disable=SC2206 # words are meant
qemu+=($qemu_args)
qemu+=(${nic_args[@]+"${nic_args[@]}"})
[ -z "$control" ] || qemu+=(-chardev "pipe,id=control,path=${control//,/,,}"
	-device "virtserialport,chardev=control,name=l2pc.control")
[ -z "$coverage" ] || qemu+=(-chardev "file,id=coverage,path=${coverage//,/,,}"
	-device "virtserialport,chardev=coverage,name=l2pc.coverage")
[ -z "$netns" ] || qemu=(nsenter "--net=/run/netns/$netns" "${qemu[@]}")

# Seconds that a kernel has to start /init, which takes 2 on an idle machine.
boot_timeout=${L2PC_BOOT_TIMEOUT:-$((300 * patience))}

booted() { grep -qa 'Run /init as init process' "$out/kernel.log" 2>/dev/null; }

# boot_watch PID: end an emulator whose kernel does not start /init.
boot_watch() {
	local second
	for ((second = 0; second < boot_timeout; second++)); do
		! booted && kill -0 "$1" 2>/dev/null || return 0
		sleep 1
	done
	! booted || return 0
	: >"$work/hung"
	kill "$1" 2>/dev/null || :
}

tee "$out/output" <"$work/output" &
tee=$!
start=$(date +%s)
rc=0
if [ -n "$interactive" ]; then
	"${qemu[@]}" -chardev stdio,id=terminal,signal=off -device virtconsole,chardev=terminal \
		2>"$out/qemu.log" || rc=$?
else
	# --foreground: timeout makes no process group, and ends QEMU on a signal.
	timeout --foreground -k 10 "$timeout" "${qemu[@]}" </dev/null 2>"$out/qemu.log" &
	vm=$!
	boot_watch "$vm" &
	watch=$!
	wait "$vm" || rc=$?
	vm=''
	kill "$watch" 2>/dev/null || :
	watch=''
fi
seconds=$(($(date +%s) - start))
# If QEMU never opened the FIFO, tee still waits for a writer.
: <>"$work/output"
wait "$tee" || :

# --- the verdict --------------------------------------------------------------

keep() {
	case $out in
	"$work"/*)
		mkdir -p "$cache/failed"
		rm -rf "$cache/failed/$$"
		cp -a "$out" "$cache/failed/$$"
		out=$cache/failed/$$
		;;
	esac
	echo "vm: the logs: $out" >&2
}

# verdict STATUS WHAT: print the reason and the kernel's messages, if any, and exit.
verdict() {
	echo "vm: $2" >&2
	if [ "$1" != 1 ] && splats=$(verdict_splats "$out/kernel.log"); then
		echo "$splats" >&2
	elif [ "$1" = 3 ] || [ "$1" = 5 ]; then
		echo "vm: the end of the kernel log:" >&2
		tail -n 8 "$out/kernel.log" | tr -d '\r' >&2
	fi
	keep
	exit "$1"
}

# again WHY: start the run again, up to twice; return when that is not possible.
again() {
	# The programs at the other ends of a control port cannot start again.
	if [ -z "$control" ] && [ "${VM_BOOT:-1}" -lt 3 ]; then
		echo "vm: $1; starting again" >&2
		cleanup
		VM_BOOT=$((${VM_BOOT:-1} + 1)) exec "$lab/run.sh" "${command_line[@]}"
	fi
}

# Faults of the emulator that do not occur in every run.
again_if_emulator() {
	! verdict_emulator "$out/kernel.log" || again "QEMU executed a breakpoint that was removed"
}

touch "$out/kernel.log" "$out/result"
last=$(tail -n 1 "$out/result")
if [ -e "$work/hung" ]; then
	again "the kernel did not start /init in $boot_timeout s"
	verdict 5 "timeout: the kernel did not start /init in $boot_timeout s"
elif [ "$rc" = 124 ] || [ "$rc" = 137 ]; then
	again_if_emulator
	verdict 5 "timeout: still running after $timeout s"
elif [ "$rc" != 0 ]; then
	cat "$out/qemu.log" >&2
	verdict 3 "QEMU failed (status $rc)"
elif [ "${last#exit }" = "$last" ]; then
	again_if_emulator
	verdict 3 "no result (crash or hang after $seconds s)"
elif verdict_splats "$out/kernel.log" >/dev/null; then
	verdict 4 "splat in the kernel log:"
elif [ "$last" != 'exit 0' ]; then
	verdict 1 "the script failed ($last)"
elif grep -a '^FAIL ' "$out/result" >&2; then
	verdict 1 "the script reported failures"
fi
