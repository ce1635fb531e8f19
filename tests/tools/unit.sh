#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# unit.sh: run the unit tests of tools/source/delta.c, which decides what is new since the
# last reading, and of tools/util/text.c, under ASan and UBSan.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
tools_need
make -s -C "$here" unit || exit 1
suite_include "$tests/unit/run.sh" "$here/build/unit/test_delta" "$here/build/unit/test_delta_stations" \
	"$here/build/unit/test_text"
suite_end
