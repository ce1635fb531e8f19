#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# generated.sh: check that the header and the policies are those that the netlink spec generates.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
check_need /usr/bin/python3:python3 /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml \
	/usr/lib/python3/dist-packages/jsonschema:python3-jsonschema

# The first call downloads, and reports this.
"$lab/ynl.sh" --source >/dev/null || exit
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

# Linux 6.14 moved the generator, and later ones say how to run it.
linux=$("$lab/ynl.sh" --source)
moved=$scratch/moved/tools/net/ynl/pyynl
mkdir -p "$moved" "$scratch/moved/Documentation/netlink"
cp "$linux/tools/net/ynl/ynl-gen-c.py" "$moved/ynl_gen_c.py"
cp -r "$linux/tools/net/ynl/lib" "$moved/"
cp "$linux/Documentation/netlink/genetlink.yaml" "$scratch/moved/Documentation/netlink/"
sed -i 's,^\( *\)cw.p(f"/\* YNL-GEN .*,&\n\1cw.p("/* To regenerate run: tools/net/ynl/ynl-regen.sh */"),' "$moved/ynl_gen_c.py"
expect_number 'its comment' "$(grep -c 'To regenerate' "$moved/ynl_gen_c.py")" -ge 1
spec/generate.sh "$scratch/moved" --check >"$scratch/log" 2>&1 || echo "status $?" >>"$scratch/log"
expect_empty 'Linux 6.14' "$scratch/log"
suite_end
