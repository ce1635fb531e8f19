# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# shellcheck shell=bash disable=SC2154,SC2034 # the caller's variables
# Sourced, after check.sh: a whole Debian on a disk, which QEMU boots with the kernel and the
# initramfs that a boot loader would find there. $scratch/disk is the disk, $scratch/payload.tar
# has the files of the stages, of which stage.sh runs in each boot. $machine is a name for its
# tests, for a program that has several.
machine=''

# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=lab/verdict.sh
. "$lab/verdict.sh"
# shellcheck source=tests/lib/host/debian.sh
. "$top/tests/lib/host/debian.sh"
PATH=$PATH:/usr/sbin:/sbin
check_need mmdebstrap:mmdebstrap tar:tar qemu-system-x86_64:qemu-system-x86 mkfs.ext4:e2fsprogs debugfs:e2fsprogs apt-get:apt

# Timeout of a boot with its tests.
timeout=${L2PC_PATIENCE:-5400}

# cx16: lab/qemu.sh. la57: with five levels of page tables, Linux 6.12.117 could not read its own
# memory under QEMU 7.2. /proc/self/mountinfo had an x for each letter of a path, no unit found
# its mount, and a boot took minutes longer or did not end.
cpu=max,cx16=off,svm=off,la57=off

# machine_configure ROOT: make ROOT boot as a machine with a network, and run a stage.
machine_configure() {
	local root=$1 unit=$1/etc/systemd/system/stage.service
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
	# udev gives two interfaces another name: this one, and one that appears later.
	cat >"$root/etc/systemd/network/10-lan.link" <<-'LINK'
		[Match]
		Driver=virtio_net
		[Link]
		NamePolicy=path
		AlternativeName=uplink-of-the-machine
	LINK
	cat >"$root/etc/systemd/network/10-late.link" <<-'LINK'
		[Match]
		OriginalName=late2
		[Link]
		AlternativeName=uplink-to-the-building
	LINK
	# A journal that stays.
	mkdir -p "$root/var/log/journal"
	# apt's own timers would lock its lists during a test, and find no network.
	ln -s /dev/null "$root/etc/systemd/system/apt-daily.timer"
	ln -s /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
	# The second disk is a tar archive with the stages' files. A stage reboots, which may kill it:
	# as a failure, that would cut the shutdown short.
	cat >"$unit" <<-'UNIT'
		[Unit]
		After=systemd-user-sessions.service getty.target systemd-networkd.service
		FailureAction=poweroff-force
		[Service]
		Type=oneshot
		SuccessExitStatus=TERM
		StandardOutput=journal+console
		ExecStart=/bin/sh -c 'mkdir -p /run/test && tar -x -f /dev/vdb -C /run/test && exec bash /run/test/stage.sh'
		[Install]
		WantedBy=multi-user.target
	UNIT
	ln -s ../stage.service "$root/etc/systemd/system/multi-user.target.wants/"
}

# machine_disk ROOT: make the disk from ROOT, and remove ROOT.
machine_disk() {
	mkfs.ext4 -q -F -d "$1" "$scratch/disk" 4G >"$scratch/mkfs" 2>&1 || {
		cat "$scratch/mkfs" >&2
		die "the disk cannot be made"
	}
	rm -rf --one-file-system "$1"
}

# machine_run STAGE...: boot the disk for each stage, until one does not finish.
machine_run() {
	local stage
	for stage; do boot "$stage" || break; done
	# Every stage has started, or a result names it as failed.
	[ "$stage" = "${!#}" ] || suite_report FAIL "${machine:+$machine/}${!#}" "expected a boot, got none"
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
		qemu-system-x86_64 -M q35 -cpu "$cpu" -accel tcg,thread=multi -smp 2 -m 2048 -nodefaults \
		-no-user-config -no-reboot -display none -monitor none -kernel "$out/vmlinuz" -initrd "$out/initrd" \
		-append "root=/dev/vda rw console=ttyS0 ignore_loglevel panic=-1 oops=panic no_timer_check net.ifnames=1 \
rcupdate.rcu_cpu_stall_timeout=200 watchdog_thresh=60 workqueue.watchdog_thresh=200 norandmaps \
systemd.default_timeout_start_sec=900 l2pc.stage=$1${machine:+ l2pc.machine=$machine}" \
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
	expect_empty "${machine:+$machine/}$1/ended-well" "$scratch/log"
	if suite_failed; then
		mkdir -p "$logs"
		rm -f "$out/vmlinuz" "$out/initrd"
		cp -a "$out" "$logs/${machine:+$machine-}$1"
		echo "  the logs are kept in $logs/${machine:+$machine-}$1"
	fi
	[ "$(tail -n 1 "$out/result")" = "exit $1" ]
}
