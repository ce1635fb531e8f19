#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests install.sh against a scratch machine: a directory that stands for / and
# stand-ins for the commands that would touch the real one. Needs no rights.
#
# usage: tests/install/run.sh [NAME...]     all, or the cases named
#
# Prints PASS <name> or FAIL <name>: <why>; exit status 0 when all passed.

set -uo pipefail
export LC_ALL=C

# The mounts of some cases are nobody else's, and need no rights of root's.
[ -n "${L2PC_UNSHARED-}" ] || L2PC_UNSHARED=1 exec unshare --mount --map-root-user "$0" "$@"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
top=$(cd "$here/../.." && pwd -P) || exit 1
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-install-test.XXXXXX") || exit 1
trap '! mountpoint -q "$root" || umount -R "$root"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

module=l2packet_counter
release=6.1.0-18-amd64
bin=$work/bin root=$work/m/root
passed=0
failed=0

# The only commands there are: what install.sh uses beyond these is a new
# dependency, and shows here.
real="bash sh cat cp mv rm mkdir rmdir cmp chmod dirname basename mktemp grep sed awk tr head tail od find
sort ln hostname kill"
fakes="id uname gcc make modinfo depmod modprobe insmod rmmod systemctl mokutil df dmesg"

commands()
{
	local name

	mkdir "$bin"
	for name in $real; do
		ln -s "$(command -v "$name")" "$bin/$name" 2>/dev/null || :
	done
	for name in $fakes; do ln -s "$here/fake.sh" "$bin/$name"; done
}

# A Debian machine that has everything: eth0, wlan0 beside it, tun0 and lo. Each case
# gets a copy of the one that machine_make has made.
machine()
{
	! mountpoint -q "$root" || umount -R "$root"
	rm -rf "$work/m" "$bin"
	cp -a "$work/template/." "$work/"
}

machine_make()
{
	local lib=$root/lib/modules/$release

	mkdir -p "$work/m/state" "$work/m/tmp" "$root"/{proc/sys/kernel,proc/self,sys/module,etc,run/systemd/system} \
		"$lib/build/include/config" "$lib/build/scripts" "$lib/kernel"
	echo 'ID=debian' >"$root/etc/os-release"
	: >"$root/proc/modules"
	echo 0 >"$root/proc/sys/kernel/modules_disabled"
	printf 'Name:\tbash\nCapEff:\t000001ffffffffff\n' >"$root/proc/self/status"
	: >"$lib/build/Makefile"
	echo "$release" >"$lib/build/include/config/kernel.release"
	echo 'CONFIG_CC_VERSION_TEXT="gcc-12 (Debian 12.2.0-14) 12.2.0"' >"$lib/build/include/config/auto.conf"
	echo 'a module' >"$lib/kernel/other.ko"
	echo 'an index' >"$lib/modules.dep"
	interface lo 772 0x9
	interface eth0 1 0x1003
	interface wlan-a 1 0x1003
	interface tun0 65534 0x1090
	commands
	mkdir "$work/template"
	mv "$work/m" "$bin" "$work/template"
}

interface() # <name> <type> <flags>
{
	local dir=$root/sys/class/net/$1

	mkdir -p "$dir"
	echo "$2" >"$dir/type"
	echo "$3" >"$dir/flags"
	echo up >"$dir/operstate"
	echo 02:00:00:00:00:01 >"$dir/address"
}

# run [NAME=VALUE...] -- [argument...]: install.sh on that machine. Sets $status. Of what
# it says $lines lines are read, where that is set; then the reader goes.
run()
{
	local env=()

	while [ "$1" != -- ]; do
		env+=("$1")
		shift
	done
	shift
	status=0
	# A signal ignored by the caller (a background job) could not be trapped.
	env -i --default-signal=INT,PIPE PATH="$bin" TMPDIR="$work/m/tmp" L2PC_ROOT="$root" FAKE_UID=0 \
		FAKE_RELEASE="$release" "${env[@]}" \
		bash "$top/install.sh" "$@" </dev/null 2>&1 | head -n "${lines:-100000}" >"$work/m/state/out"
	status=${PIPESTATUS[0]}
}

# Every path with its type, mode, and content or target.
listing()
{
	(cd "$root" && { find . -printf '%p %y %m %l\n' && find . -type f -exec cksum {} +; } | sort)
}

why()  { [ -n "$reason" ] || reason=$1; return 1; }
said() { grep -qF -- "$1" "$work/m/state/out" || why "it did not say: $1"; }
ended() { [ "$status" = "$1" ] || why "exit status $status, not $1"; }
there() { [ -e "$root$1" ] || why "$1 is not there"; }
absent() { [ ! -e "$root$1" ] || why "$1 is there"; }
holds() { grep -qxF -- "$2" "$root$1" || why "$1 does not hold: $2"; }
called() { grep -qxF -- "$1" "$work/m/state/calls" || why "never called: $1"; }
unchanged()
{
	listing >"$work/m/state/after"
	cmp -s "$work/m/state/before" "$work/m/state/after" ||
		why "the machine changed: $(diff "$work/m/state/before" "$work/m/state/after" | grep '^[<>]' | head -n 3 | tr '\n' ' ')"
}
remember() { listing >"$work/m/state/before"; }
nothing_left() { [ -z "$(find "$work/m/tmp" -mindepth 1 "$@")" ] || why "left in TMPDIR: $(ls "$work/m/tmp")"; }

# refusal <exit status> <words it must say> [NAME=VALUE...] -- [argument...]
refusal()
{
	local code=$1 words=$2

	shift 2
	remember
	run "$@"
	ended "$code" && said "$words" && unchanged && nothing_left
}

good=(--interface eth0 --yes)
installed=/lib/modules/$release/updates/$module.ko
conf=/etc/modprobe.d/$module.conf
unit=/etc/systemd/system/$module.service
wants=/etc/systemd/system/sys-subsystem-net-devices-eth0.device.wants/$module.service

# --- refusals ------------------------------------------------------------------

case_help() { run -- --help; ended 0 && said "Exit status:"; }
case_bad_option() { refusal 2 "unknown option '--frobnicate'" -- --frobnicate; }
case_no_interface_without_terminal() { refusal 2 "--interface IF" -- --yes; }
case_no_yes_without_terminal() { refusal 2 "add --yes" -- --interface eth0; }
case_interface_without_value() { refusal 2 "--interface needs a name" -- --yes --interface; }
case_empty_interface() { refusal 2 "empty name" -- --yes --interface ''; }
case_empty_name_in_list() { refusal 2 "empty name in its list" -- --yes --interface eth0,,eth1; }
case_long_name() { refusal 2 "longer than 15" -- --yes --interface abcdefghijklmnop; }
case_name_with_syntax() { refusal 2 "can configure" -- --yes --interface 'a;reboot'; }
case_not_root() { refusal 3 "sudo $top/install.sh --interface eth0 --yes" FAKE_UID=1000 -- "${good[@]}"; }

case_old_kernel()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/5.9.16-1"
	refusal 3 "kernel 5.10 or newer" FAKE_RELEASE=5.9.16-1 -- "${good[@]}"
}

case_oldest_supported_kernel()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/5.10.0"
	echo 5.10.0 >"$root/lib/modules/5.10.0/build/include/config/kernel.release"
	run FAKE_RELEASE=5.10.0 -- "${good[@]}"
	ended 0
}

case_kernel_without_modules() { rm "$root/proc/modules"; refusal 3 "CONFIG_MODULES" -- "${good[@]}"; }
case_modules_disabled() { echo 1 >"$root/proc/sys/kernel/modules_disabled"; refusal 3 "kernel.modules_disabled = 1" -- "${good[@]}"; }
case_container() { echo 'CapEff: 00000000a80425fb' >"$root/proc/self/status"; refusal 3 "CAP_SYS_MODULE" -- "${good[@]}"; }

no_headers() # <ID> <ID_LIKE> <command>
{
	printf 'ID="%s"\nID_LIKE="%s"\n' "$1" "$2" >"$root/etc/os-release"
	rm -rf "$root/lib/modules/$release/build"
	refusal 3 "$3" -- "${good[@]}"
}
case_no_headers_debian() { no_headers debian '' "sudo apt install linux-headers-$release"; }
case_no_headers_mint() { no_headers linuxmint 'ubuntu debian' "sudo apt install linux-headers-$release"; }
case_no_headers_fedora() { no_headers fedora '' "sudo dnf install kernel-devel-$release"; }
case_no_headers_rocky() { no_headers rocky 'rhel centos fedora' "sudo dnf install kernel-devel-$release"; }
case_no_headers_arch()
{
	echo linux-lts >"$root/lib/modules/$release/pkgbase"
	no_headers arch '' "sudo pacman -S linux-lts-headers"
}
case_no_headers_suse()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/6.4.0-150600.21-default"
	release=6.4.0-150600.21-default
	no_headers opensuse-leap 'suse opensuse' "sudo zypper install kernel-default-devel"
}
case_no_headers_alpine()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/6.6.31-0-lts"
	release=6.6.31-0-lts
	no_headers alpine '' "sudo apk add linux-lts-dev"
}
case_headers_of_another_kernel()
{
	echo 6.1.0-17-amd64 >"$root/lib/modules/$release/build/include/config/kernel.release"
	refusal 3 "is for 6.1.0-17-amd64" -- "${good[@]}"
}
case_kernel_upgraded_since_boot() { rm -rf "$root/lib/modules/$release"; refusal 3 "upgraded since boot" -- "${good[@]}"; }
case_no_compiler() { rm "$bin/gcc"; refusal 3 "sudo apt install build-essential" -- "${good[@]}"; }
case_no_make() { rm "$bin/make"; refusal 3 "missing: make" -- "${good[@]}"; }
case_no_kmod() { rm "$bin/depmod"; refusal 3 "sudo apt install kmod" -- "${good[@]}"; }
case_all_that_is_missing_at_once()
{
	rm "$bin/make" "$bin/gcc"
	refusal 3 "requirements missing: 3" -- --interface none0 --yes
	said "missing: make" && said "missing: a C compiler" && said "'none0'"
}
case_clang_kernel_without_clang()
{
	echo CONFIG_CC_IS_CLANG=y >"$root/lib/modules/$release/build/include/config/auto.conf"
	refusal 3 "sudo apt install clang" -- "${good[@]}"
}
case_other_compiler_with_plugins()
{
	echo CONFIG_GCC_PLUGINS=y >>"$root/lib/modules/$release/build/include/config/auto.conf"
	mkdir "$root/lib/modules/$release/build/scripts/gcc-plugins"
	: >"$root/lib/modules/$release/build/scripts/gcc-plugins/x.so"
	refusal 3 "sudo apt install gcc-12" FAKE_GCC=13 -- "${good[@]}"
}
case_loopback() { refusal 3 "'lo' is loopback" -- --interface lo --yes; }
case_unknown_interface() { refusal 3 "'eth7': there is none" -- --interface eth7 --yes; }
case_unknown_interface_in_list() { refusal 3 "'eth7': there is none" -- --interface eth0,eth7 --yes; }
case_not_ethernet() { refusal 3 "'tun0' is of another kind (type 65534)" -- --interface tun0 --yes; }
case_no_space() { refusal 3 "disk space" FAKE_FREE=100 -- "${good[@]}"; }
# A file system of its own, of so many KiB, with the scratch machine on it, and the real df.
small_disk()
{
	mv "$root" "$work/m/aside"
	mkdir "$root"
	mount -t tmpfs -o "size=$1k" l2pc-install-test "$root" || why "no tmpfs" || return
	cp -a "$work/m/aside/." "$root/"
	# What is no file on a disk.
	for dir in sys proc run; do mount --bind "$work/m/aside/$dir" "$root/$dir" || why "no bind mount" || return; done
}
case_disk_is_small()
{
	ln -sf "$(command -v df)" "$bin/df"
	small_disk 2048 && refusal 3 "disk space: $root/lib/modules/$release has 1 MiB free, 8 MiB are needed" -- "${good[@]}"
}

# full_disk KIB: with no room at all, and so much more each time, until it succeeds:
# wherever the disk is full, all is put back.
full_disk()
{
	local room filler=$root/filler failures=0

	small_disk 2048 || return
	head -c 3000000 /dev/zero >"$filler" 2>/dev/null
	for ((room = 0; room < 1024; room += $1)); do
		remember
		run -- "${good[@]}" --service
		[ "$status" != 0 ] || break
		ended 1 && said "No space left on device" && said "The machine is as it was before." && unchanged || return
		failures=$((failures + 1))
		truncate -s "-$1K" "$filler"
	done
	ended 0 && there "/proc/$module" && { [ "$failures" -ge 3 ] || why "only $failures runs found the disk full"; }
}
case_disk_is_full() { full_disk 4; }
case_disk_is_full_over_an_older_one() { older yes; full_disk 4; }
case_disk_is_full_with_dkms() { dkms_is_here; full_disk 48; }
case_no_systemd() { rm -r "$root/run/systemd"; refusal 3 "--no-service" -- "${good[@]}" --service; }
case_dkms_has_it()
{
	mkdir -p "$root/lib/modules/$release/updates/dkms"
	: >"$root/lib/modules/$release/updates/dkms/$module.ko.xz"
	refusal 3 "DKMS already has" -- "${good[@]}"
}
case_dkms_has_it_for_other_kernels()
{
	dkms_is_here
	mkdir -p "$root/var/lib/dkms/$module/1.0/$release/x86_64"
	ln -s "/usr/src/$module-1.0" "$root/var/lib/dkms/$module/1.0/source"
	ln -s "1.0/$release/x86_64" "$root/var/lib/dkms/$module/kernel-$release-x86_64"
	refusal 3 "sudo dkms remove $module/1.0 --all && sudo rm -r $root/usr/src/$module-1.0" -- "${good[@]}" &&
		{ [ "$(grep -c 'dkms remove' "$work/m/state/out")" = 1 ] || why "it names what is no version"; }
}
case_dkms_place_is_taken() { dkms_is_here; mkdir -p "$root$dkms_sources"; refusal 3 "move it elsewhere" -- "${good[@]}"; }

case_secure_boot_without_key() { refusal 3 "mokutil --import /var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled -- "${good[@]}"; }
case_secure_boot_without_mokutil()
{
	local dir=$root/sys/firmware/efi/efivars

	rm "$bin/mokutil"
	mkdir -p "$dir"
	printf '\6\0\0\0\1' >"$dir/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	refusal 3 "sudo apt install mokutil" -- "${good[@]}"
}
case_lockdown_without_key()
{
	mkdir -p "$root/sys/kernel/security"
	echo 'none [integrity] confidentiality' >"$root/sys/kernel/security/lockdown"
	refusal 3 "locked down (integrity)" -- "${good[@]}"
}
sign_file() { ln -s "$here/fake.sh" "$root/lib/modules/$release/build/scripts/sign-file"; }
key()
{
	mkdir -p "$root/var/lib/dkms"
	: >"$root/var/lib/dkms/mok.key"
	: >"$root/var/lib/dkms/mok.pub"
	sign_file
}
case_key_not_enrolled() { key; refusal 3 "not enrolled yet" FAKE_SECURE_BOOT=enabled FAKE_KEY="not enrolled" -- "${good[@]}"; }
case_signs_with_the_key()
{
	key
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	ended 0 && holds "$installed" "signed sha256"
}
case_signing_fails()
{
	key
	remember
	run FAKE_SECURE_BOOT=enabled FAKE_FAIL=sign-file -- "${good[@]}"
	ended 1 && said "this step failed: sign" && unchanged
}
case_secure_boot_not_enforced()
{
	mkdir -p "$root/sys/kernel/security"
	echo '[none] integrity confidentiality' >"$root/sys/kernel/security/lockdown"
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	ended 0 && said "does not ask for signed modules"
}

# --- installing ----------------------------------------------------------------

case_installs()
{
	run -- "${good[@]}"
	ended 0 && there "$installed" && holds "$conf" "options $module interface=eth0" && there "/proc/$module" &&
		holds "/lib/modules/$release/modules.dep" "$root$installed" && absent "$unit" && nothing_left
}
case_installs_with_service()
{
	run -- "${good[@]}" --service
	ended 0 && there "$installed" && there "$conf" && there "/proc/$module" && there "/run/active-$module" &&
		there "$wants" && holds "$unit" "BindsTo=sys-subsystem-net-devices-eth0.device" &&
		holds "$unit" "After=sys-subsystem-net-devices-eth0.device" &&
		holds "$unit" "ExecStart=/sbin/modprobe $module interface=eth0" && nothing_left
}
case_device_name_is_escaped()
{
	run -- --interface wlan-a --yes --service
	ended 0 && holds "$unit" 'BindsTo=sys-subsystem-net-devices-wlan\x2da.device'
}
case_several_interfaces()
{
	interface eth1 1 0x1003
	run -- --interface eth0,eth1 --yes --service
	ended 0 && holds "/proc/$module" "Interface: eth1" && holds "$conf" "options $module interface=eth0,eth1" &&
		holds "$unit" "BindsTo=sys-subsystem-net-devices-eth0.device sys-subsystem-net-devices-eth1.device"
}
case_fedora_goes_to_extra()
{
	echo ID=fedora >"$root/etc/os-release"
	run -- "${good[@]}"
	ended 0 && there "/lib/modules/$release/extra/$module.ko" && absent "$installed"
}
case_source_tree_stays_clean()
{
	local before after

	before=$(cd "$top" && find . -path ./.git -prune -o -name '*.ko' -print | sort)
	run -- "${good[@]}"
	after=$(cd "$top" && find . -path ./.git -prune -o -name '*.ko' -print | sort)
	ended 0 && { [ "$before" = "$after" ] || why "the build left $after"; }
}
case_other_compiler_is_used_when_there()
{
	ln -s "$here/fake.sh" "$bin/gcc-12"
	run FAKE_GCC=13 -- "${good[@]}"
	ended 0 && { grep -qx 'CC=gcc-12' "$work/m/state/make-args" || why "not built with gcc-12"; }
}
case_other_compiler_is_warned_of()
{
	run FAKE_GCC=13 -- "${good[@]}"
	ended 0 && said "built with gcc 12, gcc here is 13"
}
case_without_pahole_there_is_no_btf()
{
	run -- "${good[@]}"
	ended 0 && { grep -qx 'CONFIG_DEBUG_INFO_BTF_MODULES=' "$work/m/state/make-args" || why "BTF is asked for"; }
}
case_with_pahole_the_kernel_decides()
{
	ln -s "$here/fake.sh" "$bin/pahole"
	run -- "${good[@]}"
	ended 0 && { ! grep -q BTF "$work/m/state/make-args" || why "BTF is switched off"; }
}
case_clang_kernel_is_built_with_clang()
{
	echo CONFIG_CC_IS_CLANG=y >"$root/lib/modules/$release/build/include/config/auto.conf"
	ln -s "$here/fake.sh" "$bin/clang"
	ln -s "$here/fake.sh" "$bin/ld.lld"
	run -- "${good[@]}"
	ended 0 && { grep -qx 'LLVM=1' "$work/m/state/make-args" || why "not built with LLVM=1"; }
}
# The kernel is clang 14's; there is clang of that version.
clang_kernel() # <version>
{
	local config=$root/lib/modules/$release/build/include/config/auto.conf

	echo CONFIG_CC_IS_CLANG=y >"$config"
	echo 'CONFIG_CC_VERSION_TEXT="Debian clang version 14.0.6"' >>"$config"
	ln -s "$here/fake.sh" "$bin/clang"
	ln -s "$here/fake.sh" "$bin/ld.lld"
	run "FAKE_GCC=$1.0.1" -- "${good[@]}"
}
case_other_clang_is_used_when_there()
{
	ln -s "$here/fake.sh" "$bin/clang-14"
	ln -s "$here/fake.sh" "$bin/ld.lld-14"
	clang_kernel 16
	ended 0 && said "compiler clang-14, as the kernel's" &&
		{ [ "$(grep -cxE 'LLVM=1|CC=clang-14|LD=ld.lld-14' "$work/m/state/make-args")" = 3 ] || why "not built with clang-14"; }
}
case_other_clang_is_warned_of()
{
	ln -s "$here/fake.sh" "$bin/clang-14" # and no linker of that version
	clang_kernel 16
	ended 0 && said "built with clang 14, clang here is 16" && said "sudo apt install clang-14 lld-14" &&
		{ ! grep -q '^CC=' "$work/m/state/make-args" || why "clang-14 without its linker"; }
}
case_same_clang() { clang_kernel 14; ended 0 && said "compiler clang 14" && { ! grep -q "built with clang" "$work/m/state/out" || why "warned"; }; }

# kernel_is_asked <what> [argument...]: of the kernel's makefile, by make build with these
# arguments, and $flags in MAKEFLAGS.
kernel_is_asked()
{
	local build=$root/lib/modules/$release/build wanted=$1 asked

	shift
	# shellcheck disable=SC2016 # make's variables
	printf 'modules:\n\t@echo "LLVM=$(LLVM) CC=$(CC)"\n' >"$build/Makefile"
	asked=$(env -i PATH="$PATH" MAKEFLAGS="${flags-}" make -s -C "$top" build KDIR="$build" "$@" 2>&1)
	[ "$asked" = "$wanted" ] || why "make build asks the kernel for $asked, not $wanted"
}
case_make_build_with_gcc() { kernel_is_asked "LLVM= CC=cc"; }
case_make_build_without_configuration() { rm -r "$root/lib/modules/$release/build/include"; kernel_is_asked "LLVM= CC=cc"; }
case_make_build_with_clang()
{
	local arguments flags

	ln -s "$here/fake.sh" "$bin/clang-14"
	ln -s "$here/fake.sh" "$bin/ld.lld-14"
	clang_kernel 16
	kernel_is_asked "LLVM=1 CC=cc" && kernel_is_asked "LLVM=-15 CC=cc" LLVM=-15 && kernel_is_asked "LLVM= CC=cc" LLVM= || return
	# As install.sh calls it, and DKMS for it.
	mapfile -t arguments < <(grep -v ^KDIR= "$work/m/state/make-args")
	kernel_is_asked "LLVM=1 CC=clang-14" "${arguments[@]}" || return
	flags=" -- LLVM=-14 CC=clang-14"
	kernel_is_asked "LLVM=-14 CC=clang-14"
}

# --- a step fails: the machine is as before --------------------------------------

broken() # <words about the step> [NAME=VALUE...] -- [argument...]
{
	local words=$1 log

	shift
	remember
	run "$@"
	ended 1 && said "this step failed: $words" && said "The machine is as it was before." && unchanged || return
	# What remains is the log, and the message names it.
	log=$(find "$work/m/tmp" -type f)
	[ -n "$log" ] && said "$log" && nothing_left ! -path "$log"
}
case_build_fails() { broken build FAKE_FAIL=make -- "${good[@]}"; said "make: made to fail"; }
case_built_for_another_kernel() { broken build FAKE_BUILT_FOR=6.1.99 -- "${good[@]}"; said "6.1.99"; }
case_install_fails()
{
	# A file where the directory should come.
	: >"$root/lib/modules/$release/updates"
	broken install -- "${good[@]}"
}
case_depmod_fails() { broken "bring the module index" FAKE_FAIL=depmod -- "${good[@]}"; }
case_configuration_fails() { : >"$root/etc/modprobe.d"; broken write -- "${good[@]}"; }
case_modprobe_fails() { broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; said "the fake kernel's message"; }
case_verify_fails() { broken "check that" FAKE_SILENT=1 -- "${good[@]}"; }
case_daemon_reload_fails()
{
	remember
	run FAKE_FAIL=systemctl:daemon-reload -- "${good[@]}" --service
	ended 1 && said "this step failed: write" && unchanged
}
case_enable_fails() { broken "enable" FAKE_FAIL=systemctl:enable -- "${good[@]}" --service; }
case_start_fails() { broken "start" FAKE_FAIL=systemctl:start -- "${good[@]}" --service; }

interrupted() # <command>
{
	remember
	run FAKE_INTERRUPT="$1" -- "${good[@]}" --service
	ended 1 && said "interrupted" && unchanged && nothing_left
}
case_interrupted_while_building() { interrupted make:-C; }
case_interrupted_while_indexing() { interrupted depmod; }
case_interrupted_while_loading() { interrupted modprobe; }
case_interrupted_while_starting() { interrupted systemctl:start; }

# It is done, or the machine is as it was.
case_reader_goes()
{
	local first last undone=0

	run -- "${good[@]}" --service
	first=$(grep -n '^==>' "$work/m/state/out" | head -n 1)
	last=$(wc -l <"$work/m/state/out")
	[ -n "$first" ] || why "it took no step" || return
	for ((lines = ${first%%:*}; lines < last; lines += 3)); do
		machine
		remember
		run -- "${good[@]}" --service
		if [ "$status" = 0 ]; then
			there "$installed" && there "$wants" && nothing_left || return
		else
			ended 1 && unchanged && nothing_left || return
			undone=$((undone + 1))
		fi
	done
	[ "$undone" -gt 0 ] || why "it never noticed" || return
	machine
	run -- "${good[@]}" --service
	lines=1
	run -- --uninstall
	ended 0 && absent "$installed" && absent "$conf" && absent "$unit"
}

# --- through DKMS ------------------------------------------------------------------------

dkms_is_here()
{
	ln -s "$here/fake.sh" "$bin/dkms"
	mkdir -p "$root/var/lib/dkms" "$root/usr/src"
}
in_dkms=/lib/modules/$release/updates/dkms/$module.ko
version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$top/packet-counter.c")
dkms_sources=/usr/src/$module-$version

case_says_that_there_is_no_dkms() { run -- "${good[@]}"; ended 0 && said "no DKMS here: plain install, for kernel $release only"; }
case_dkms_is_used()
{
	dkms_is_here
	run -- "${good[@]}" --service
	ended 0 && said "DKMS is here: it builds the module" && there "$in_dkms" && absent "$installed" &&
		there "$dkms_sources/dkms.conf" && there "$dkms_sources/kmod" && there "/proc/$module" && there "$wants" &&
		called "dkms build $module/$version -k $release" && nothing_left
}
case_dkms_builds_with_the_right_compiler()
{
	dkms_is_here
	ln -s "$here/fake.sh" "$bin/gcc-12"
	run FAKE_GCC=13 -- "${good[@]}"
	ended 0 && { grep -q -- '-- CC=gcc-12' "$work/m/state/make-args" || why "not built with gcc-12"; }
}
case_dkms_uninstall()
{
	dkms_is_here
	remember
	run -- "${good[@]}" --service
	run -- --uninstall
	ended 0 && said "from DKMS" && called "dkms remove $module/$version --all" || return
	for path in "$in_dkms" "$dkms_sources" "/var/lib/dkms/$module" "$conf" "$unit" "/sys/module/$module"; do
		absent "$path" || return
	done
}
case_dkms_uninstall_when_dkms_is_gone()
{
	dkms_is_here
	run -- "${good[@]}"
	rm "$bin/dkms"
	run -- --uninstall
	ended 0 && absent "$in_dkms" && absent "$dkms_sources" && absent "/var/lib/dkms/$module" || return
	! grep -q "$module" "$root/lib/modules/$release/modules.dep" || why "the index still names the module"
}
case_dkms_gone_since()
{
	dkms_is_here
	run -- "${good[@]}"
	rm "$bin/dkms"
	refusal 3 "sudo apt install dkms" -- "${good[@]}"
}
case_dkms_uninstall_leaves_the_packages_copy()
{
	dkms_is_here
	mkdir -p "$root$dkms_sources" "$root${in_dkms%/*}" "$root/var/lib/dkms/$module/$version"
	: >"$root$in_dkms"
	remember
	run -- --uninstall
	ended 0 && said "left alone, as it is DKMS's" && unchanged
}
case_dkms_replaces_itself()
{
	dkms_is_here
	run -- "${good[@]}"
	mv "$root$dkms_sources" "$root/usr/src/$module-1.9"
	mv "$root/var/lib/dkms/$module/$version" "$root/var/lib/dkms/$module/1.9"
	run -- "${good[@]}"
	ended 0 && absent "/usr/src/$module-1.9" && there "$dkms_sources" && there "$in_dkms" && called "dkms remove $module/1.9 --all"
}
case_dkms_replaces_a_plain_copy() { older no; dkms_is_here; run -- "${good[@]}"; ended 0 && absent "$installed" && there "$in_dkms"; }
case_dkms_add_fails() { dkms_is_here; broken "give the sources" FAKE_FAIL=dkms:add -- "${good[@]}"; }
case_dkms_build_fails() { dkms_is_here; broken "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"; }
case_dkms_builds_for_another_kernel() { dkms_is_here; broken "build for kernel" FAKE_BUILT_FOR=6.1.99 -- "${good[@]}"; }
case_dkms_install_fails() { dkms_is_here; broken "install, by DKMS" FAKE_FAIL=dkms:install -- "${good[@]}"; }
case_dkms_index_fails() { dkms_is_here; broken "install, by DKMS" FAKE_FAIL=depmod -- "${good[@]}"; }
case_dkms_load_fails() { dkms_is_here; broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
case_dkms_over_a_plain_copy_fails() { older yes; dkms_is_here; broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
case_dkms_over_itself_fails()
{
	dkms_is_here
	run -- "${good[@]}"
	broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"
	there "$in_dkms" && there "$dkms_sources/dkms.conf" && called "insmod $root$in_dkms interface=eth0"
}
case_dkms_build_over_itself_fails()
{
	dkms_is_here
	run -- "${good[@]}"
	broken "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"
	there "$in_dkms"
}

# Another kernel, for which DKMS has built what an earlier run gave it.
other=6.1.0-19-amd64
other_kernel()
{
	dkms_is_here
	run -- "${good[@]}"
	mkdir -p "$root/lib/modules/$other/build"
	: >"$root/lib/modules/$other/build/Makefile"
	env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$other" dkms install "$module/$version" -k "$other"
}
case_dkms_keeps_other_kernels()
{
	other_kernel
	run -- "${good[@]}"
	ended 0 && there "$in_dkms" && there "${in_dkms/$release/$other}" && called "dkms install $module/$version -k $other --force"
}
case_dkms_other_kernel_cannot_be_built()
{
	other_kernel
	rm "$root/lib/modules/$other/build/Makefile"
	run -- "${good[@]}"
	ended 0 && said "warning: kernel $other has no module any more" &&
		said "sudo dkms install $module/$version -k $other" && there "$in_dkms" && absent "${in_dkms/$release/$other}"
}
case_dkms_with_other_kernels_build_fails() { other_kernel; broken "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"; }
case_dkms_with_other_kernels_load_fails() { other_kernel; broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
case_dkms_removed_by_hand()
{
	dkms_is_here
	run -- "${good[@]}"
	env PATH="$bin" L2PC_ROOT="$root" dkms remove "$module/$version" --all
	run -- "${good[@]}"
	ended 0 && there "$in_dkms"
}
case_dkms_interrupted_while_building() { dkms_is_here; interrupted dkms:build; }
case_dkms_interrupted_while_installing() { dkms_is_here; interrupted dkms:install; }
case_dkms_no_headers() { dkms_is_here; no_headers debian '' "sudo apt install linux-headers-$release"; }
case_dkms_no_compiler() { dkms_is_here; rm "$bin/gcc"; refusal 3 "sudo apt install build-essential" -- "${good[@]}"; }
case_dkms_no_space() { dkms_is_here; refusal 3 "disk space: $root/var/lib/dkms" FAKE_FREE=100 -- "${good[@]}"; }
case_dkms_without_key() { dkms_is_here; refusal 3 "mokutil --import /var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled -- "${good[@]}"; }
case_dkms_key_not_enrolled()
{
	dkms_is_here
	key
	refusal 3 "mokutil --import $root/var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled FAKE_KEY="not enrolled" -- "${good[@]}"
}
case_dkms_signs()
{
	dkms_is_here
	key
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	ended 0 && said "will be signed with $root/var/lib/dkms/mok.key" && holds "$in_dkms" "signer somebody"
}
case_dkms_does_not_sign()
{
	dkms_is_here
	key
	broken "build for kernel" FAKE_SECURE_BOOT=enabled FAKE_UNSIGNED=1 -- "${good[@]}"
	said "in /etc/dkms/framework.conf"
}
case_dkms_key_of_its_configuration()
{
	dkms_is_here
	key
	mkdir -p "$root/etc/dkms"
	printf '%s\n' 'mok_signing_key="/etc/keys/a.key"' mok_certificate=/etc/keys/a.der >"$root/etc/dkms/framework.conf"
	refusal 3 "a key to sign the module with" FAKE_SECURE_BOOT=enabled -- "${good[@]}" || return
	mkdir "$root/etc/keys"
	touch "$root"/etc/keys/a.{key,der}
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	ended 0 && said "will be signed with $root/etc/keys/a.key"
}

# Where it says that a key is to be, it looks for one.
case_dkms_key_where_it_says()
{
	local key certificate

	dkms_is_here
	sign_file
	echo ID=ubuntu >"$root/etc/os-release"
	refusal 3 "a key to sign the module with" FAKE_SECURE_BOOT=enabled -- "${good[@]}" || return
	read -r key certificate < <(sed -n 's/.*-keyout \([^ ]*\) -out \([^ ]*\)$/\1 \2/p' "$work/m/state/out")
	said "sudo mkdir -p ${key%/*}" && said "sudo chmod 600 $key" && said "mokutil --import $certificate" || return
	mkdir -p "$root${key%/*}" "$root${certificate%/*}"
	: >"$root$key"
	: >"$root$certificate"
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	ended 0 && said "will be signed with $root$key"
}

# package_comes: what the package's preinst says of this machine.
package_comes()
{
	status=0
	DPKG_ROOT=$root sh "$top/packaging/debian/l2packet-counter-dkms.preinst" install >"$work/m/state/out" 2>&1 || status=$?
}
case_package_over_plain_copy()
{
	package_comes
	ended 0 || return
	run -- "${good[@]}"
	remember
	package_comes
	ended 1 && said "sudo ./install.sh --uninstall" && unchanged || return
	run -- --uninstall
	package_comes
	ended 0
}
case_package_over_dkms_copy()
{
	dkms_is_here
	run -- "${good[@]}"
	remember
	package_comes
	ended 1 && said "$dkms_sources/put-here-by-install.sh" && unchanged || return
	run -- --uninstall
	package_comes
	ended 0
}

# --- over an older one -------------------------------------------------------------

# An older version, installed, as a service or not, loaded with parameters of its own.
older() # <service: yes|no>
{
	mkdir -p "$root${installed%/*}" "$root/etc/modprobe.d"
	printf 'vermagic %s SMP\nsrcversion OLD\n' "$release" >"$root$installed"
	chmod 600 "$root$installed"
	printf '# mine\noptions %s reset_interval=60 interface=wlan-a\n' "$module" >"$root$conf"
	if [ "$1" = yes ]; then
		mkdir -p "$root/etc/systemd/system"
		printf '[Service]\nExecStart=/sbin/modprobe %s interface=wlan-a reset_interval=60\n[Install]\nWantedBy=old.device\n' \
			"$module" >"$root$unit"
		env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$release" systemctl enable
		env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$release" systemctl start
	else
		env PATH="$bin" L2PC_ROOT="$root" insmod "$root$installed" interface=wlan-a reset_interval=60
	fi
}
case_replaces_an_older_one()
{
	older no
	run -- "${good[@]}"
	ended 0 && said "already loaded (interface=wlan-a reset_interval=60)" && holds "$installed" "srcversion NEW" &&
		holds "/sys/module/$module/srcversion" NEW && holds "$conf" '# mine' &&
		holds "$conf" "options $module interface=eth0 reset_interval=60"
}
case_replaces_an_older_service()
{
	older yes
	run -- "${good[@]}"
	ended 0 && said "is kept" && there "$wants" && absent /etc/systemd/system/old.device.wants &&
		there "/run/active-$module" && holds "/sys/module/$module/srcversion" NEW
}
case_no_service_removes_an_older_one()
{
	older yes
	run -- "${good[@]}" --no-service
	ended 0 && absent "$unit" && absent /etc/systemd/system/old.device.wants && there "/proc/$module"
}
case_removes_a_copy_elsewhere()
{
	mkdir "$root/lib/modules/$release/extra"
	echo "srcversion OLD" >"$root/lib/modules/$release/extra/$module.ko"
	run -- "${good[@]}"
	ended 0 && there "$installed" && absent "/lib/modules/$release/extra/$module.ko"
}
case_upgrade_fails_to_load()
{
	# The old one is put back by insmod.
	older no
	broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"
	called "insmod $root$installed interface=wlan-a reset_interval=60"
}
case_upgrade_fails_to_verify() { older no; broken "check that" FAKE_SILENT=1 -- "${good[@]}"; }
case_upgrade_fails_to_unload() { older no; broken "unload" FAKE_FAIL=rmmod -- "${good[@]}"; }
case_service_upgrade_fails_to_load() { older yes; broken "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
case_service_upgrade_fails_to_index() { older yes; broken "bring the module index" FAKE_FAIL=depmod -- "${good[@]}"; }
case_service_upgrade_interrupted() { older yes; interrupted depmod; }
case_loaded_by_hand()
{
	# From a file that is not known any more: the new build stands in for it.
	echo "srcversion LOST" >"$work/m/state/lost.ko"
	env PATH="$bin" L2PC_ROOT="$root" insmod "$work/m/state/lost.ko" interface=eth0 reset_interval=5
	run FAKE_FAIL=depmod -- "${good[@]}"
	ended 1 && there "/proc/$module" && holds "/sys/module/$module/parameters/reset_interval" 5 || return
	run -- "${good[@]}"
	ended 0 && holds "/sys/module/$module/srcversion" NEW
}

# --- taking it away ------------------------------------------------------------------

case_uninstall()
{
	remember
	run -- "${good[@]}" --service
	run -- --uninstall
	ended 0 && said "removed $root$installed" && said "removed $root$conf" && said "removed $root$unit" || return
	for path in "$installed" "$conf" "$unit" "/sys/module/$module" "/proc/$module" "$wants" "/run/active-$module"; do
		absent "$path" || return
	done
	! grep -q "$module" "$root/lib/modules/$release/modules.dep" || why "the index still names the module"
}
case_uninstall_twice() { run -- "${good[@]}"; run -- --uninstall; remember; run -- --uninstall; ended 0 && said "nothing to remove" && unchanged; }
case_uninstall_nothing() { remember; run -- --uninstall; ended 0 && said "nothing to remove" && unchanged; }
case_uninstall_without_root() { run -- "${good[@]}"; refusal 3 "root's rights" FAKE_UID=1000 -- --uninstall; }
case_uninstall_while_in_use()
{
	run -- "${good[@]}"
	remember
	run FAKE_FAIL=rmmod -- --uninstall
	ended 1 && said "no file was removed" && unchanged
}

# --- on a terminal ---------------------------------------------------------------------

# typed <answers> [argument...]: install.sh on a terminal of its own.
typed()
{
	local answers=$1

	shift
	status=0
	# shellcheck disable=SC2059 # the answers hold the line ends
	printf "$answers" | env -i PATH="$bin" SHELL="$bin/bash" TMPDIR="$work/m/tmp" L2PC_ROOT="$root" FAKE_UID=0 \
		FAKE_RELEASE="$release" "$(command -v script)" -qefc "bash '$top/install.sh' $*" /dev/null >"$work/m/state/out" 2>&1 || status=$?
}
case_asks_on_a_terminal()
{
	typed '1\ny\ny\n'
	ended 0 && said "eth0" && said "02:00:00:00:00:01" && there "$unit" && holds "$conf" "options $module interface=eth0"
}
case_asks_again_and_takes_no()
{
	typed '9\nx\n2\nn\ny\n'
	ended 0 && said "one of the numbers" && absent "$unit" && holds "$conf" "options $module interface=wlan-a"
}
case_no_changes_nothing() { remember; typed '1\nn\nn\n'; ended 0 && said "Nothing was changed" && unchanged; }
case_end_of_input_changes_nothing() { remember; typed '\004' --interface eth0 --no-service; said "Nothing was changed" && unchanged; }

# ---------------------------------------------------------------------------------------

if [ $# -gt 0 ]; then
	cases=("${@/#/case_}")
else
	mapfile -t cases < <(declare -F | sed -n 's/^declare -f \(case_.*\)/\1/p')
fi
machine_make
for case in "${cases[@]}"; do
	release=6.1.0-18-amd64
	reason=''
	lines=''
	machine
	if "$case" && [ -z "$reason" ]; then
		echo "PASS ${case#case_}"
		passed=$((passed + 1))
	else
		echo "FAIL ${case#case_}: ${reason:-unknown case}"
		failed=$((failed + 1))
	fi
	if [ -n "${L2PC_VERBOSE:-}" ] && [ -e "$work/m/state/out" ]; then sed 's/^/    /' "$work/m/state/out"; fi
done
echo "install: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
