# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 # used by, or from, the tests
# Sourced by run.sh: the scratch machine, runs of install.sh on it, and assertions.

module=l2packet_counter
release=6.1.0-18-amd64
bin=$work/bin root=$work/m/root lines=''

# The only real commands on the scratch machine. Another command in install.sh would be a new
# dependency, and fails here.
real="bash sh cat cp mv rm mkdir rmdir cmp chmod dirname basename mktemp grep sed awk tr head tail od find
sort ln hostname kill"
fakes="id uname gcc make modinfo depmod modprobe insmod rmmod systemctl mokutil df dmesg ip"

commands()
{
	local name

	mkdir "$bin"
	for name in $real; do
		ln -s "$(command -v "$name")" "$bin/$name" 2>/dev/null || :
	done
	for name in $fakes; do ln -s "$here/fake.sh" "$bin/$name"; done
}

# Set up a Debian machine with all requirements: eth0, wlan-a, tun0 and lo. Each case gets a
# copy of the machine that machine_make has made.
machine()
{
	! mountpoint -q "$root" || umount -R "$root"
	rm -rf "$work/m" "$bin"
	cp -a "$work/template/." "$work/"
}

machine_make()
{
	local lib=$root/lib/modules/$release

	mkdir -p "$work/m/state" "$work/m/tmp" "$root"/{proc/sys/kernel,proc/self,sys/module,etc,run/systemd/system} \
		"$lib/build/include/config" "$lib/build/scripts" "$lib/kernel"
	echo 'ID=debian' >"$root/etc/os-release"
	: >"$root/proc/modules"
	echo 0 >"$root/proc/sys/kernel/modules_disabled"
	printf 'Name:\tbash\nCapEff:\t000001ffffffffff\n' >"$root/proc/self/status"
	: >"$lib/build/Makefile"
	echo "$release" >"$lib/build/include/config/kernel.release"
	echo 'CONFIG_CC_VERSION_TEXT="gcc-12 (Debian 12.2.0-14) 12.2.0"' >"$lib/build/include/config/auto.conf"
	echo 'a module' >"$lib/kernel/other.ko"
	echo 'an index' >"$lib/modules.dep"
	interface lo 772 0x9
	interface eth0 1 0x1003
	interface wlan-a 1 0x1003
	echo 7 >"$root/sys/class/net/wlan-a/ifindex"
	interface tun0 65534 0x1090
	commands
	mkdir "$work/template"
	mv "$work/m" "$bin" "$work/template"
}

interface() # <name> <type> <flags>
{
	local dir=$root/sys/class/net/$1

	mkdir -p "$dir"
	echo "$2" >"$dir/type"
	echo "$3" >"$dir/flags"
	echo up >"$dir/operstate"
	echo 02:00:00:00:00:01 >"$dir/address"
}

# run [NAME=VALUE...] -- [argument...]: run install.sh on the machine. Set $status. If $lines
# is set, read so many lines of its output, and then close the pipe.
run()
{
	local env=()

	while [ "$1" != -- ]; do
		env+=("$1")
		shift
	done
	shift
	{
		status=0
		# A signal ignored by the caller (a background job) could not be trapped.
		env -i --default-signal=INT,PIPE PATH="$bin" TMPDIR="$work/m/tmp" L2PC_ROOT="$root" FAKE_UID=0 \
			FAKE_RELEASE="$release" "${env[@]}" bash "$top/install.sh" "$@" </dev/null 2>&1 || status=$?
		echo "$status" >"$work/m/state/status"
	} | head -n "${lines:-100000}" >"$work/m/state/out"
	status=$(cat "$work/m/state/status")
}

# Print every path with its type, mode, and content or target.
listing()
{
	(cd "$root" && { find . -printf '%p %y %m %l\n' && find . -type f -exec cksum {} +; } | sort)
}

# Assertions on the output and the exit status of the last run.
expect_said() { expect_text "$work/m/state/out" "$1"; }
expect_exit() { expect_equal "exit status" "$status" "$1"; }
expect_there() { expect_present "$root$1"; }
expect_gone() { expect_absent "$root$1"; }
expect_holds() { expect_number "lines '$2' of $1" "$(grep -cxF -- "$2" "$root$1")" -ge 1; }
expect_called() { expect_number "calls of '$1'" "$(grep -cxF -- "$1" "$work/m/state/calls")" -ge 1; }
remember() { listing >"$work/m/state/before"; }
expect_unchanged()
{
	listing >"$work/m/state/after"
	expect_same "the machine" "$work/m/state/after" "$work/m/state/before"
}
expect_no_files_left() { expect_equal "files in TMPDIR" "$(find "$work/m/tmp" -mindepth 1 "$@")" ''; }

# expect_refusal <exit status> <words> [NAME=VALUE...] -- [argument...]: run install.sh, and
# expect these words, this status, and an unchanged machine.
expect_refusal()
{
	local code=$1 words=$2

	shift 2
	remember
	run "$@"
	expect_exit "$code" && expect_said "$words" && expect_unchanged && expect_no_files_left
}

good=(--interface eth0 --yes)
installed=/lib/modules/$release/updates/$module.ko
conf=/etc/modprobe.d/$module.conf
unit=/etc/systemd/system/$module.service
wants=/etc/systemd/system/sys-subsystem-net-devices-eth0.device.wants/$module.service
