#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is made from something else is what that says today: the header and the
# policies from the netlink spec.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/host/linux.sh
. "$top/tests/lib/host/linux.sh"
check_need /usr/bin/python3:python3 /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml \
	/usr/lib/python3/dist-packages/jsonschema:python3-jsonschema

tools=$(linux_tools) || exit
spec/generate.sh "$tools" --check >"$scratch/log" 2>&1 || [ -s "$scratch/log" ] ||
	echo "spec/generate.sh: status $?" >"$scratch/log"
expect_empty spec "$scratch/log"
suite_end
