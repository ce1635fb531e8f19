#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# dkms.sh [KERNEL]: does DKMS take this checkout as it is, build it for a kernel of
# lab/kernels.list, install what was built, pass by a kernel that is too old, and take
# it all away again? Then the same without DKMS: make modules_install. In trees of its
# own: nothing of this machine's is touched.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
# Its tools are no user's.
PATH=$PATH:/usr/sbin:/sbin
check_need dkms:dkms make:make gcc:gcc depmod:kmod modinfo:kmod '/usr/lib/*/libelf.so.1:libelf1'

entry=$("$lab/fetch.sh" "${1:-default}") || exit
release=$(cat "$entry/release")
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
checkout=$check_work/checkout src=$check_work/src tree=$check_work/dkms root=$check_work/root
mkdir -p "$checkout" "$src" "$tree" "$root/lib/modules/$release"
check_files | tar -c -T - | tar -x -C "$checkout"
# What depmod asks for.
cp "$entry/lib/modules/$release"/modules.{order,builtin} "$root/lib/modules/$release/" 2>/dev/null

dkms() {
	command dkms "$@" --sourcetree "$src" --dkmstree "$tree" --installtree "$root/lib/modules" \
		--kernelsourcedir "$entry/build" --no-depmod
}

# step NAME COMMAND...: a result each; the log where it failed.
step() {
	local name=$1
	shift
	: >"$check_work/found"
	"$@" >"$check_work/log" 2>&1 </dev/null || {
		echo "status $?: $*"
		tail -n 20 "$check_work/log"
		[ ! -e "$tree/l2packet_counter/$version/build/make.log" ] ||
			tail -n 20 "$tree/l2packet_counter/$version/build/make.log"
	} >"$check_work/found"
	check_result "$name" "$check_work/found"
}

installed() { find "$root" -name 'l2packet_counter.ko*'; }

is_right() {
	[ "$(installed | wc -l)" = 1 ] && [ "$(modinfo -F version "$(installed)")" = "$version" ] &&
		[[ $(modinfo -F vermagic "$(installed)") == "$release "* ]]
}

passed_by() {
	local rc=0
	dkms build l2packet_counter/"$version" -k 5.9.0-1-amd64 >"$check_work/said" 2>&1 || rc=$?
	# "skipped": no error to those who install kernels.
	[ "$rc" = 9 ] || [ "$rc" = 77 ] || { cat "$check_work/said" && return 1; }
}

is_gone() { [ -z "$(installed)" ] && [ ! -d "$tree/l2packet_counter" ]; }

# By kbuild, which skips depmod here: Debian's headers have no System.map.
make_installs() {
	make -j"$(nproc)" build KDIR="$entry/build" && make modules_install KDIR="$entry/build" INSTALL_MOD_PATH="$root"
}

is_in_the_index() { grep -q '^[a-z]*/l2packet_counter\.ko' "$root/lib/modules/$release/modules.dep"; }

cd "$checkout" || exit 2
step add dkms add .
step build dkms build "l2packet_counter/$version" -k "$release"
step install dkms install "l2packet_counter/$version" -k "$release"
step installed is_right
step too-old passed_by
step remove dkms remove "l2packet_counter/$version" --all
step removed is_gone
step modules_install make_installs
step modules_install-installed is_right
step modules_install-index is_in_the_index
check_end
