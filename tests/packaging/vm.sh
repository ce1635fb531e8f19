#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm.sh: test the packages in a whole Debian 12 with systemd, on a disk, in QEMU (software
# emulation). Install them before the first boot, like an installer; name an interface in
# /etc/l2pc.conf; boot. Upgrade the kernel from 6.1 to 6.12; boot; purge. Then install.sh
# --service; boot; install.sh --uninstall. tests/packaging/guest/stage.sh runs in each boot.
# Needs root, and takes long.
# shellcheck disable=SC2030,SC2031 # a subshell selects a kernel of its own
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=tests/lib/host/machine.sh
. "$top/tests/lib/host/machine.sh"

old=6.1 new=6.12
logs=$cache/failed/packages
rm -rf "$logs"

# A small server: an init system, a network, the requirements of DKMS and install.sh, the
# dependencies of the packages, and the old kernel.
guest_packages="systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,initramfs-tools,gcc,make,libc6-dev,libelf1,\
dkms,pahole,libssl3,grep,login,libmnl0,libjson-c5,libmicrohttpd12,libncursesw6,zlib1g,libsqlite3-0"

# kernel_files KERNEL: print the packages of its image and headers, by name and version.
kernel_files() (
	kernel_select "$1"
	archive_open "$suite" "$arch" >&2
	archive_linux "$image" "$headers" | sort -u
)

# kernel_debs KERNEL: download these packages, and print their directory.
kernel_debs() (
	kernel_select "$1"
	names=$(kernel_files "$1" | tr '\n' ' ')
	dir=$cache/debian/kernel-$1-$(cksum <<<"$names" | tr ' ' -)
	cache_lock "debian-kernel-$1" >&2
	[ ! -d "$dir" ] || {
		echo "$dir"
		exit
	}
	say "downloading ${names% }"
	rm -rf "$cache/debian/kernel-$1"-* "$dir.new"
	mkdir -p "$dir.new"
	cd "$dir.new" || exit
	archive_open "$suite" "$arch" >&2
	# shellcheck disable=SC2086 # a list of names
	archive_apt get -q download $names >"$cache/debian/kernel.log" 2>&1 ||
		die "the packages of kernel $1 cannot be downloaded" "the log: $cache/debian/kernel.log"
	mv "$dir.new" "$dir"
	echo "$dir"
)

make_disk() {
	local tar root=$scratch/root
	tar=$(debian_root packages-vm bookworm,bookworm-security "$guest_packages,$(kernel_files "$old" | paste -s -d,)") || exit
	debian_unpack "$tar" "$root" || exit
	machine_configure "$root"
	install_packages "$root"
	machine_disk "$root"
}

# install_packages ROOT: install the packages in ROOT, for the kernel in ROOT (not the
# running one).
install_packages() {
	local root=$1
	mkdir -p "$root/tmp/packages" "$root/var/tmp/l2pc-test"
	tar -x -f "$scratch/payload.tar" -C "$root/tmp" ./packages ./stage.sh ./stages.sh
	debian_inside "$root" bash /tmp/stage.sh listing >"$root/var/tmp/l2pc-test/before"
	: >"$scratch/log"
	debian_inside "$root" sh -c 'dpkg -i /tmp/packages/*.deb' >"$scratch/said" 2>&1 ||
		tail -n 30 "$scratch/said" >"$scratch/log"
	expect_empty install "$scratch/log"
	find "$root/lib/modules" -name 'l2packet_counter.ko*' | grep -q /updates/dkms/ || cp "$scratch/said" "$scratch/log"
	expect_empty built "$scratch/log"
	rm -r "$root/tmp/packages" "$root/tmp/stage.sh" "$root/tmp/stages.sh"
	printf '%s\n' 'enp0s5 reset-interval 0' 'late0 vlan on reset-interval 7' \
		'uplink-to-the-building vlan on reset-interval 9' 'tap*  keep 600  reset-interval 0' >"$root/etc/l2pc.conf"
}

make_payload() {
	local dir=$scratch/payload
	mkdir -p "$dir/kernel"
	debian_packages bookworm "$dir/packages"
	cp "$(kernel_debs "$new")"/*.deb "$dir/kernel/" || exit
	debian_sources "$dir"
	cp "$tests/packaging/guest"/stage*.sh "$tests/lib/harness.sh" "$dir/"
	tar -c -f "$scratch/payload.tar" -C "$dir" .
	rm -rf "$dir"
}

make_payload
make_disk
machine_run count upgraded script
suite_end
