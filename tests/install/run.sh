#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests install.sh against a scratch machine: a directory that stands for / and
# stand-ins for the commands that would touch the real one. Needs no rights.
#
# usage: tests/install/run.sh [NAME...]     all tests, or those named
#
# L2PC_VERBOSE=1: also what install.sh printed in tests that passed.

# The mounts of some tests are nobody else's, and need no rights of root's.
[ -n "${L2PC_UNSHARED-}" ] || L2PC_UNSHARED=1 exec unshare --mount --map-root-user "$0" "$@"

# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
work=$scratch
cleanup() { ! mountpoint -q "$root" || umount -R "$root"; }

# shellcheck source=tests/install/machine.sh
. "$here/machine.sh"
for file in refusals installing undoing dkms upgrading printed; do
	# shellcheck source=/dev/null
	. "$here/$file.sh"
done

# L2PC_VERBOSE has a descriptor of its own: a test's stdout is shown when it fails.
exec 9>&1
setup() { machine; }
teardown() { [ -z "${L2PC_VERBOSE:-}" ] || sed 's/^/    /' "$work/m/state/out" >&9; }
machine_make
documents_begin tests/install/run.sh
suite_run_all "$@"
[ $# = 0 ] || documents_program=''
suite_end
