# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are of machine.sh
# Sourced by run.sh: upgrade, uninstall, and questions on a terminal.

# --- upgrade -----------------------------------------------------------------------

# Install an older version, as a service or not, loaded with other parameters.
older() # <service: yes|no>
{
	mkdir -p "$root${installed%/*}" "$root/etc/modprobe.d"
	printf 'vermagic %s SMP\nsrcversion OLD\n' "$release" >"$root$installed"
	chmod 600 "$root$installed"
	printf '# mine\noptions %s reset_interval=60 interface=wlan-a\n' "$module" >"$root$conf"
	if [ "$1" = yes ]; then
		mkdir -p "$root/etc/systemd/system"
		printf '[Service]\nExecStart=/sbin/modprobe %s interface=wlan-a reset_interval=60\n[Install]\nWantedBy=old.device\n' \
			"$module" >"$root$unit"
		env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$release" systemctl enable
		env PATH="$bin" L2PC_ROOT="$root" FAKE_RELEASE="$release" systemctl start
	else
		env PATH="$bin" L2PC_ROOT="$root" insmod "$root$installed" interface=wlan-a reset_interval=60
	fi
}
test_replaces_an_older_one()
{
	older no
	run -- "${good[@]}"
	expect_exit 0 && expect_said "already loaded (interface=wlan-a reset_interval=60)" && expect_holds "$installed" "srcversion NEW" &&
		expect_holds "/sys/module/$module/srcversion" NEW && expect_holds "$conf" '# mine' &&
		expect_holds "$conf" "options $module interface=eth0 reset_interval=60"
}
test_replaces_an_older_service()
{
	older yes
	run -- "${good[@]}"
	expect_exit 0 && expect_said "is kept" && expect_there "$wants" && expect_gone /etc/systemd/system/old.device.wants &&
		expect_there "/run/active-$module" && expect_holds "/sys/module/$module/srcversion" NEW
}
test_no_service_removes_an_older_one()
{
	older yes
	run -- "${good[@]}" --no-service
	expect_exit 0 && expect_gone "$unit" && expect_gone /etc/systemd/system/old.device.wants && expect_there "/proc/$module"
}
test_removes_a_copy_elsewhere()
{
	mkdir "$root/lib/modules/$release/extra"
	echo "srcversion OLD" >"$root/lib/modules/$release/extra/$module.ko"
	run -- "${good[@]}"
	expect_exit 0 && expect_there "$installed" && expect_gone "/lib/modules/$release/extra/$module.ko"
}
test_upgrade_fails_to_load()
{
	# insmod loads the old module again.
	older no
	expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"
	expect_called "insmod $root$installed interface=wlan-a reset_interval=60"
}
test_upgrade_fails_to_verify() { older no; expect_undone "check that" FAKE_SILENT=1 -- "${good[@]}"; }
test_upgrade_fails_to_unload() { older no; expect_undone "unload" FAKE_FAIL=rmmod -- "${good[@]}"; }
test_service_upgrade_fails_to_load() { older yes; expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; }
test_service_upgrade_fails_to_index() { older yes; expect_undone "update the module index" FAKE_FAIL=depmod -- "${good[@]}"; }
test_service_upgrade_interrupted() { older yes; expect_undone_by_signal depmod; }
test_loaded_by_hand()
{
	# The loaded module's file is unknown: after a failure, the new build is loaded again.
	echo "srcversion LOST" >"$work/m/state/lost.ko"
	env PATH="$bin" L2PC_ROOT="$root" insmod "$work/m/state/lost.ko" interface=eth0 reset_interval=5
	run FAKE_FAIL=depmod -- "${good[@]}"
	expect_exit 1 && expect_there "/proc/$module" && expect_holds "/sys/module/$module/parameters/reset_interval" 5
	run -- "${good[@]}"
	expect_exit 0 && expect_holds "/sys/module/$module/srcversion" NEW
}

# --- uninstall ---------------------------------------------------------------------

test_uninstall()
{
	remember
	run -- "${good[@]}" --service
	run -- --uninstall
	expect_exit 0 && expect_said "removed $root$installed" && expect_said "removed $root$conf" && expect_said "removed $root$unit"
	for path in "$installed" "$conf" "$unit" "/sys/module/$module" "/proc/$module" "$wants" "/run/active-$module"; do
		expect_gone "$path"
	done
	expect_no_text "$root/lib/modules/$release/modules.dep" "$module"
}
test_uninstall_twice() { run -- "${good[@]}"; run -- --uninstall; remember; run -- --uninstall; expect_exit 0 && expect_said "nothing to remove" && expect_unchanged; }
test_uninstall_nothing() { remember; run -- --uninstall; expect_exit 0 && expect_said "nothing to remove" && expect_unchanged; }
test_uninstall_without_root() { run -- "${good[@]}"; expect_refusal 3 "root's rights" FAKE_UID=1000 -- --uninstall; }
test_uninstall_while_in_use()
{
	run -- "${good[@]}"
	remember
	run FAKE_FAIL=rmmod -- --uninstall
	expect_exit 1 && expect_said "no file was removed" && expect_unchanged
}

# --- on a terminal -----------------------------------------------------------------

# typed <answers> [argument...]: run install.sh on a terminal, with these answers typed.
typed()
{
	local answers=$1

	shift
	status=0
	# shellcheck disable=SC2059 # the answers hold the line ends
	printf "$answers" | env -i PATH="$bin" SHELL="$bin/bash" TMPDIR="$work/m/tmp" L2PC_ROOT="$root" FAKE_UID=0 \
		FAKE_RELEASE="$release" "$(command -v script)" -qefc "bash '$top/install.sh' $*" /dev/null >"$work/m/state/out" 2>&1 || status=$?
}
test_asks_on_a_terminal()
{
	typed '1\ny\ny\n'
	expect_exit 0 && expect_said "eth0" && expect_said "02:00:00:00:00:01" && expect_there "$unit" && expect_holds "$conf" "options $module interface=eth0"
}
test_asks_again_and_takes_no()
{
	typed '9\nx\n2\nn\ny\n'
	expect_exit 0 && expect_said "one of the numbers" && expect_gone "$unit" && expect_holds "$conf" "options $module interface=wlan-a"
}
test_no_changes_nothing() { remember; typed '1\nn\nn\n'; expect_exit 0 && expect_said "Nothing was changed" && expect_unchanged; }
test_end_of_input_changes_nothing() { remember; typed '\004' --interface eth0 --no-service; expect_said "Nothing was changed" && expect_unchanged; }
