#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# There is one version: MODULE_VERSION in packet-counter.c. The tool takes it from
# there when it is built; what has to name it in a file of its own names the same.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need sed:sed

version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' packet-counter.c)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
	echo "packet-counter.c: MODULE_VERSION is \"$version\", not three numbers" >"$scratch/log"
expect_empty packet-counter.c "$scratch/log"

# same FILE SED-SCRIPT: what the script finds in it is the version. Once, and nothing else.
same() {
	local found
	found=$(sed -n "$2" "$1" | tr '\n' ' ')
	: >"$scratch/log"
	[ "$found" = "$version " ] || echo "$1: \"${found% }\", and MODULE_VERSION is \"$version\"" >"$scratch/log"
	expect_empty "$1" "$scratch/log"
}
same dkms.conf 's/^PACKAGE_VERSION="\(.*\)"$/\1/p'
# The release that is described first is this one.
same CHANGELOG.md '/^## /{s/^## //p;q}'
same packaging/debian/changelog '1s/^l2packet-counter (\(.*\)) .*/\1/p'
suite_end
