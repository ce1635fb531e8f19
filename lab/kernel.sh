#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# kernel.sh NAME: build a kernel of kernels.list from source, and print its directory, which
# is laid out as by fetch.sh, the only caller. The kernel is built again when the fragments,
# the source or the compiler change. An entry is complete or absent.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/archive.sh"
. "$lab/source.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin

kernel_select "${1:?usage: lab/kernel.sh NAME}"
case $image in
linux-source-*) ;;
*) die "kernel $kernel is not built from source" "lab/fetch.sh $kernel" ;;
esac
entry=$cache/kernels/$kernel

# The column `headers` names the fragments in order: base+debug.
fragments=''
for f in $(echo "$headers" | tr + ' '); do
	[ -r "$lab/configs/$f.config" ] || die "kernel $kernel: missing fragment lab/configs/$f.config" \
		"fragments: $(cd "$lab/configs" && echo ./*.config)"
	fragments="$fragments $lab/configs/$f.config"
done

# 2 is the version of this script: increment it when the same fragments build a different
# kernel.
key_make() {
	# shellcheck disable=SC2086 # a list of files
	{ echo 2 "$entry" && dpkg-deb -f "$1" Package Version && gcc -dumpfullversion && cat $fragments; } |
		sha256sum | cut -d' ' -f1
}

# config_check: fail when the configuration lacks an option of the fragments, because of a
# missing dependency or another version of Linux.
config_check() {
	# shellcheck disable=SC2086
	missing=$(sed -n 's/^# \(CONFIG_[A-Z0-9_]*\) is not set$/\1=n/p; /^CONFIG_/p' $fragments | while read -r line; do
		case $line in
		*=n) ! grep -q "^${line%n}" "$new/out/.config" || echo "$line" ;;
		*) grep -qxF "$line" "$new/out/.config" || echo "$line" ;;
		esac
	done)
	# shellcheck disable=SC2086
	[ -z "$missing" ] || die "kernel $kernel lacks options of its fragments:" $missing
}

kernel_make() { nice make -s -C "$new/source" O="$new/out" CC=gcc HOSTCC=gcc "$@"; }

kernel_build() {
	packages_need make:make bc:bc flex:flex bison:bison perl:perl xz:xz-utils depmod:kmod \
		/usr/include/gelf.h:libelf-dev /usr/include/stdio.h:libc6-dev
	say "kernel $kernel: unpacking $image"
	mkdir -p "$new/source" "$new/out"
	dpkg-deb --fsys-tarfile "$deb" | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' |
		tar -x -J -C "$new/source" --strip-components=1
	kernel_make allnoconfig >"$log" 2>&1
	# shellcheck disable=SC2086
	(cd "$new/source" && scripts/kconfig/merge_config.sh -m -O "$new/out" "$new/out/.config" $fragments) >>"$log" 2>&1
	kernel_make olddefconfig >>"$log" 2>&1
	config_check

	say "kernel $kernel: building it, which takes a quarter of an hour of two idle CPUs, and is done once"
	kernel_make -j"$(nproc)" bzImage modules >>"$log" 2>&1 || {
		grep -E 'error|\*\*\*' "$log" >&2 || tail -n 20 "$log" >&2
		die "kernel $kernel does not build" "the whole log: $log"
	}
	cp "$new/out/arch/x86/boot/bzImage" "$new/entry/vmlinuz"
	cp "$new/out/System.map" "$new/out/.config" "$new/entry/"
	kernel_make kernelrelease >"$new/entry/release"
	kernel_make modules_install INSTALL_MOD_PATH="$new/entry" >>"$log" 2>&1
	rm -f "$new/entry/lib/modules"/*/build "$new/entry/lib/modules"/*/source
	# Copy what modules are built against, without the gigabytes of the kernel's own build.
	# shellcheck disable=SC2016 # make's
	kernel_make run-command KBUILD_RUN_COMMAND='$(srctree)/scripts/package/install-extmod-build '"$new/entry/build" \
		>>"$log" 2>&1
	[ -s "$new/entry/build/Module.symvers" ] || die "kernel $kernel has no build tree for modules" "the whole log: $log"
}

is_complete() { [ "$(cat "$entry/complete" 2>/dev/null)" = "$key" ]; }

packages_need gcc:gcc dpkg-deb:dpkg
deb=$(source_get)
key=$(key_make "$deb")
is_complete || {
	cache_lock "kernel-$kernel"
	is_complete || {
		mkdir -p "$cache/kernels"
		log=$cache/kernels/$kernel.log
		rm -rf "$cache/kernels/.$kernel".*
		new=$(mktemp -d "$cache/kernels/.$kernel.XXXXXX")
		trap 'rm -rf "$new"' EXIT
		trap 'exit 130' INT TERM HUP
		mkdir "$new/entry"
		start=$(date +%s)
		kernel_build
		echo "$key" >"$new/entry/complete"
		rm -rf "$entry"
		mv -T "$new/entry" "$entry"
		say "kernel $kernel: $(cat "$entry/release") is there ($(($(date +%s) - start)) s)"
	}
}
echo "$entry"
