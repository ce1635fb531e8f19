# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables are of machine.sh
# Sourced by run.sh: after a failed step, the machine is as it was before.

expect_undone() # <words about the step> [NAME=VALUE...] -- [argument...]
{
	local words=$1 log

	shift
	remember
	run "$@"
	expect_exit 1 && expect_said "this step failed: $words" && expect_said "The machine is as it was before." && expect_unchanged
	# The log remains, and the message names it.
	log=$(find "$work/m/tmp" -type f)
	expect_present "$log"
	expect_said "$log"
	expect_no_files_left ! -path "$log"
}
test_build_fails() { expect_undone build FAKE_FAIL=make -- "${good[@]}"; expect_said "make: made to fail"; }
test_built_for_another_kernel() { expect_undone build FAKE_BUILT_FOR=6.1.99 -- "${good[@]}"; expect_said "6.1.99"; }
test_install_fails()
{
	# A file is in place of the directory.
	: >"$root/lib/modules/$release/updates"
	expect_undone install -- "${good[@]}"
}
test_depmod_fails() { expect_undone "update the module index" FAKE_FAIL=depmod -- "${good[@]}"; }
test_configuration_fails() { : >"$root/etc/modprobe.d"; expect_undone write -- "${good[@]}"; }
test_modprobe_fails() { expect_undone "load on eth0" FAKE_FAIL=modprobe -- "${good[@]}"; expect_said "the fake kernel's message"; }
test_verify_fails() { expect_undone "check that" FAKE_SILENT=1 -- "${good[@]}"; }
test_daemon_reload_fails()
{
	remember
	run FAKE_FAIL=systemctl:daemon-reload -- "${good[@]}" --service
	expect_exit 1 && expect_said "this step failed: write" && expect_unchanged
}
test_enable_fails() { expect_undone "enable" FAKE_FAIL=systemctl:enable -- "${good[@]}" --service; }
test_start_fails() { expect_undone "start" FAKE_FAIL=systemctl:start -- "${good[@]}" --service; }

expect_undone_by_signal() # <command>
{
	remember
	run FAKE_INTERRUPT="$1" -- "${good[@]}" --service
	expect_exit 1 && expect_said "interrupted" && expect_unchanged && expect_no_files_left
}
test_interrupted_while_building() { expect_undone_by_signal make:-C; }
test_interrupted_while_indexing() { expect_undone_by_signal depmod; }
test_interrupted_while_loading() { expect_undone_by_signal modprobe; }
test_interrupted_while_starting() { expect_undone_by_signal systemctl:start; }

# When the reader of its output ends, install.sh has finished, or has undone everything.
test_reader_goes()
{
	local first last undone=0

	run -- "${good[@]}" --service
	first=$(grep -n '^==>' "$work/m/state/out" | head -n 1)
	last=$(wc -l <"$work/m/state/out")
	[ -n "$first" ] || fail "install.sh" "a step" none
	for ((lines = ${first%%:*}; lines < last; lines += 3)); do
		machine
		remember
		run -- "${good[@]}" --service
		if [ "$status" = 0 ]; then
			expect_there "$installed" && expect_there "$wants" && expect_no_files_left
		else
			expect_exit 1 && expect_unchanged && expect_no_files_left
			undone=$((undone + 1))
		fi
	done
	expect_number "runs that were undone" "$undone" -gt 0
	machine
	run -- "${good[@]}" --service
	lines=1
	run -- --uninstall
	expect_exit 0 && expect_gone "$installed" && expect_gone "$conf" && expect_gone "$unit"
}
