#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# delta.sh: unit tests of what the tool takes for new (tools/source/delta.c), under ASan
# and UBSan. Prints PASS or FAIL for each.
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
tools_need
make -s -C "$here" unit || exit 1
"$here/../unit/run.sh" "$here/build/unit/test_delta"
