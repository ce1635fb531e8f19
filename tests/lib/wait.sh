# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Waiting. Sourced by host/suite.sh, and by tests/bpf/guest.test.sh.

# wait_for COMMAND...: waits until COMMAND succeeds; false after a minute. To wait for what a
# program in the background prints to a file, delete the file before: the shell that starts
# the program opens it later than COMMAND looks, and COMMAND would see an older run's output.
wait_for() {
	local i
	for ((i = 0; i < 600; i++)); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

# expect_soon WHAT COMMAND...: asserts that COMMAND succeeds within a minute.
expect_soon() {
	if wait_for "${@:2}"; then expect_held "$1"; else fail "$1" "success within a minute" "a timeout"; fi
}
