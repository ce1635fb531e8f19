#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels.sh: check that README's tested kernels, and the range in CHANGELOG, are those of
# lab/kernels.list.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
check_need awk:mawk

mapfile -t names < <(kernel_stock_names | grep -v generic | sort -V)
# versions PATTERN: print the versions of the names that match it, as README lists them.
versions() { printf '%s\n' "${names[@]}" | sed -n "s/^\\([0-9.]*\\)$1\$/\\1/p" | paste -s -d, | sed 's/,/, /g'; }
tested="Tested: $(versions ''); PREEMPT_RT $(versions -rt); 32 bit $(versions -686); arm64 $(versions -arm64); s390x $(versions -s390x)."
{ tr '\n' ' ' <README.md | grep -q -F -- "$tested" || echo "README.md lacks: $tested"; } >"$scratch/log"
expect_empty README "$scratch/log"

mapfile -t plain < <(printf '%s\n' "${names[@]}" | grep -x '[0-9.]*')
range="Kernel range: ${plain[0]} to ${plain[-1]} "
first=$(awk '/^## / { n++ } n == 1' CHANGELOG.md)
{ [[ $first == *"$range"* ]] || echo "CHANGELOG.md's first release lacks: $range"; } >"$scratch/log"
expect_empty CHANGELOG "$scratch/log"
suite_end
