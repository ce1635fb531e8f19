# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # used by, or from, the other files
# Sourced by run.sh: the commands of install.sh that README prints.

# sudo ./install.sh ...: run it on the scratch machine; with $answers, on a terminal.
sudo()
{
	expect_equal "the program" "$1" ./install.sh
	shift
	if [ -n "$answers" ]; then typed "$answers" "$@"; else run -- "$@"; fi
}

test_printed_without_options()
{
	local answers='1\ny\ny\n'

	document_run 'sudo ./install.sh'
	expect_exit 0 && expect_there "$unit" && expect_holds "$conf" "options $module interface=eth0"
}

test_printed_with_options()
{
	local answers=''

	interface eth1 1 0x1003
	document_run 'sudo ./install.sh --interface eth0 --yes'
	expect_exit 0 && expect_there "$installed" && expect_gone "$unit"
	document_run 'sudo ./install.sh --interface eth0,eth1 --yes --service'
	expect_exit 0 && expect_there "$unit" && expect_holds "$conf" "options $module interface=eth0,eth1"
	document_run 'sudo ./install.sh --uninstall'
	expect_exit 0 && expect_gone "$installed" && expect_gone "$conf" && expect_gone "$unit"
}
