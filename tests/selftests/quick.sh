#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# quick.sh [OPTION]...: test that those of the kernel's selftests that are marked quick pass
# without counting, while the module counts, and while l2pc run does. The options are run.sh's.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need_no_more

quick() { expect_status 0 "$here/run.sh" --quick "$@"; }

suite_run quick quick "$@"
suite_end
