#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is made from something else is what that says today: the header and the
# policies from the netlink spec.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
# shellcheck source=tests/lib/linux.sh
. "$top/tests/lib/linux.sh"
check_need /usr/bin/python3:python3 /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml \
	/usr/lib/python3/dist-packages/jsonschema:python3-jsonschema

tools=$(linux_tools) || exit
spec/generate.sh "$tools" --check >"$check_work/log" 2>&1 || [ -s "$check_work/log" ] ||
	echo "spec/generate.sh: status $?" >"$check_work/log"
check_result spec "$check_work/log"
check_end
