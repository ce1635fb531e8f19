# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are of machine.sh
# Sourced by run.sh: install.sh on a machine with DKMS, and the conflict with the package.

dkms_is_here()
{
	ln -s "$here/fake.sh" "$bin/dkms"
	mkdir -p "$root/var/lib/dkms" "$root/usr/src"
}
in_dkms=/lib/modules/$release/updates/dkms/$module.ko
version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$top/packet-counter.c")
dkms_sources=/usr/src/$module-$version

test_says_that_there_is_no_dkms() { run -- "${good[@]}"; expect_exit 0 && expect_said "no DKMS: the module is installed for kernel $release only"; }
test_dkms_is_used()
{
	dkms_is_here
	run -- "${good[@]}" --service
	expect_exit 0 && expect_said "DKMS is installed: it builds the module" && expect_there "$in_dkms" && expect_gone "$installed" &&
		expect_there "$dkms_sources/dkms.conf" && expect_there "$dkms_sources/kmod" && expect_there "/proc/$module" && expect_there "$wants" &&
		expect_called "dkms build $module/$version -k $release" && expect_no_files_left
}
test_dkms_builds_with_the_right_compiler()
{
	dkms_is_here
	ln -s "$here/fake.sh" "$bin/gcc-12"
	run FAKE_GCC=13 -- "${good[@]}"
	expect_exit 0
	expect_text "$work/m/state/make-args" '-- CC=gcc-12'
}
test_dkms_uninstall()
{
	dkms_is_here
	remember
	run -- "${good[@]}" --service
	run -- --uninstall
	expect_exit 0 && expect_said "from DKMS" && expect_called "dkms remove $module/$version --all"
	for path in "$in_dkms" "$dkms_sources" "/var/lib/dkms/$module" "$conf" "$unit" "/sys/module/$module"; do
		expect_gone "$path"
	done
}
test_dkms_uninstall_when_dkms_is_gone()
{
	dkms_is_here
	run -- "${good[@]}"
	rm "$bin/dkms"
	run -- --uninstall
	expect_exit 0 && expect_gone "$in_dkms" && expect_gone "$dkms_sources" && expect_gone "/var/lib/dkms/$module"
	expect_no_text "$root/lib/modules/$release/modules.dep" "$module"
}
test_dkms_gone_since()
{
	dkms_is_here
	run -- "${good[@]}"
	rm "$bin/dkms"
	expect_refusal 3 "sudo apt install dkms" -- "${good[@]}"
}
test_dkms_uninstall_leaves_the_packages_copy()
{
	dkms_is_here
	mkdir -p "$root$dkms_sources" "$root${in_dkms%/*}" "$root/var/lib/dkms/$module/$version"
	: >"$root$in_dkms"
	remember
	run -- --uninstall
	expect_exit 0 && expect_said "kept, as it belongs to DKMS" && expect_unchanged
}
test_dkms_replaces_itself()
{
	dkms_is_here
	run -- "${good[@]}"
	mv "$root$dkms_sources" "$root/usr/src/$module-1.9"
	mv "$root/var/lib/dkms/$module/$version" "$root/var/lib/dkms/$module/1.9"
	run -- "${good[@]}"
	expect_exit 0 && expect_gone "/usr/src/$module-1.9" && expect_there "$dkms_sources" && expect_there "$in_dkms" && expect_called "dkms remove $module/1.9 --all"
}
test_dkms_replaces_a_plain_copy() { older no; dkms_is_here; run -- "${good[@]}"; expect_exit 0 && expect_gone "$installed" && expect_there "$in_dkms"; }
test_dkms_add_fails() { dkms_is_here; expect_undone "add the sources" FAKE_FAIL=dkms:add -- "${good[@]}"; }
test_dkms_build_fails() { dkms_is_here; expect_undone "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"; }
test_dkms_builds_for_another_kernel() { dkms_is_here; expect_undone "build for kernel" FAKE_BUILT_FOR=6.1.99 -- "${good[@]}"; }
test_dkms_install_fails() { dkms_is_here; expect_undone "install, by DKMS" FAKE_FAIL=dkms:install -- "${good[@]}"; }
test_dkms_index_fails() { dkms_is_here; expect_undone "install, by DKMS" FAKE_FAIL=depmod -- "${good[@]}"; }
test_dkms_load_fails() { dkms_is_here; expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
test_dkms_over_a_plain_copy_fails() { older yes; dkms_is_here; expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
test_dkms_over_itself_fails()
{
	dkms_is_here
	run -- "${good[@]}"
	expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"
	expect_there "$in_dkms" && expect_there "$dkms_sources/dkms.conf" && expect_called "insmod $root$in_dkms interface=eth0"
}
test_dkms_build_over_itself_fails()
{
	dkms_is_here
	run -- "${good[@]}"
	expect_undone "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"
	expect_there "$in_dkms"
}

# Set up another kernel, for which DKMS has built the module of an earlier run.
other=6.1.0-19-amd64
other_kernel()
{
	dkms_is_here
	run -- "${good[@]}"
	mkdir -p "$root/lib/modules/$other/build"
	: >"$root/lib/modules/$other/build/Makefile"
	env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$other" dkms install "$module/$version" -k "$other"
}
test_dkms_keeps_other_kernels()
{
	other_kernel
	run -- "${good[@]}"
	expect_exit 0 && expect_there "$in_dkms" && expect_there "${in_dkms/$release/$other}" && expect_called "dkms install $module/$version -k $other --force"
}
test_dkms_other_kernel_cannot_be_built()
{
	other_kernel
	rm "$root/lib/modules/$other/build/Makefile"
	run -- "${good[@]}"
	expect_exit 0 && expect_said "warning: kernel $other has no module any more" &&
		expect_said "sudo dkms install $module/$version -k $other" && expect_there "$in_dkms" && expect_gone "${in_dkms/$release/$other}"
}
test_dkms_with_other_kernels_build_fails() { other_kernel; expect_undone "build for kernel" FAKE_FAIL=dkms:build -- "${good[@]}"; }
test_dkms_with_other_kernels_load_fails() { other_kernel; expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
test_dkms_removed_by_hand()
{
	dkms_is_here
	run -- "${good[@]}"
	env PATH="$bin" L2PC_ROOT="$root" dkms remove "$module/$version" --all
	run -- "${good[@]}"
	expect_exit 0 && expect_there "$in_dkms"
}
test_dkms_interrupted_while_building() { dkms_is_here; expect_undone_by_signal dkms:build; }
test_dkms_interrupted_while_installing() { dkms_is_here; expect_undone_by_signal dkms:install; }
test_dkms_no_headers() { dkms_is_here; expect_headers_wanted debian '' "sudo apt install linux-headers-$release"; }
test_dkms_no_compiler() { dkms_is_here; rm "$bin/gcc"; expect_refusal 3 "sudo apt install build-essential" -- "${good[@]}"; }
test_dkms_no_space() { dkms_is_here; expect_refusal 3 "disk space: $root/var/lib/dkms" FAKE_FREE=100 -- "${good[@]}"; }
test_dkms_without_key() { dkms_is_here; expect_refusal 3 "mokutil --import /var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled -- "${good[@]}"; }
test_dkms_key_not_enrolled()
{
	dkms_is_here
	key
	expect_refusal 3 "mokutil --import $root/var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled FAKE_KEY="not enrolled" -- "${good[@]}"
}
test_dkms_signs()
{
	dkms_is_here
	key
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	expect_exit 0 && expect_said "will be signed with $root/var/lib/dkms/mok.key" && expect_holds "$in_dkms" "signer somebody"
}
test_dkms_does_not_sign()
{
	dkms_is_here
	key
	expect_undone "build for kernel" FAKE_SECURE_BOOT=enabled FAKE_UNSIGNED=1 -- "${good[@]}"
	expect_said "in /etc/dkms/framework.conf"
}
test_dkms_key_of_its_configuration()
{
	dkms_is_here
	key
	mkdir -p "$root/etc/dkms"
	printf '%s\n' 'mok_signing_key="/etc/keys/a.key"' mok_certificate=/etc/keys/a.der >"$root/etc/dkms/framework.conf"
	expect_refusal 3 "a key to sign the module with" FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	mkdir "$root/etc/keys"
	touch "$root"/etc/keys/a.{key,der}
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	expect_exit 0 && expect_said "will be signed with $root/etc/keys/a.key"
}

# install.sh finds a key at the paths that its message names.
test_dkms_key_where_it_says()
{
	local key certificate

	dkms_is_here
	sign_file
	echo ID=ubuntu >"$root/etc/os-release"
	expect_refusal 3 "a key to sign the module with" FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	read -r key certificate < <(sed -n 's/.*-keyout \([^ ]*\) -out \([^ ]*\)$/\1 \2/p' "$work/m/state/out")
	expect_said "sudo mkdir -p ${key%/*}" && expect_said "sudo chmod 600 $key" && expect_said "mokutil --import $certificate"
	mkdir -p "$root${key%/*}" "$root${certificate%/*}"
	: >"$root$key"
	: >"$root$certificate"
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	expect_exit 0 && expect_said "will be signed with $root$key"
}

# run_preinst: run the package's preinst on this machine.
run_preinst()
{
	status=0
	DPKG_ROOT=$root sh "$top/packaging/debian/l2packet-counter-dkms.preinst" install >"$work/m/state/out" 2>&1 || status=$?
}
test_package_over_plain_copy()
{
	run_preinst
	expect_exit 0
	run -- "${good[@]}"
	remember
	run_preinst
	expect_exit 1 && expect_said "sudo ./install.sh --uninstall" && expect_unchanged
	run -- --uninstall
	run_preinst
	expect_exit 0
}
test_package_over_dkms_copy()
{
	dkms_is_here
	run -- "${good[@]}"
	remember
	run_preinst
	expect_exit 1 && expect_said "$dkms_sources/put-here-by-install.sh" && expect_unchanged
	run -- --uninstall
	run_preinst
	expect_exit 0
}
