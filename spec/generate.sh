#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# generate.sh LINUX [--check]: make the UAPI header and the kernel's policies from the
# netlink spec, with the generator of a Linux source tree. --check only compares the
# committed files with the result.
#
# Of the kernel part only the policies are used: split operations are new in 6.2, and
# the module supports 5.10.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
linux=${1:?usage: spec/generate.sh LINUX [--check]}
check=${2:-}
# Linux 6.14 moved it.
for generator in "$linux/tools/net/ynl/pyynl/ynl_gen_c.py" "$linux/tools/net/ynl/ynl-gen-c.py"; do
	[ ! -r "$generator" ] || break
done
[ -r "$generator" ] || {
	echo "error: $linux has no tools/net/ynl/pyynl/ynl_gen_c.py: name a Linux source tree, 6.12 or newer" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The generator searches the schema next to the spec, and the root of a Linux tree
# above it.
mkdir -p "$work/Documentation/netlink/specs" "$work/out"
: >"$work/MAINTAINERS"
cp "$linux/Documentation/netlink/genetlink.yaml" "$work/Documentation/netlink/"
cp "$top/spec/l2packet_counter.yaml" "$work/Documentation/netlink/specs/"

# Debian's own Python has the modules it needs (python3-yaml, python3-jsonschema).
generate() {
	/usr/bin/python3 "$generator" --spec "$work/Documentation/netlink/specs/l2packet_counter.yaml" "$@"
}

uapi=include/uapi/linux/l2packet_counter.h
policy=kmod/iface/netlink_policy.h
generate --mode uapi --header -o "$work/uapi.h"
generate --mode kernel --source -o "$work/kernel.c"

# Newer generators also name the program that makes all of the kernel's own files.
from='s,^/\*	Documentation/netlink/specs/,/*	spec/,; /^\/[/*] To regenerate run: /d'
sed "$from" "$work/uapi.h" >"$work/out/uapi.h"
{
	sed -n '1s,^// \(.*\)$,/* \1 */,; 2,3p; 1p' "$work/kernel.c" | sed "$from"
	printf '/* YNL-GEN kernel policies */\n\n#ifndef L2PC_NETLINK_POLICY_H\n#define L2PC_NETLINK_POLICY_H\n\n'
	printf '#include <net/netlink.h>\n\n#include <linux/l2packet_counter.h>\n\n'
	sed -n '/^\/\* Integer value ranges/,/^\/\* Ops table/p' "$work/kernel.c" | sed '/^\/\* Ops table/d'
	printf '#endif /* L2PC_NETLINK_POLICY_H */\n'
} >"$work/out/policy.h"

status=0
for pair in "$uapi:uapi.h" "$policy:policy.h"; do
	file=${pair%:*} made=$work/out/${pair#*:}
	cmp -s "$made" "$top/$file" && continue
	if [ -n "$check" ]; then
		echo "$file differs from spec/l2packet_counter.yaml (run spec/generate.sh LINUX)" >&2
		status=1
	else
		cp "$made" "$top/$file"
		echo "$file"
	fi
done
exit $status
