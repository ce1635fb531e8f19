#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# generated.sh: check that the header and the policies are those that the netlink spec generates.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
check_need /usr/bin/python3:python3 /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml \
	/usr/lib/python3/dist-packages/jsonschema:python3-jsonschema

# The commands of docs/netlink.md. The one that writes runs in a copy with older files.
documents_begin tests/check/generated.sh
# shellcheck disable=SC2016 # it is expanded when it runs
document_run 'spec/generate.sh "$(lab/ynl.sh --source)" --check' >"$scratch/log" 2>&1 || [ -s "$scratch/log" ] ||
	echo "spec/generate.sh: status $?" >"$scratch/log"
expect_empty spec "$scratch/log"
mkdir "$scratch/copy"
cp -a --parents spec lab tests include kmod "$scratch/copy/"
cd "$scratch/copy" || exit 2
files=(include/uapi/linux/l2packet_counter.h kmod/iface/netlink_policy.h)
for file in "${files[@]}"; do echo >>"$file"; done
# shellcheck disable=SC2016
document_run 'spec/generate.sh "$(lab/ynl.sh --source)"' >"$scratch/written" 2>&1
expect_output written "$(printf '%s\n' "${files[@]}")" <"$scratch/written"
for file in "${files[@]}"; do expect_same "${file##*/}" "$file" "$top/$file"; done
cd "$top" || exit 2
suite_end
