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
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=lab/verdict.sh
. "$lab/verdict.sh"
# shellcheck source=tests/lib/host/debian.sh
. "$top/tests/lib/host/debian.sh"
PATH=$PATH:/usr/sbin:/sbin
check_need mmdebstrap:mmdebstrap tar:tar qemu-system-x86_64:qemu-system-x86 mkfs.ext4:e2fsprogs debugfs:e2fsprogs apt-get:apt

old=6.1 new=6.12
# Timeout of a boot with its tests.
timeout=${L2PC_PATIENCE:-5400}
logs=$cache/failed/packages
rm -rf "$logs"

# A small server: an init system, a network, the requirements of DKMS and install.sh, the
# dependencies of the packages, and the old kernel.
guest_packages="systemd-sysv,udev,dbus,kmod,iproute2,iputils-ping,initramfs-tools,gcc,make,libc6-dev,libelf1,\
dkms,pahole,libssl3,grep,login,libmnl0,libjson-c5,libmicrohttpd12,libncursesw6,zlib1g"

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
	local tar root=$scratch/root unit=$scratch/root/etc/systemd/system/l2pc-test.service
	tar=$(debian_root packages-vm bookworm,bookworm-security "$guest_packages,$(kernel_files "$old" | paste -s -d,)") || exit
	mkdir "$root"
	tar -x -f "$tar" -C "$root" --exclude='./dev/*'
	# This is not a first boot, at which systemd would enable all units.
	echo 6c327063000000000000000000000001 >"$root/etc/machine-id"
	echo guest >"$root/etc/hostname"
	echo '127.0.0.1 localhost guest' >"$root/etc/hosts"
	echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
	cat >"$root/etc/systemd/network/lan.network" <<-'NETWORK'
		[Match]
		Name=enp*
		[Network]
		Address=10.0.2.15/24
		IPv6AcceptRA=no
	NETWORK
	ln -s /lib/systemd/system/systemd-networkd.service "$root/etc/systemd/system/multi-user.target.wants/"
	# The second disk is a tar archive with the stages' files.
	cat >"$unit" <<-'UNIT'
		[Unit]
		After=systemd-user-sessions.service getty.target systemd-networkd.service
		FailureAction=poweroff-force
		[Service]
		Type=oneshot
		StandardOutput=journal+console
		ExecStart=/bin/sh -c 'mkdir -p /run/test && tar -x -f /dev/vdb -C /run/test && exec bash /run/test/stage.sh'
		[Install]
		WantedBy=multi-user.target
	UNIT
	ln -s ../l2pc-test.service "$root/etc/systemd/system/multi-user.target.wants/"
	install_packages "$root"
	mkfs.ext4 -q -F -d "$root" "$scratch/disk" 4G >"$scratch/mkfs" 2>&1 || {
		cat "$scratch/mkfs" >&2
		die "the disk cannot be made"
	}
	rm -rf --one-file-system "$root"
}

# install_packages ROOT: install the packages in ROOT, for the kernel in ROOT (not the
# running one).
install_packages() {
	local root=$1
	mkdir -p "$root/tmp/packages" "$root/var/tmp/l2pc-test"
	tar -x -f "$scratch/payload.tar" -C "$root/tmp" ./packages ./stage.sh
	debian_inside "$root" bash /tmp/stage.sh listing >"$root/var/tmp/l2pc-test/before"
	: >"$scratch/log"
	debian_inside "$root" sh -c 'dpkg -i /tmp/packages/*.deb' >"$scratch/said" 2>&1 ||
		tail -n 30 "$scratch/said" >"$scratch/log"
	expect_empty install "$scratch/log"
	find "$root/lib/modules" -name 'l2packet_counter.ko*' | grep -q /updates/dkms/ || cp "$scratch/said" "$scratch/log"
	expect_empty built "$scratch/log"
	rm -r "$root/tmp/packages" "$root/tmp/stage.sh"
	printf '%s\n' 'enp0s5 reset-interval 0' 'late0 vlan on reset-interval 7' >"$root/etc/l2pc.conf"
}

make_payload() {
	local dir=$scratch/payload
	mkdir -p "$dir/kernel" "$dir/src"
	"$top/packaging/deb.sh" "$dir/packages" >/dev/null || exit
	cp "$(kernel_debs "$new")"/*.deb "$dir/kernel/" || exit
	check_files | tar -c -T - | tar -x -C "$dir/src"
	cp "$tests/packaging/guest/stage.sh" "$tests/lib/harness.sh" "$dir/"
	tar -c -f "$scratch/payload.tar" -C "$dir" .
	rm -rf "$dir"
}

# from_disk LINK FILE: extract a kernel file, like a boot loader: the target of LINK in the
# disk's root directory.
from_disk() {
	local target
	target=$(debugfs -R "stat $1" "$scratch/disk" 2>/dev/null | sed -n 's/^Fast link dest: "\(.*\)"$/\1/p')
	[ -n "$target" ] && debugfs -R "dump /${target#/} $2" "$scratch/disk" 2>/dev/null && [ -s "$2" ]
}

# boot STAGE: boot the disk, and report the stage's results; false when it did not finish.
boot() {
	local out=$scratch/out rc=0
	rm -rf "$out"
	mkdir "$out"
	: >"$scratch/log"
	from_disk /vmlinuz "$out/vmlinuz" && from_disk /initrd.img "$out/initrd" ||
		echo "no kernel found on the disk" >"$scratch/log"
	[ -s "$scratch/log" ] || timeout --foreground -k 10 "$timeout" \
		qemu-system-x86_64 -M q35 -cpu max,cx16=off -accel tcg,thread=multi -smp 2 -m 2048 -nodefaults \
		-no-user-config -no-reboot -display none -monitor none -kernel "$out/vmlinuz" -initrd "$out/initrd" \
		-append "root=/dev/vda rw console=ttyS0 ignore_loglevel panic=-1 oops=panic no_timer_check net.ifnames=1 \
rcupdate.rcu_cpu_stall_timeout=200 watchdog_thresh=60 workqueue.watchdog_thresh=200 norandmaps \
systemd.default_timeout_start_sec=900 l2pc.stage=$1" \
		-drive "file=$scratch/disk,format=raw,if=virtio,cache=unsafe" \
		-drive "file=$scratch/payload.tar,format=raw,if=virtio,readonly=on" \
		-netdev user,id=lan,restrict=on -device virtio-net-pci,netdev=lan,addr=5 \
		-serial "file:$out/kernel.log" -device virtio-rng-pci -device virtio-serial-pci \
		-chardev "file,id=output,path=$out/output" -device virtserialport,chardev=output,name=l2pc.output \
		-chardev "file,id=result,path=$out/result" -device virtserialport,chardev=result,name=l2pc.result \
		</dev/null >"$out/qemu.log" 2>&1 || rc=$?
	touch "$out"/{result,output,kernel.log}
	suite_relay "$out/result"
	! grep -q -a '^FAIL ' "$out/result" || suite_details "$out/output"
	[ "$(tail -n 1 "$out/result")" = "exit $1" ] || {
		echo "the stage did not finish (QEMU: $rc)"
		tail -n 20 "$out/kernel.log" | tr -d '\r'
		cat "$out/qemu.log" 2>/dev/null
	} >>"$scratch/log"
	verdict_splats "$out/kernel.log" >>"$scratch/log"
	expect_empty "$1/ended-well" "$scratch/log"
	if suite_failed; then
		mkdir -p "$logs"
		rm -f "$out/vmlinuz" "$out/initrd"
		cp -a "$out" "$logs/$1"
		echo "  the logs are kept in $logs/$1"
	fi
	[ "$(tail -n 1 "$out/result")" = "exit $1" ]
}

make_payload
make_disk
for stage in count upgraded script; do
	boot "$stage" || break
done
# Every stage has started, or a result names it as failed.
[ "$stage" = script ] || suite_report FAIL script "expected a boot, got none"
suite_end
