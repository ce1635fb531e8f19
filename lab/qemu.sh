# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# shellcheck shell=bash disable=SC2034,SC2154 # read by the sourcing script
# Sourced, after packages.sh. The machine that QEMU emulates for each architecture.

# qemu_select ARCHITECTURE CX16 LOG: set qemu_program, qemu_machine (its first arguments),
# qemu_console (the guest's name of the console, which QEMU writes to LOG), and qemu_bus (the
# names of virtio devices end in it). An empty architecture is x86_64. When CX16 is empty, an
# x86 CPU has no cmpxchg16b.
qemu_select() {
	local log=${3//,/,,} cpu=max
	qemu_bus=pci
	case $1 in
	'' | i386)
		# A boot under QEMU 7.2 died in a double fault, with garbage in EFLAGS, right
		# after the cmpxchg16b that SLUB uses where the CPU has it. Measurements keep
		# cx16, because the kernel's replacement costs instructions.
		[ -n "$2" ] || cpu=max,cx16=off
		qemu_program=qemu-system-x86_64 qemu_console=ttyS0
		qemu_machine=(-M q35 -cpu "$cpu" -serial "file:$log")
		;;
	arm64)
		# A CPU with atomic instructions, and without signed pointers, which are slow to
		# emulate. GICv2 has 8 CPUs at most.
		qemu_program=qemu-system-aarch64 qemu_console=ttyAMA0
		qemu_machine=(-M "virt,gic-version=3" -cpu neoverse-n1 -serial "file:$log")
		;;
	s390x)
		qemu_program=qemu-system-s390x qemu_console=ttysclp0 qemu_bus=ccw
		qemu_machine=(-M s390-ccw-virtio -cpu max -chardev "file,id=console,path=$log" -device "sclpconsole,chardev=console")
		;;
	*) die "lab/qemu.sh has no machine of the architecture $1" ;;
	esac
}

# qemu_need ARCHITECTURE: install the emulator.
qemu_need() {
	case $1 in
	'' | i386) packages_need qemu-system-x86_64:qemu-system-x86 ;;
	arm64) packages_need qemu-system-aarch64:qemu-system-arm ;;
	s390x) packages_need qemu-system-s390x:qemu-system-misc ;;
	esac
}
