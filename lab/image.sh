#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # sourced, $lab and $cache are the caller's
# Makes the parts of a VM's initramfs. Linux unpacks concatenated cpio archives one
# after the other, so the userland and a kernel's modules are made once and only a
# small archive of the run's own files is made each time.
#   image.sh base          print the userland archive
#   image.sh helpers DIR   print the directory with the compiled programs of DIR
#   image.sh tool DIR      print the directory with the tool l2pc, made from DIR
# It runs where the guest's programs are: on this machine, or in the root of another
# architecture (lab/root.sh). For an architecture that this machine only emulates,
# L2PC_GUEST=SUITE:ARCHITECTURE names the packages to take the programs from (lab/sysroot.sh),
# and this machine cross-compiles. It can be sourced after say.sh, packages.sh, cache.sh and cross.sh,
# for its functions.

# The guest's userland: programs with their libraries.
image_programs=(
	bash:bash sh:dash make:make awk:mawk sed:sed grep:grep find:findutils xargs:findutils
	cat:coreutils chmod:coreutils comm:coreutils cp:coreutils cut:coreutils date:coreutils dd:coreutils
	dirname:coreutils basename:coreutils env:coreutils expr:coreutils false:coreutils head:coreutils
	id:coreutils ln:coreutils ls:coreutils md5sum:coreutils mkdir:coreutils mkfifo:coreutils
	mktemp:coreutils mknod:coreutils mv:coreutils nl:coreutils nproc:coreutils od:coreutils paste:coreutils
	printf:coreutils pwd:coreutils readlink:coreutils realpath:coreutils rm:coreutils rmdir:coreutils
	seq:coreutils sha256sum:coreutils sleep:coreutils sort:coreutils split:coreutils stat:coreutils
	stdbuf:coreutils stty:coreutils sync:coreutils tac:coreutils tail:coreutils tar:tar tee:coreutils test:coreutils
	timeout:coreutils touch:coreutils tr:coreutils true:coreutils truncate:coreutils tsort:coreutils
	uname:coreutils uniq:coreutils wc:coreutils whoami:coreutils yes:coreutils chown:coreutils
	cmp:diffutils diff:diffutils hostname:hostname clear:ncurses-bin
	mount:mount umount:mount dmesg:util-linux setsid:util-linux taskset:util-linux unshare:util-linux
	nsenter:util-linux flock:util-linux mountpoint:util-linux getopt:util-linux more:util-linux
	chrt:util-linux ipcs:util-linux setpriv:util-linux
	ip:iproute2 tc:iproute2 ss:iproute2 bridge:iproute2
	kmod:kmod insmod:kmod rmmod:kmod lsmod:kmod modprobe:kmod modinfo:kmod depmod:kmod
	ps:procps sysctl:procps watch:procps kill:procps pgrep:procps pkill:procps free:procps top:procps
	ethtool:ethtool jq:jq tmux:tmux tcpdump:tcpdump ping:iputils-ping arping:iputils-arping socat:socat nft:nftables
)

# image_need [WHAT:PACKAGE]...: install what a run needs on this machine, and these packages.
image_need() {
	packages_need "$@" qemu-system-x86_64:qemu-system-x86 cpio:cpio depmod:kmod xz:xz-utils ldd:libc-bin \
		"${image_programs[@]}"
}

# Compilers and headers for the tests' helpers and the tool.
image_compiler=(
	make:make gcc:gcc pkg-config:pkg-config /usr/include/stdio.h:libc6-dev /usr/include/libmnl/libmnl.h:libmnl-dev
	/usr/include/json-c/json.h:libjson-c-dev /usr/include/curses.h:libncurses-dev
	/usr/include/microhttpd.h:libmicrohttpd-dev /usr/include/zlib.h:zlib1g-dev /usr/include/sqlite3.h:libsqlite3-dev
)

# image_packages: print the packages for all of these, and for compiling a module.
image_packages() {
	printf '%s\n' "${image_programs[@]##*:}" "${image_compiler[@]##*:}" binutils cpio libc-bin libelf1 xz-utils \
		python3 python3-yaml python3-jsonschema | LC_ALL=C sort -u
}

# image_libraries_packages: print those of them that are needed where another machine compiles.
image_libraries_packages() {
	image_packages | grep -v -x -e gcc -e pkg-config -e binutils -e cpio
	# The terminals, which no package depends on, and what the static libbpf needs.
	printf '%s\n' ncurses-base libelf-dev
}

# image_guest: set image_root, the directory of the guest's programs (empty: this machine's),
# image_machine, their architecture, and image_cc, the compiler.
image_guest() {
	image_root='' image_machine=$(uname -m) image_cc=gcc
	[ -n "${L2PC_GUEST-}" ] || return 0
	cross_select "${L2PC_GUEST#*:}" || die "lab/cross.sh has no architecture ${L2PC_GUEST#*:}"
	cross_compiler_need
	image_root=$("$lab/sysroot.sh" "$L2PC_GUEST")
	image_machine=$L2PC_GUEST image_cc="$cross_triplet-gcc --sysroot=$image_root"
	export PKG_CONFIG_SYSROOT_DIR=$image_root
	export PKG_CONFIG_LIBDIR=$image_root/usr/lib/$cross_triplet/pkgconfig:$image_root/usr/share/pkgconfig
}

# image_libraries FILE...: print the paths in the guest of the libraries that the files load,
# and of the program that loads them.
image_libraries() {
	image_loads "$@" 2>/dev/null | awk '$3 ~ /^\// { print $3 } $1 ~ /^\/[^:]*$/ { print $1 }' |
		sed "s#^$image_root/#/#" | sort -u
}

# image_libraries_copy DIR FILE...: copy them to DIR, laid out as in the guest.
image_libraries_copy() {
	local dir=$1 lib path
	shift
	image_libraries "$@" | while read -r lib; do
		# In the guest /lib is a link to usr/lib, and must remain one.
		path=$(realpath "$image_root${lib%/*}")/${lib##*/}
		install -D "$path" "$dir${path#"$image_root"}"
	done
}

# image_loads FILE...: run ldd, or the guest's own program that loads libraries, emulated.
image_loads() {
	local loader file
	if [ -z "$image_root" ]; then
		ldd "$@" || :
		return
	fi
	loader=$("$cross_triplet-readelf" -l "$image_root/usr/bin/bash" | sed -n 's/.*interpreter: \(.*\)]$/\1/p')
	echo "$loader"
	for file; do "qemu-$cross_machine" -L "$image_root" "$image_root$loader" --list "$file" || :; done
}

# image_pack DIR OUT: pack DIR into the cpio archive OUT, which is complete or absent.
image_pack() {
	(cd "$1" && find . -mindepth 1 | cpio -o -H newc -R 0:0 --quiet) >"$2.part"
	mv "$2.part" "$2"
}

# image_base: print the userland archive's path. It is made again when a program changed.
image_base() {
	local pair p paths=() key out t path=$PATH
	PATH=${image_root:+$image_root/usr/bin:$image_root/usr/sbin:}$PATH
	for pair in "${image_programs[@]}"; do
		p=$(type -P "${pair%:*}") && [[ $p == "$image_root"/* ]] && echo "$p" || die "no ${pair%:*} ${L2PC_GUEST:-on this machine}"
	done >"$work/programs"
	mapfile -t paths <"$work/programs"
	PATH=$path
	key=$({ echo "$image_machine"; stat -L -c '%n %s %Y' "${paths[@]}"; cat "$lab/image.sh"; } | sha256sum | cut -c1-16)
	out=$cache/image/base-$key.cpio
	if [ ! -e "$out" ]; then
		say "making the guest's userland"
		mkdir -p "$cache/image"
		# Delete archives not used since yesterday. Other checkouts have their own.
		find "$cache/image" -name '*.cpio' -mtime +1 -delete
		t=$(mktemp -d "$work/base.XXXXXX")
		image_userland "$t" "${paths[@]}"
		image_pack "$t" "$out"
		rm -rf "$t"
	fi
	touch "$out"
	echo "$out"
}

image_userland() {
	local t=$1 p lib root=$image_root
	shift
	mkdir -p "$t"/{proc,sys,dev,run,tmp,root,lab,l2pc,etc/modprobe.d,var/lib,usr/{bin,sbin,lib,lib64,local/bin}}
	for p in bin sbin lib lib64; do ln -s "usr/$p" "$t/$p"; done
	ln -s ../run "$t/var/run"
	for p in "$@"; do
		case $p in
		*/sbin/*) cp -L "$p" "$t/usr/sbin/" ;;
		*) cp -L "$p" "$t/usr/bin/" ;;
		esac
	done
	image_libraries "$@" | while read -r lib; do
		mkdir -p "$t${lib%/*}"
		cp -L "$root$lib" "$t$lib"
	done
	for p in /lib/terminfo /usr/share/terminfo; do
		for lib in "$p"/{l/linux,v/vt100,x/xterm,x/xterm-256color,s/screen,d/dumb}; do
			[ ! -e "$root$lib" ] || { mkdir -p "$t${lib%/*}" && cp -L "$root$lib" "$t$lib"; }
		done
	done
	# The locale of programs that draw on a terminal.
	p=/usr/lib/locale/C.utf8
	[ ! -d "$root$p" ] || { mkdir -p "$t/usr/lib/locale" && cp -a "$root$p" "$t/usr/lib/locale/"; }
	# Scripts for users call sudo; in the guest every process has root's rights.
	# shellcheck disable=SC2016 # the wrapper's own
	printf '#!/bin/sh\nwhile :; do case ${1-} in -*) shift ;; *) break ;; esac; done\nexec env "$@"\n' >"$t/usr/bin/sudo"
	chmod 755 "$t/usr/bin/sudo"
	# tcpdump switches to the user that it was compiled for, and fails without that user.
	printf '%s:x:%s:0::/root:/bin/bash\n' root 0 tcpdump 0 >"$t/etc/passwd"
	printf 'nobody:x:65534:65534::/:/bin/sh\n' >>"$t/etc/passwd"
	printf 'root:x:0:\ntcpdump:x:0:\nnogroup:x:65534:\n' >"$t/etc/group"
	printf '127.0.0.1 localhost\n' >"$t/etc/hosts"
	# Loading these modules creates no devices: the tests create those they need.
	printf 'options %s\n' 'bonding max_bonds=0' 'dummy numdummies=0' 'ifb numifbs=0' >"$t/etc/modprobe.d/lab.conf"
}

# image_modules ENTRY MODULE...: print the archive's path for these modules of a kernel and
# their dependencies, decompressed. Modules that the kernel lacks are left out.
image_modules() {
	local entry=$1 rel key out t f m
	shift
	rel=$(cat "$entry/release")
	key=$({ echo "$rel" "$@"; stat -L -c %Y "$entry/lib/modules/$rel/modules.dep"; cat "$lab/image.sh"; } |
		sha256sum | cut -c1-16)
	out=$cache/image/modules-$rel-$key.cpio
	if [ ! -e "$out" ]; then
		say "packing the modules of $rel"
		mkdir -p "$cache/image"
		t=$(mktemp -d "$work/modules.XXXXXX")
		for m in "$@"; do modprobe -C /dev/null -d "$entry" -S "$rel" -D "$m" 2>/dev/null || :; done |
			awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r f; do
			m=$t/usr/lib/modules/$rel/${f#*"/modules/$rel/"}
			mkdir -p "${m%/*}"
			case $f in
			*.xz) xz -dc "$f" >"${m%.xz}" ;;
			*.zst) zstd -qdc "$f" >"${m%.zst}" ;;
			*.gz) gzip -dc "$f" >"${m%.gz}" ;;
			*) cp -L "$f" "$m" ;;
			esac
		done
		mkdir -p "$t/usr/lib/modules/$rel"
		cp "$entry/lib/modules/$rel"/modules.{order,builtin,builtin.modinfo} "$t/usr/lib/modules/$rel/"
		ln -s usr/lib "$t/lib" # for depmod only: the userland archive has it
		depmod -b "$t" "$rel"
		rm "$t/lib"
		image_pack "$t" "$out"
		rm -rf "$t"
	fi
	touch "$out"
	echo "$out"
}

# image_helpers DIR: compile the C helpers of the tests, and print their directory.
image_helpers() {
	local src=$1 key out c
	key=$({ echo "$image_machine"; cat "$src"/*.[ch] "$lab"/../include/uapi/linux/*.h 2>/dev/null; } | sha256sum | cut -c1-16)
	out=$cache/helpers/$key
	if [ ! -d "$out" ] && ls "$src"/*.c >/dev/null 2>&1; then
		packages_need "${image_compiler[@]}"
		mkdir -p "$cache/helpers"
		rm -rf "$out.part"
		mkdir "$out.part"
		for c in "$src"/*.c; do
			# shellcheck disable=SC2086 # words are meant
			$image_cc -O2 -Wall -static -s -pthread -I"$lab/../include/uapi" -o "$out.part/$(basename "$c" .c)" "$c" ||
				die "the test helper $c does not compile"
		done
		mv "$out.part" "$out"
	fi
	echo "$out"
}

# image_tool DIR: build the tool l2pc, and print the directory with the tool and its
# libraries, laid out as in the guest.
image_tool() {
	local src=$1 key out flags='' bpf=()
	# l2pc run needs BPF's arena: 64 bits. The static libbpf is built once, on this machine.
	if [ -n "$image_root" ]; then [ -z "$cross_run" ]; else [ "$(getconf LONG_BIT)" != 64 ]; fi ||
		flags=$("$lab/libbpf.sh" --flags) || exit
	eval "bpf=($flags)"
	[ -z "$image_root" ] || bpf+=("CC=$image_cc")
	key=$({ echo "$image_machine"; echo "$flags"; cat "$src"/*/*.[ch] "$src"/run/linux/*.h "$src"/../kmod/engine/*.[ch] "$src"/../bpf/*.h \
		"$src"/../include/user/linux/*.h "$src"/export/page.html "$src/Makefile" "$src"/l2pc.8 "$src"/l2pc.bash "$src"/../packet-counter.c \
		"$src"/../include/uapi/linux/*.h; } | sha256sum | cut -c1-16)
	out=$cache/tool/$key
	if [ ! -d "$out" ]; then
		packages_need "${image_compiler[@]}"
		rm -rf "$out.part"
		mkdir -p "$out.part/build"
		# stdout is this function's result. make would print to it under a parent make.
		make -s -C "$src" O="$out.part/build" DESTDIR="$out.part" PREFIX=/usr/local "${bpf[@]}" install >&2 ||
			die "the tool l2pc does not build"
		rm -rf "$out.part/build"
		image_libraries_copy "$out.part" "$out.part"/usr/local/{bin/l2pc,libexec/l2pc/l2pc-export}
		mv "$out.part" "$out"
	fi
	echo "$out"
}

case ${0##*/} in
image.sh)
	set -eu -o pipefail
	lab=$(cd "$(dirname "$0")" && pwd)
	. "$lab/say.sh"
	. "$lab/packages.sh"
	. "$lab/cache.sh"
	. "$lab/cross.sh"
	# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
	PATH=$PATH:/usr/sbin:/sbin
	work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-image.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	image_guest
	case ${1-}:$# in
	base:1) image_base ;;
	helpers:2) image_helpers "$2" ;;
	tool:2) image_tool "$2" ;;
	*) die "image.sh: invalid arguments" "usage: lab/image.sh base|helpers DIR|tool DIR" ;;
	esac
	;;
esac
