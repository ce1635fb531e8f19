# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables are of machine.sh
# Sourced by run.sh: what install.sh refuses, and its messages.

test_help() { run -- --help; expect_exit 0 && expect_said "Exit status:"; }
test_bad_option() { expect_refusal 2 "unknown option '--frobnicate'" -- --frobnicate; }
test_no_interface_without_terminal() { expect_refusal 2 "--interface IF" -- --yes; }
test_no_yes_without_terminal() { expect_refusal 2 "add --yes" -- --interface eth0; }
test_interface_without_value() { expect_refusal 2 "--interface needs a name" -- --yes --interface; }
test_empty_interface() { expect_refusal 2 "empty name" -- --yes --interface ''; }
test_empty_name_in_list() { expect_refusal 2 "empty name in its list" -- --yes --interface eth0,,eth1; }
test_long_name() { expect_refusal 2 "longer than 15" -- --yes --interface abcdefghijklmnop; }
test_name_with_syntax() { expect_refusal 2 "cannot configure" -- --yes --interface 'a;reboot'; }
test_pattern_without_bracket() { expect_refusal 2 "pattern 'tap[0-3': a [ without ]" -- --yes --interface 'eth0,tap[0-3'; }
test_pattern_with_syntax() { expect_refusal 2 "cannot configure such a pattern" -- --yes --interface 'tap*;reboot'; }
test_pattern_with_backslash() { expect_refusal 2 "cannot configure such a pattern" -- --yes --interface 'tap\*'; }
test_long_pattern() { expect_refusal 2 "longer than 63" -- --yes --interface "$(printf '%063d*' 0)"; }
test_name_without_device_and_pattern() { expect_refusal 3 "a pattern, such as --interface 'tap*'" -- --yes --interface 'none0,eth*'; }
test_not_root() { expect_refusal 3 "sudo $top/install.sh --interface eth0 --yes" FAKE_UID=1000 -- "${good[@]}"; }

test_old_kernel()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/5.9.16-1"
	expect_refusal 3 "kernel 5.10 or newer" FAKE_RELEASE=5.9.16-1 -- "${good[@]}"
}

test_oldest_supported_kernel()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/5.10.0"
	echo 5.10.0 >"$root/lib/modules/5.10.0/build/include/config/kernel.release"
	run FAKE_RELEASE=5.10.0 -- "${good[@]}"
	expect_exit 0
}

test_kernel_without_modules() { rm "$root/proc/modules"; expect_refusal 3 "CONFIG_MODULES" -- "${good[@]}"; }
test_modules_disabled() { echo 1 >"$root/proc/sys/kernel/modules_disabled"; expect_refusal 3 "kernel.modules_disabled = 1" -- "${good[@]}"; }
test_container() { echo 'CapEff: 00000000a80425fb' >"$root/proc/self/status"; expect_refusal 3 "CAP_SYS_MODULE" -- "${good[@]}"; }

expect_headers_wanted() # <ID> <ID_LIKE> <command>
{
	printf 'ID="%s"\nID_LIKE="%s"\n' "$1" "$2" >"$root/etc/os-release"
	rm -rf "$root/lib/modules/$release/build"
	expect_refusal 3 "$3" -- "${good[@]}"
}
test_no_headers_debian() { expect_headers_wanted debian '' "sudo apt install linux-headers-$release"; }
test_no_headers_mint() { expect_headers_wanted linuxmint 'ubuntu debian' "sudo apt install linux-headers-$release"; }
test_no_headers_fedora() { expect_headers_wanted fedora '' "sudo dnf install kernel-devel-$release"; }
test_no_headers_rocky() { expect_headers_wanted rocky 'rhel centos fedora' "sudo dnf install kernel-devel-$release"; }
test_no_headers_arch()
{
	echo linux-lts >"$root/lib/modules/$release/pkgbase"
	expect_headers_wanted arch '' "sudo pacman -S linux-lts-headers"
}
test_no_headers_suse()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/6.4.0-150600.21-default"
	release=6.4.0-150600.21-default
	expect_headers_wanted opensuse-leap 'suse opensuse' "sudo zypper install kernel-default-devel"
}
test_no_headers_alpine()
{
	mv "$root/lib/modules/$release" "$root/lib/modules/6.6.31-0-lts"
	release=6.6.31-0-lts
	expect_headers_wanted alpine '' "sudo apk add linux-lts-dev"
}
test_headers_of_another_kernel()
{
	echo 6.1.0-17-amd64 >"$root/lib/modules/$release/build/include/config/kernel.release"
	expect_refusal 3 "is for 6.1.0-17-amd64" -- "${good[@]}"
}
test_kernel_upgraded_since_boot() { rm -rf "$root/lib/modules/$release"; expect_refusal 3 "upgraded since boot" -- "${good[@]}"; }
test_no_compiler() { rm "$bin/gcc"; expect_refusal 3 "sudo apt install build-essential" -- "${good[@]}"; }
test_no_make() { rm "$bin/make"; expect_refusal 3 "missing: make" -- "${good[@]}"; }
test_no_kmod() { rm "$bin/depmod"; expect_refusal 3 "sudo apt install kmod" -- "${good[@]}"; }
test_all_that_is_missing_at_once()
{
	rm "$bin/make" "$bin/gcc"
	expect_refusal 3 "requirements missing: 3" -- --interface none0 --yes
	expect_said "missing: make" && expect_said "missing: a C compiler" && expect_said "'none0'"
}
test_clang_kernel_without_clang()
{
	echo CONFIG_CC_IS_CLANG=y >"$root/lib/modules/$release/build/include/config/auto.conf"
	expect_refusal 3 "sudo apt install clang" -- "${good[@]}"
}
test_other_compiler_with_plugins()
{
	echo CONFIG_GCC_PLUGINS=y >>"$root/lib/modules/$release/build/include/config/auto.conf"
	mkdir "$root/lib/modules/$release/build/scripts/gcc-plugins"
	: >"$root/lib/modules/$release/build/scripts/gcc-plugins/x.so"
	expect_refusal 3 "sudo apt install gcc-12" FAKE_GCC=13 -- "${good[@]}"
}
test_loopback() { expect_refusal 3 "'lo' is loopback" -- --interface lo --yes; }
test_unknown_interface() { expect_refusal 3 "'eth7': it does not exist" -- --interface eth7 --yes; }
test_unknown_interface_in_list() { expect_refusal 3 "'eth7': it does not exist" -- --interface eth0,eth7 --yes; }
test_not_ethernet() { expect_refusal 3 "'tun0' is not Ethernet (type 65534)" -- --interface tun0 --yes; }
test_no_space() { expect_refusal 3 "disk space" FAKE_FREE=100 -- "${good[@]}"; }
# small_disk <KiB>: move the scratch machine to a file system of this size, with the real df.
small_disk()
{
	mv "$root" "$work/m/aside"
	mkdir "$root"
	mount -t tmpfs -o "size=$1k" l2pc-install-test "$root"
	cp -a "$work/m/aside/." "$root/"
	# These are not on the disk.
	for dir in sys proc run; do mount --bind "$work/m/aside/$dir" "$root/$dir"; done
}
test_disk_is_small()
{
	ln -sf "$(command -v df)" "$bin/df"
	small_disk 2048 && expect_refusal 3 "disk space: $root/lib/modules/$release has 1 MiB free, 8 MiB are needed" -- "${good[@]}"
}

# full_disk <KiB>: run install.sh on a full disk, and with so many KiB more each time, until it
# succeeds. Wherever the disk becomes full, all changes are undone.
full_disk()
{
	local room filler=$root/filler failures=0

	small_disk 2048
	head -c 3000000 /dev/zero >"$filler" 2>/dev/null || :
	for ((room = 0; room < 1024; room += $1)); do
		remember
		run -- "${good[@]}" --service
		[ "$status" != 0 ] || break
		expect_exit 1 && expect_said "No space left on device" && expect_said "The machine is as it was before." && expect_unchanged
		failures=$((failures + 1))
		truncate -s "-$1K" "$filler"
	done
	expect_exit 0
	expect_there "/proc/$module"
	expect_number "runs that found the disk full" "$failures" -ge 3
}
test_disk_is_full() { full_disk 4; }
test_disk_is_full_over_an_older_one() { older yes; full_disk 4; }
test_disk_is_full_with_dkms() { dkms_is_here; full_disk 48; }
test_no_systemd() { rm -r "$root/run/systemd"; expect_refusal 3 "--no-service" -- "${good[@]}" --service; }
test_dkms_has_it()
{
	mkdir -p "$root/lib/modules/$release/updates/dkms"
	: >"$root/lib/modules/$release/updates/dkms/$module.ko.xz"
	expect_refusal 3 "DKMS already has" -- "${good[@]}"
}
test_dkms_has_it_for_other_kernels()
{
	dkms_is_here
	mkdir -p "$root/var/lib/dkms/$module/1.0/$release/x86_64"
	ln -s "/usr/src/$module-1.0" "$root/var/lib/dkms/$module/1.0/source"
	ln -s "1.0/$release/x86_64" "$root/var/lib/dkms/$module/kernel-$release-x86_64"
	expect_refusal 3 "sudo dkms remove $module/1.0 --all && sudo rm -r $root/usr/src/$module-1.0" -- "${good[@]}"
	expect_equal "versions that it names" "$(grep -c 'dkms remove' "$work/m/state/out")" 1
}
test_dkms_place_is_taken() { dkms_is_here; mkdir -p "$root$dkms_sources"; expect_refusal 3 "move it elsewhere" -- "${good[@]}"; }

test_secure_boot_without_key() { expect_refusal 3 "mokutil --import /var/lib/dkms/mok.pub" FAKE_SECURE_BOOT=enabled -- "${good[@]}"; }
test_secure_boot_without_mokutil()
{
	local dir=$root/sys/firmware/efi/efivars

	rm "$bin/mokutil"
	mkdir -p "$dir"
	printf '\6\0\0\0\1' >"$dir/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	expect_refusal 3 "sudo apt install mokutil" -- "${good[@]}"
}
test_lockdown_without_key()
{
	mkdir -p "$root/sys/kernel/security"
	echo 'none [integrity] confidentiality' >"$root/sys/kernel/security/lockdown"
	expect_refusal 3 "locked down (integrity)" -- "${good[@]}"
}
sign_file() { ln -s "$here/fake.sh" "$root/lib/modules/$release/build/scripts/sign-file"; }
key()
{
	mkdir -p "$root/var/lib/dkms"
	: >"$root/var/lib/dkms/mok.key"
	: >"$root/var/lib/dkms/mok.pub"
	sign_file
}
test_key_not_enrolled() { key; expect_refusal 3 "not enrolled yet" FAKE_SECURE_BOOT=enabled FAKE_KEY="not enrolled" -- "${good[@]}"; }
test_signs_with_the_key()
{
	key
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	expect_exit 0 && expect_holds "$installed" "signed sha256"
}
test_signing_fails()
{
	key
	remember
	run FAKE_SECURE_BOOT=enabled FAKE_FAIL=sign-file -- "${good[@]}"
	expect_exit 1 && expect_said "this step failed: sign" && expect_unchanged
}
test_secure_boot_not_enforced()
{
	mkdir -p "$root/sys/kernel/security"
	echo '[none] integrity confidentiality' >"$root/sys/kernel/security/lockdown"
	run FAKE_SECURE_BOOT=enabled -- "${good[@]}"
	expect_exit 0 && expect_said "does not require signed modules"
}
