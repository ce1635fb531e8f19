#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# vm-run.sh: test the package l2pc where there is no module: in a whole Debian 13 with systemd
# and Linux 6.12, without headers, compiler and DKMS, on a disk, in QEMU (software emulation).
# Install it with apt, and count with `sudo l2pc run`; name the interface in /etc/l2pc.conf;
# boot, and restart what counts; boot again; purge. tests/packaging/guest/stage-run.sh runs in
# each boot. Needs root, and takes long.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=lab/verdict.sh
. "$lab/verdict.sh"
# shellcheck source=tests/lib/host/debian.sh
. "$top/tests/lib/host/debian.sh"
# shellcheck source=tests/lib/host/machine.sh
. "$top/tests/lib/host/machine.sh"
PATH=$PATH:/usr/sbin:/sbin
check_need mmdebstrap:mmdebstrap tar:tar qemu-system-x86_64:qemu-system-x86 mkfs.ext4:e2fsprogs debugfs:e2fsprogs apt-get:apt

logs=$cache/failed/packages-run
rm -rf "$logs"

# A small server: an init system, a network, the libraries of the packages, and a kernel.
guest_packages="systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,initramfs-tools,grep,login,sudo,libmnl0,libjson-c5,\
libmicrohttpd12t64,libncursesw6,zlib1g,libsqlite3-0,libbpf1,libelf1t64,linux-image-cloud-amd64"

# make_packages DIR: build the packages in a Debian 13, as its users do.
make_packages() {
	local tar root=$scratch/root
	tar=$(debian_root packages-trixie-tool trixie "$debian_build,libbpf-dev,dh-dkms") || exit
	mkdir "$root"
	tar -x -f "$tar" -C "$root" --exclude='./dev/*'
	mkdir "$root/src"
	check_files | tar -c -T - | tar -x -C "$root/src"
	: >"$scratch/log"
	debian_inside "$root" make -s -C /src deb >"$scratch/said" 2>&1 || tail -n 30 "$scratch/said" >"$scratch/log"
	grep 'without l2pc run' "$scratch/said" >>"$scratch/log"
	expect_empty build "$scratch/log"
	mkdir -p "$1"
	cp "$root"/src/dist/*.deb "$1/" || exit
	rm -rf --one-file-system "$root"
}

make_payload() {
	local dir=$scratch/payload
	mkdir -p "$dir/src"
	make_packages "$dir/packages"
	check_files | tar -c -T - | tar -x -C "$dir/src"
	cp "$tests/packaging/guest/stage-run.sh" "$dir/stage.sh"
	cp "$tests/packaging/guest/stages.sh" "$tests/lib/harness.sh" "$dir/"
	tar -c -f "$scratch/payload.tar" -C "$dir" .
	rm -rf "$dir"
}

make_disk() {
	local tar root=$scratch/root
	tar=$(debian_root packages-vm-trixie trixie "$guest_packages") || exit
	mkdir "$root"
	tar -x -f "$tar" -C "$root" --exclude='./dev/*'
	machine_configure "$root"
	machine_disk "$root"
}

make_payload
make_disk
machine_run install service again
suite_end
