#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# delta.sh: unit tests of what the tool takes for new (tools/source/delta.c), under ASan
# and UBSan.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
tools_need
make -s -C "$here" unit || exit 1
suite_include "$tests/unit/run.sh" "$here/build/unit/test_delta" "$here/build/unit/test_delta_stations"
suite_end
