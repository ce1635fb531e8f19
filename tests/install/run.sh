#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh: test install.sh on a scratch machine: a directory in place of /, and stand-ins for
# the commands that would change the real machine. Needs no rights.
#
# usage: tests/install/run.sh [NAME...]     all tests, or those named
#
# L2PC_VERBOSE=1: also show the output of install.sh in tests that passed.

# Some tests mount file systems, in a private namespace, without root's rights.
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

# L2PC_VERBOSE uses a separate descriptor: a test's stdout is shown only when it fails.
exec 9>&1
setup() { machine; }
teardown() { [ -z "${L2PC_VERBOSE:-}" ] || sed 's/^/    /' "$work/m/state/out" >&9; }
machine_make
documents_begin tests/install/run.sh
suite_run_all "$@"
[ $# = 0 ] || documents_program=''
suite_end
