#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A stand-in for the commands that would change the machine, under their names (links to
# this file). It changes the scratch machine in L2PC_ROOT like the real command would change
# the real machine.
#
# FAKE_FAIL: the command that fails: "depmod", or with its first argument
#            ("systemctl:start").
# FAKE_SILENT: a module loaded by modprobe shows no interface in /proc.
# FAKE_INTERRUPT: like FAKE_FAIL, but the caller gets SIGINT, as by Ctrl-C.

set -u
name=${0##*/}
root=$L2PC_ROOT
state=$root/../state
module=l2packet_counter

printf '%s\n' "$name $*" >>"$state/calls"
for wanted in "$name" "$name:${1-}"; do
	if [ "${FAKE_FAIL:-}" = "$wanted" ]; then
		echo "$name: made to fail" >&2
		exit 1
	fi
	[ "${FAKE_INTERRUPT:-}" != "$wanted" ] || kill -INT "$PPID"
done

# load <file> [parameter...]: simulate the kernel.
load()
{
	local file=$1 parameter dir=$root/sys/module/$module

	shift
	mkdir -p "$dir/parameters"
	sed -n 's/^srcversion //p' "$file" >"$dir/srcversion"
	: >"$root/proc/$module"
	for parameter; do
		echo "${parameter#*=}" >"$dir/parameters/${parameter%%=*}"
		[ "${parameter%%=*}" = interface ] || continue
		tr ',' '\n' <<<"${parameter#*=}" | sed 's/^/Interface: /' >"$root/proc/$module"
	done
}

case $name in
ip)
	# ip -o link show dev <name>; lan0 and uplink-to-the-building are alternative names.
	case $5 in
	lan0 | uplink-to-the-building) echo '7: wlan-a@if8: <BROADCAST> mtu 1500 qdisc noop state DOWN' ;;
	*) exit 1 ;;
	esac
	;;
id) echo "$FAKE_UID" ;;
uname) echo "$FAKE_RELEASE" ;;
gcc | gcc-* | clang | clang-*)
	[ "${1-}" != -dumpversion ] || echo "${FAKE_GCC:-12}"
	;;
make)
	# make -C <dir> <target> ...
	case $3 in
	clean) rm -f "$2"/*.ko ;;
	build)
		printf '%s\n' "${@:4}" >"$state/make-args"
		printf 'vermagic %s SMP\nsrcversion %s\n' "${FAKE_BUILT_FOR:-$FAKE_RELEASE}" NEW >"$2/$module.ko"
		;;
	esac
	;;
modinfo) sed -n "s/^$2 //p" "$3" ;;
depmod)
	# depmod -a <release>
	for index in modules.dep modules.dep.bin modules.alias; do
		find "$root/lib/modules/$2" -name '*.ko' | sort >"$root/lib/modules/$2/$index"
	done
	;;
dkms)
	tree=$root/var/lib/dkms/$module
	version=${2#*/}
	sources=$root/usr/src/$module-$version
	kernel=${4-}
	built=$tree/$version/$kernel/x86_64/module
	case $1 in
	add)
		[ -e "$sources/dkms.conf" ] && [ ! -d "$tree/$version" ] || exit 3
		mkdir -p "$tree/$version" && ln -s "$sources" "$tree/$version/source"
		;;
	build)
		[ -d "$tree/$version" ] && [ -e "$root/lib/modules/$kernel/build/Makefile" ] || exit 3
		printf '%s\n' "${MAKEFLAGS-}" >"$state/make-args"
		# DKMS makes a key, which is not enrolled.
		[ -e "${tree%/*}/mok.key" ] || { : >"${tree%/*}/mok.key" && : >"${tree%/*}/mok.pub"; } || exit
		mkdir -p "$built"
		{
			printf 'vermagic %s SMP\nsrcversion NEW\n' "${FAKE_BUILT_FOR:-$FAKE_RELEASE}"
			[ -n "${FAKE_UNSIGNED:-}" ] || echo 'signer somebody'
		} >"$built/$module.ko" || exit
		;;
	install)
		[ -e "$built/$module.ko" ] || "$0" build "$2" -k "$kernel" || exit
		mkdir -p "$root/lib/modules/$kernel/updates/dkms" &&
			cp "$built/$module.ko" "$root/lib/modules/$kernel/updates/dkms/" && depmod -a "$kernel"
		;;
	remove)
		[ -d "$tree/$version" ] || exit 3
		rm -rf "$tree"
		for file in "$root"/lib/modules/*/updates/dkms/"$module.ko"; do
			[ -e "$file" ] || continue
			rm "$file"
			rmdir -p --ignore-fail-on-non-empty "${file%/*}" 2>/dev/null
			kernel=${file#"$root/lib/modules/"}
			depmod -a "${kernel%%/*}"
		done
		;;
	esac
	;;
modprobe)
	[ ! -d "$root/sys/module/$module" ] || exit 0
	file=$(find "$root/lib/modules/$FAKE_RELEASE" -name "$module.ko" | head -n 1)
	[ -n "$file" ] || exit 1
	load "$file" "${@:2}"
	[ -z "${FAKE_SILENT:-}" ] || : >"$root/proc/$module"
	;;
insmod)
	[ ! -d "$root/sys/module/$module" ] || exit 1
	load "$@"
	;;
rmmod)
	[ -d "$root/sys/module/$module" ] || exit 1
	rm -rf "$root/sys/module/$module" "$root/proc/$module"
	;;
systemctl)
	unit=$root/etc/systemd/system/$module.service
	active=$root/run/active-$module
	case $1 in
	daemon-reload) ;;
	is-active) [ -e "$active" ] ;;
	is-enabled) compgen -G "$root/etc/systemd/system/*.wants/$module.service" >/dev/null ;;
	enable)
		read -r -a devices < <(sed -n 's/^WantedBy=//p' "$unit")
		for device in "${devices[@]}"; do
			mkdir -p "${unit%/*}/$device.wants"
			ln -sf "../$module.service" "${unit%/*}/$device.wants/$module.service"
		done
		;;
	disable)
		rm -f "${unit%/*}"/*.wants/"$module.service"
		rmdir "${unit%/*}"/*.wants 2>/dev/null
		true
		;;
	start)
		[ -e "$active" ] && exit 0
		[ -e "$unit" ] || exit 5
		set -f
		# shellcheck disable=SC2046 # words are wanted
		[ -d "$root/sys/module/$module" ] || modprobe $(sed -n 's/^ExecStart=[^ ]* //p' "$unit") || exit 1
		: >"$active"
		;;
	stop)
		[ -e "$active" ] || exit 0
		rm -f "$active"
		[ ! -d "$root/sys/module/$module" ] || rmmod "$module"
		;;
	*) exit 1 ;;
	esac
	;;
mokutil)
	case $1 in
	--sb-state) echo "SecureBoot ${FAKE_SECURE_BOOT:-disabled}" ;;
	--test-key) echo "$2 is ${FAKE_KEY:-already enrolled}" ;;
	esac
	;;
sign-file | kmodsign) printf 'signed %s\n' "$1" >>"$4" ;;
df) printf 'Filesystem 1024-blocks Used Available Capacity Mounted\nx 9 9 %s 9%% /\n' "${FAKE_FREE:-9999999}" ;;
dmesg) echo "$module: the fake kernel's message" ;;
esac
