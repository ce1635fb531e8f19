#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# dkms.sh [KERNEL]: test DKMS with this checkout: add it, build it for a kernel of
# lab/kernels.list, install the module, skip a kernel that is too old, and remove everything.
# Then the same without DKMS: make modules_install. All in separate trees: this machine is
# not changed.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# A user's PATH may lack DKMS and its tools.
PATH=$PATH:/usr/sbin:/sbin
check_need dkms:dkms make:make gcc:gcc depmod:kmod modinfo:kmod '/usr/lib/*/libelf.so.1:libelf1'

entry=$("$lab/fetch.sh" "${1:-default}") || exit
release=$(cat "$entry/release")
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
checkout=$scratch/checkout src=$scratch/src tree=$scratch/dkms root=$scratch/root
mkdir -p "$checkout" "$src" "$tree" "$root/lib/modules/$release"
check_files | tar -c -T - | tar -x -C "$checkout"
# depmod needs these files.
cp "$entry/lib/modules/$release"/modules.{order,builtin} "$root/lib/modules/$release/" 2>/dev/null

dkms() {
	command dkms "$@" --sourcetree "$src" --dkmstree "$tree" --installtree "$root/lib/modules" \
		--kernelsourcedir "$entry/build" --no-depmod
}

# Show the log that DKMS does not print. The output of a passed test is discarded.
teardown() { tail -n 20 "$tree/l2packet_counter/$version/build/make.log" 2>/dev/null || :; }

installed() { find "$root" -name 'l2packet_counter.ko*'; }

expect_installed() {
	expect_equal "modules" "$(installed | wc -l)" 1
	expect_equal "its version" "$(modinfo -F version "$(installed)")" "$version"
	expect_equal "its kernel" "$(modinfo -F vermagic "$(installed)" | cut -d " " -f 1)" "$release"
}

expect_skipped() {
	local rc=0
	dkms build l2packet_counter/"$version" -k 5.9.0-1-amd64 || rc=$?
	# DKMS must skip the kernel, without an error for the installation of a kernel.
	expect_match "status of DKMS" "$rc" '^(9|77)$'
}

expect_removed() {
	expect_equal "modules" "$(installed)" ''
	expect_absent "$tree/l2packet_counter"
}

# make_installs: install with kbuild, which skips depmod: Debian's headers have no System.map.
make_installs() {
	make -j"$(nproc)" build KDIR="$entry/build" && make modules_install KDIR="$entry/build" INSTALL_MOD_PATH="$root"
}


cd "$checkout" || exit 2
suite_run add dkms add .
suite_run build dkms build "l2packet_counter/$version" -k "$release"
suite_run install dkms install "l2packet_counter/$version" -k "$release"
suite_run installed expect_installed
suite_run too-old expect_skipped
suite_run remove dkms remove "l2packet_counter/$version" --all
suite_run removed expect_removed
suite_run modules_install make_installs
suite_run modules_install-installed expect_installed
suite_run modules_install-index expect_line "$root/lib/modules/$release/modules.dep" '^[a-z]*/l2packet_counter\.ko'
suite_end
