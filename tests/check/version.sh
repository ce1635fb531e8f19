#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# version.sh: check that all files have the same version as MODULE_VERSION in packet-counter.c.
# The tool reads it from there when it is built.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need sed:sed

version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' packet-counter.c)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
	echo "packet-counter.c: MODULE_VERSION is \"$version\", not three numbers" >"$scratch/log"
expect_empty packet-counter.c "$scratch/log"

# expect_version FILE SED-SCRIPT: fail unless the script prints the version, once.
expect_version() {
	local found
	found=$(sed -n "$2" "$1" | tr '\n' ' ')
	: >"$scratch/log"
	[ "$found" = "$version " ] || echo "$1: \"${found% }\", and MODULE_VERSION is \"$version\"" >"$scratch/log"
	expect_empty "$1" "$scratch/log"
}
expect_version dkms.conf 's/^PACKAGE_VERSION="\(.*\)"$/\1/p'
# The first release in the list is this one.
expect_version CHANGELOG.md '/^## /{s/^## //p;q}'
expect_version packaging/debian/changelog '1s/^l2packet-counter (\(.*\)) .*/\1/p'
suite_end
