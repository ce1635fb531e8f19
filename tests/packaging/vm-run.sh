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
# shellcheck source=tests/lib/host/machine.sh
. "$top/tests/lib/host/machine.sh"

logs=$cache/failed/packages-run
rm -rf "$logs"

# A small server: an init system, a network and a kernel. apt brings what the packages need.
guest_packages=systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,initramfs-tools,grep,login,sudo,linux-image-cloud-amd64

make_payload() {
	local dir=$scratch/payload
	mkdir "$dir"
	debian_packages trixie "$dir/packages"
	debian_sources "$dir"
	cp "$tests/packaging/guest/stage-run.sh" "$dir/stage.sh"
	cp "$tests/packaging/guest/stages.sh" "$tests/lib/harness.sh" "$dir/"
	tar -c -f "$scratch/payload.tar" -C "$dir" .
}

make_disk() {
	local tar root=$scratch/root
	tar=$(debian_root packages-vm-trixie trixie "$guest_packages") || exit
	debian_unpack "$tar" "$root" || exit
	machine_configure "$root"
	debian_download trixie-run "$root" "$scratch"/payload/packages/{l2pc,prometheus-l2pc-exporter}_*.deb
	rm -rf "$scratch/payload"
	machine_disk "$root"
}

make_payload
make_disk
machine_run install service again
suite_end
