# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables are of machine.sh
# Sourced by run.sh: what install.sh installs, and with which compiler it builds.

test_installs()
{
	run -- "${good[@]}"
	expect_exit 0 && expect_there "$installed" && expect_holds "$conf" "options $module interface=eth0" && expect_there "/proc/$module" &&
		expect_holds "/lib/modules/$release/modules.dep" "$root$installed" && expect_gone "$unit" && expect_no_files_left
}
test_installs_with_service()
{
	run -- "${good[@]}" --service
	expect_exit 0 && expect_there "$installed" && expect_there "$conf" && expect_there "/proc/$module" && expect_there "/run/active-$module" &&
		expect_there "$wants" && expect_holds "$unit" "BindsTo=sys-subsystem-net-devices-eth0.device" &&
		expect_holds "$unit" "After=sys-subsystem-net-devices-eth0.device" &&
		expect_holds "$unit" "ExecStart=/sbin/modprobe $module interface=eth0" && expect_no_files_left
}
test_device_name_is_escaped()
{
	run -- --interface wlan-a --yes --service
	expect_exit 0 && expect_holds "$unit" 'BindsTo=sys-subsystem-net-devices-wlan\x2da.device'
}
# Own names are in the files, as the service waits for a device of that name.
test_alternative_names()
{
	run -- --interface eth0,uplink-to-the-building --yes --service
	expect_exit 0 && expect_said "uplink-to-the-building is an alternative name of wlan-a." &&
		expect_holds "$conf" "options $module interface=eth0,wlan-a" &&
		expect_holds "$unit" 'BindsTo=sys-subsystem-net-devices-eth0.device sys-subsystem-net-devices-wlan\x2da.device'
}
test_short_alternative_name()
{
	run -- --interface lan0 --yes
	expect_exit 0 && expect_holds "$conf" "options $module interface=wlan-a"
}
test_several_interfaces()
{
	interface eth1 1 0x1003
	run -- --interface eth0,eth1 --yes --service
	expect_exit 0 && expect_holds "/proc/$module" "Interface: eth1" && expect_holds "$conf" "options $module interface=eth0,eth1" &&
		expect_holds "$unit" "BindsTo=sys-subsystem-net-devices-eth0.device sys-subsystem-net-devices-eth1.device"
}
# In a directory with files that match: no shell may replace a pattern by their names.
in_matching_files() # <command> [argument...]
{
	mkdir "$work/m/files"
	touch "$work/m/files"/{eth0,tap0,tapfile,'eth0,tap0','interface=eth0,tapfile','interface=tap0'}
	cd "$work/m/files" || return
	"$@"
	cd "$top" || return
}
test_names_and_patterns()
{
	in_matching_files run -- --interface 'eth0,tap*' --yes --service
	expect_exit 0 && expect_said "ok  pattern tap*: no Ethernet interface matches now; those that appear later are counted" &&
		expect_holds "/proc/$module" "Interface: tap*" && expect_holds "$conf" "options $module interface=eth0,tap*" &&
		expect_holds "$unit" "ExecStart=/sbin/modprobe $module interface=eth0,tap*" &&
		expect_holds "$unit" "BindsTo=sys-subsystem-net-devices-eth0.device" && expect_there "$wants" && expect_no_files_left
}
test_patterns_only()
{
	interface eth1 1 0x1003
	in_matching_files run -- --interface '[ew]*[0-9],veth?' --yes --service
	expect_exit 0 && expect_said "ok  pattern [ew]*[0-9]: now eth0 eth1, and interfaces that appear later" &&
		expect_holds "$conf" "options $module interface=[ew]*[0-9],veth?" && expect_no_line "$root$unit" 'BindsTo|^After' &&
		expect_holds "$unit" "WantedBy=multi-user.target" && expect_there "/run/active-$module"
}
test_parameters_stay_with_patterns()
{
	mkdir -p "$root/etc/modprobe.d"
	echo "options $module interface=eth[0-3],tap? vlan=1" >"$root$conf"
	in_matching_files run -- --interface 'tap*' --yes
	expect_exit 0 && expect_holds "$conf" "options $module interface=tap* vlan=1"
}
test_fedora_goes_to_extra()
{
	echo ID=fedora >"$root/etc/os-release"
	run -- "${good[@]}"
	expect_exit 0 && expect_there "/lib/modules/$release/extra/$module.ko" && expect_gone "$installed"
}
test_source_tree_stays_clean()
{
	local before after

	before=$(cd "$top" && find . -path ./.git -prune -o -name '*.ko' -print | sort)
	run -- "${good[@]}"
	after=$(cd "$top" && find . -path ./.git -prune -o -name '*.ko' -print | sort)
	expect_exit 0
	expect_equal "modules in the source tree" "$after" "$before"
}
test_other_compiler_is_used_when_there()
{
	ln -s "$here/fake.sh" "$bin/gcc-12"
	run FAKE_GCC=13 -- "${good[@]}"
	expect_exit 0
	expect_line "$work/m/state/make-args" '^CC=gcc-12$'
}
test_other_compiler_is_warned_of()
{
	run FAKE_GCC=13 -- "${good[@]}"
	expect_exit 0 && expect_said "built with gcc 12, gcc here is 13"
}
test_without_pahole_there_is_no_btf()
{
	run -- "${good[@]}"
	expect_exit 0
	expect_line "$work/m/state/make-args" '^CONFIG_DEBUG_INFO_BTF_MODULES=$'
}
test_with_pahole_the_kernel_decides()
{
	ln -s "$here/fake.sh" "$bin/pahole"
	run -- "${good[@]}"
	expect_exit 0
	expect_no_text "$work/m/state/make-args" BTF
}
test_clang_kernel_is_built_with_clang()
{
	echo CONFIG_CC_IS_CLANG=y >"$root/lib/modules/$release/build/include/config/auto.conf"
	ln -s "$here/fake.sh" "$bin/clang"
	ln -s "$here/fake.sh" "$bin/ld.lld"
	run -- "${good[@]}"
	expect_exit 0
	expect_line "$work/m/state/make-args" '^LLVM=1$'
}
# Run install.sh for a kernel built with clang 14, with a clang of this version.
clang_kernel() # <version>
{
	local config=$root/lib/modules/$release/build/include/config/auto.conf

	echo CONFIG_CC_IS_CLANG=y >"$config"
	echo 'CONFIG_CC_VERSION_TEXT="Debian clang version 14.0.6"' >>"$config"
	ln -s "$here/fake.sh" "$bin/clang"
	ln -s "$here/fake.sh" "$bin/ld.lld"
	run "FAKE_GCC=$1.0.1" -- "${good[@]}"
}
test_other_clang_is_used_when_there()
{
	ln -s "$here/fake.sh" "$bin/clang-14"
	ln -s "$here/fake.sh" "$bin/ld.lld-14"
	clang_kernel 16
	expect_exit 0
	expect_said "compiler clang-14, as the kernel's"
	for line in LLVM=1 CC=clang-14 LD=ld.lld-14; do expect_line "$work/m/state/make-args" "^$line\$"; done
}
test_other_clang_is_warned_of()
{
	ln -s "$here/fake.sh" "$bin/clang-14" # and no linker of that version
	clang_kernel 16
	expect_exit 0 && expect_said "built with clang 14, clang here is 16" && expect_said "sudo apt install clang-14 lld-14"
	expect_no_line "$work/m/state/make-args" '^CC='
}
test_same_clang() { clang_kernel 14; expect_exit 0 && expect_said "compiler clang 14" && expect_no_text "$work/m/state/out" "built with clang"; }

# expect_make_asks <what> [argument...]: compare the variables that make build, with these
# arguments and $flags in MAKEFLAGS, passes to the kernel's makefile.
expect_make_asks()
{
	local build=$root/lib/modules/$release/build wanted=$1 asked

	shift
	# shellcheck disable=SC2016 # make's variables
	printf 'modules:\n\t@echo "LLVM=$(LLVM) CC=$(CC)"\n' >"$build/Makefile"
	asked=$(env -i PATH="$PATH" MAKEFLAGS="${flags-}" make -s -C "$top" build KDIR="$build" "$@" 2>&1)
	expect_equal "variables of the kernel makefile" "$asked" "$wanted"
}
test_make_build_with_gcc() { expect_make_asks "LLVM= CC=cc"; }
# The kernel's own gcc, 12, is used where it is installed and not the default, as install.sh does.
test_make_build_with_another_gcc()
{
	local PATH=$work/m/compilers:$PATH

	mkdir "$work/m/compilers"
	printf '#!/bin/sh\necho 13\n' >"$work/m/compilers/gcc"
	chmod +x "$work/m/compilers/gcc"
	ln -s /bin/true "$work/m/compilers/gcc-12"
	expect_make_asks "LLVM= CC=gcc-12" && expect_make_asks "LLVM= CC=gcc-11" CC=gcc-11
	printf '#!/bin/sh\necho 12\n' >"$work/m/compilers/gcc"
	expect_make_asks "LLVM= CC=cc"
}
test_make_build_without_configuration() { rm -r "$root/lib/modules/$release/build/include"; expect_make_asks "LLVM= CC=cc"; }
test_make_build_with_clang()
{
	local arguments flags

	ln -s "$here/fake.sh" "$bin/clang-14"
	ln -s "$here/fake.sh" "$bin/ld.lld-14"
	clang_kernel 16
	mkdir "$work/m/compilers"
	ln -s /bin/true "$work/m/compilers/clang-14"
	ln -s /bin/true "$work/m/compilers/ld.lld-14"
	PATH=$work/m/compilers:$PATH expect_make_asks "LLVM=1 CC=clang-14" && expect_make_asks "LLVM=-15 CC=cc" LLVM=-15 && expect_make_asks "LLVM= CC=cc" LLVM=
	# The arguments that install.sh passes, and DKMS for install.sh.
	mapfile -t arguments < <(grep -v ^KDIR= "$work/m/state/make-args")
	expect_make_asks "LLVM=1 CC=clang-14" "${arguments[@]}"
	flags=" -- LLVM=-14 CC=clang-14"
	expect_make_asks "LLVM=-14 CC=clang-14"
}
