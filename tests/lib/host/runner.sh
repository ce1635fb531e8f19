# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # $tests is the caller's
# Sourced by the programs that run suites: their libraries, work directory and exit.
set -u -o pipefail

lab=${tests%/*}/lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=tests/lib/host/count.sh
. "$tests/lib/host/count.sh"
# shellcheck source=tests/lib/host/jobs.sh
. "$tests/lib/host/jobs.sh"
# shellcheck source=tests/lib/host/suites.sh
. "$tests/lib/host/suites.sh"

# runner_begin: creates $work. At exit and after a signal, running jobs are ended and
# $work is removed.
runner_begin() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-tests.XXXXXX") || exit 2
	trap 'jobs_stop; rm -rf "$work"' EXIT
	trap 'runner_interrupted' INT TERM HUP
}

runner_interrupted() {
	trap '' INT TERM HUP
	echo "interrupted: ending ${jobs_pid[*]-}" >&2
	exit 130
}

# runner_end: prints the last line and returns the status.
runner_end() {
	jobs_check
	count_end
}
