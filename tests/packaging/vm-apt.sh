#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# vm-apt.sh [SUITE]...: test `sudo apt install ./dist/*.deb` in a Debian that has nothing but a
# kernel, an init system and a network, on a disk, in QEMU (software emulation). The default is
# Debian 12 and 13. The packages are built in a Debian of the suite, and installed before the
# first boot, like by an installer: apt brings what they depend on and the kernel's headers, and
# DKMS builds the module. tests/packaging/guest/stage-apt.sh runs in each boot. Needs root, and
# takes long.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/host/machine.sh
. "$top/tests/lib/host/machine.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"

logs=$cache/failed/packages-apt
rm -rf "$logs"

# No D-Bus, no compiler, no headers, none of the libraries.
guest_packages=systemd-sysv,udev,kmod,iproute2,iputils-ping,login,linux-image-amd64

# install_packages ROOT: run README's command in ROOT, which has no sudo and no terminal.
install_packages() {
	local root=$1 command='sudo apt install ./dist/*.deb' release
	mkdir "$root/dist"
	cp "$scratch/payload/packages"/*.deb "$root/dist/"
	debian_download "$machine" "$root" "$root"/dist/*.deb
	document_runs "$command" || exit
	: >"$scratch/log"
	debian_inside "$root" sh -c "${command/sudo apt/apt -y}" >"$scratch/said" 2>&1 ||
		tail -n 30 "$scratch/said" >"$scratch/log"
	expect_empty "$machine/install" "$scratch/log"
	# Warnings of our packages, but not of apt about a program as its terminal.
	grep -i -E '(l2p|packet.counter).*(warning|error|fail)|(warning|error|fail).*(l2p|packet.counter)' "$scratch/said" >"$scratch/log"
	expect_empty "$machine/install-quiet" "$scratch/log"
	release=$(cd "$root/lib/modules" && echo *)
	expect_equal "$machine/built" "$(cd "$root/lib/modules" && find . -name 'l2packet_counter.ko*' | sed 's/\.ko.*//')" \
		"./$release/updates/dkms/l2packet_counter"
	echo 'enp0s5 reset-interval 0' >"$root/etc/l2pc.conf"
}

try() {
	local tar root=$scratch/root dir=$scratch/payload
	machine=$1
	mkdir "$dir"
	debian_packages "$machine" "$dir/packages"
	debian_sources "$dir"
	cp "$tests/packaging/guest/stage-apt.sh" "$dir/stage.sh"
	cp "$tests/packaging/guest/stages.sh" "$tests/lib/harness.sh" "$dir/"
	tar -c -f "$scratch/payload.tar" -C "$dir" .
	tar=$(debian_root "packages-apt-$machine" "$machine,$machine-security" "$guest_packages") || exit
	debian_unpack "$tar" "$root" || exit
	machine_configure "$root"
	install_packages "$root"
	rm -rf "$dir"
	machine_disk "$root"
	machine_run first again
}

documents_begin tests/packaging/vm-apt.sh
[ $# != 0 ] || set -- bookworm trixie
for suite; do try "$suite"; done
suite_end
