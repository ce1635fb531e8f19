# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# shellcheck shell=bash
# Sourced by findings that run a Debian kernel in QEMU: packages of exact versions, a guest
# made of them, and the verdict. Works in a temporary directory, which is removed at the end.
#
# qemu: the emulator; empty before this file is sourced: the caller sets it later.
# qemu_options: more options for it.
qemu=${qemu-qemu-system-x86_64}
qemu_options=()
# shellcheck disable=SC2034 # the caller ends with it
status=0

# untried PROBLEM: end with status 2, because the finding cannot be tried here.
untried() {
	echo "$*" >&2
	exit 2
}

for tool in $qemu xz cpio; do
	command -v "$tool" >/dev/null || untried "$tool is missing"
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2

# private_apt get|cache ARG...: run apt with a state of its own.
private_apt() {
	local tool=apt-$1
	shift
	"$tool" -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State::Lists="$dir/lists" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
		-o Acquire::Languages=none -o APT::Sandbox::User= "$@"
}

# guest_fetch "SUITE..." PACKAGE[=VERSION]...: download packages of Debian suites to debs/, from
# the mirrors that this machine uses.
guest_fetch() {
	local suite label site
	for suite in $1; do
		case $suite in *-security) label=Debian-Security ;; *) label=Debian ;; esac
		# shellcheck disable=SC2016 # apt's own variables
		site=$(apt-get indextargets --format '$(SITE)|$(LABEL)' 'Created-By: Packages' |
			awk -F'|' -v label=$label '$2 == label { print $1; exit }')
		[ -n "$site" ] || untried "this machine has no package lists of a mirror of $label"
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $suite main"
	done >sources.list
	shift
	mkdir -p lists/partial cache/archives/partial debs
	: >status
	{ private_apt get update && (cd debs && private_apt get download "$@"); } >log 2>&1 ||
		{ tail -n 3 log >&2 && untried "the packages cannot be downloaded"; }
}

# guest_unpack MODULE...: unpack kernels to kernel/, QEMU to emulator/, and all others to
# root/, the guest's initramfs. The guest loads MODULEs in this order.
guest_unpack() {
	local link deb to module
	mkdir -p kernel emulator root/usr/{bin,sbin,lib,lib64} root/{proc,sys,dev,tmp,run/netns,modules}
	for link in bin sbin lib lib64; do ln -s usr/$link root/$link; done
	ln -s busybox root/bin/sh
	for deb in debs/*.deb; do
		case $deb in
		*/linux-*) to=kernel ;;
		*/qemu-* | */seabios*) to=emulator ;;
		*) to=root ;;
		esac
		dpkg-deb --fsys-tarfile "$deb" | tar -x -C $to --keep-directory-symlink --exclude='./usr/share/doc/*'
	done
	rm -rf root/usr/share
	for module; do
		xz -dc "$(find kernel -name "$module.ko.xz")" >"root/modules/$module.ko"
	done
	cat >root/init <<-INIT
		#!/bin/sh
		export PATH=/usr/sbin:/usr/bin
		/bin/busybox --install -s /bin 2>/dev/null
		mount -t proc proc /proc
		mount -t sysfs sysfs /sys
		mount -t devtmpfs dev /dev
		mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
		for module in $*; do insmod /modules/\$module.ko; done
		sh /guest
		echo @end
		poweroff -f
	INIT
	chmod 755 root/init
}

# guest_run: run the shell script on stdin in the guest. Print the lines that begin with @, and
# keep them in the file results.
guest_run() {
	cat >root/guest
	(cd root && find . | cpio -o -H newc --quiet | gzip -1) >initrd
	timeout 900 "$qemu" -M q35 -cpu max -accel tcg -smp 1 -m 512 "${qemu_options[@]}" -nodefaults -no-user-config -no-reboot \
		-display none -monitor none -serial file:console -kernel "$(find kernel -name 'vmlinuz*' -type f)" -initrd initrd \
		-append "console=ttyS0 quiet loglevel=1 panic=-1 no_timer_check cryptomgr.notests=1" >log 2>&1 </dev/null || :
	tr -d '\r' <console | grep '^@' >results || :
	grep -q -x '@end' results || { tail -n 15 log console >&2 && untried "the guest did not come to its end"; }
	cat results
}

# expect WHAT COMMAND...: report whether WHAT, which COMMAND checks, is as it was. Sets $status
# to 1 if it is not.
expect() {
	local what=$1
	shift
	if "$@"; then echo "as seen before: $what"; else
		echo "CHANGED: not any more: $what"
		# shellcheck disable=SC2034 # as above
		status=1
	fi
}
