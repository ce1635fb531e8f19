# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# shellcheck shell=sh disable=SC2034 # read by the sourcing script
# Sourced. The architectures whose programs this machine cross-compiles and QEMU emulates.
# No handler of binfmt_misc is needed: the emulator is called by name.

# cross_select ARCHITECTURE: set cross_triplet (the prefix of the compiler), cross_machine
# (its name in QEMU and uname), cross_linux (ARCH of the kernel's build) and cross_run (not
# empty: l2pc run can be for it, which needs 64 bits, and little-endian as bpf/object.h); fail for an
# architecture that this machine's kernel executes, or that is not in the table.
cross_select() {
	cross_run=''
	case $1 in
	arm64) cross_triplet=aarch64-linux-gnu cross_machine=aarch64 cross_linux=arm64 cross_run=1 ;;
	armhf) cross_triplet=arm-linux-gnueabihf cross_machine=arm cross_linux=arm ;;
	riscv64) cross_triplet=riscv64-linux-gnu cross_machine=riscv64 cross_linux=riscv cross_run=1 ;;
	s390x) cross_triplet=s390x-linux-gnu cross_machine=s390x cross_linux=s390 ;;
	*) return 1 ;;
	esac
	cross_arch=$1
}

# cross_compiler_need: install the compiler, its C library and the emulator of programs.
cross_compiler_need() {
	packages_need "$cross_triplet-gcc:gcc-$cross_triplet" \
		"/usr/$cross_triplet/include/stdio.h:libc6-dev-$cross_arch-cross" \
		"qemu-$cross_machine:qemu-user"
}
