#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# tables.sh: test the tables of results: a run of some suites replaces their results only
# (architectures.awk), and a kernel has limits of its own (tests/bench/table.awk). Needs no VM.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
suite_need_no_more

# architectures OLD LINE...: print the tables, OLD and a run's lines of words separated by commas.
architectures() {
	local old=$1
	shift
	printf '%s\n' kernel,k1 kernel,k2 suite,alpha suite,beta,k2,large suite,gamma "$@" | tr ',' '\t' >"$scratch/new"
	awk -F '\t' -f "$tests/lib/host/architectures.awk" "$old" "$scratch/new"
}

test_architectures() {
	architectures /dev/null 'ran,alpha,k1,3 ok' 'ran,alpha,k2,2 ok' 'skip,alpha/x,k2,no such module' >"$scratch/first"
	diff - "$scratch/first" >&2 <<-'TABLES'
		| suite | k1 | k2 |
		| --- | ---: | ---: |
		| alpha | 3 ok | 2 ok |
		| beta | - | not run |
		| gamma | not run | not run |

		| not for them | its kernels | reason |
		| --- | --- | --- |
		| beta | k2 | large |

		| skipped | kernel | reason |
		| --- | --- | --- |
		| alpha/x | k2 | no such module |
	TABLES
	# The suite that did not run keeps its result, and its skip.
	architectures "$scratch/first" 'ran,gamma,k1,FAILED' 'ran,beta,k2,1 ok' 'skip,gamma/y,k1,slow' >"$scratch/second"
	expect_equal rows "$(sed -n '/^| [abg]/p' "$scratch/second" | paste -s -d ';')" \
		'| alpha | 3 ok | 2 ok |;| beta | - | 1 ok |;| gamma | FAILED | not run |;| beta | k2 | large |;| alpha/x | k2 | no such module |;| gamma/y | k1 | slow |'
	# The one that ran again without it has none.
	architectures "$scratch/second" 'ran,alpha,k2,3 ok' >"$scratch/third"
	expect_equal rows "$(sed -n '/^| alpha/p' "$scratch/third" | paste -s -d ';')" '| alpha | 3 ok | 3 ok |'
}

# limits KERNEL FIGURE: print the verdict and status for an RX handler of so many tenths.
limits() {
	local rc=0
	printf '%s\n' 'steady 70 one' 'tap 90 two # comment' '[k1]' 'steady 80 one of k1' '[k2]' 'steady 60' >"$scratch/limits"
	printf 'path\trx_handler\tsteady\t1\t%s\n' "$2" >"$scratch/figures"
	awk -v name="$1" -f "$tests/bench/table.awk" "$scratch/limits" "$scratch/figures" >"$scratch/table" || rc=$?
	sed -n 's/^  steady  *[0-9.]* *//p' "$scratch/table" | tr -s ' '
	echo "$rc"
}

test_limits_of_a_kernel() {
	expect_equal 'another kernel' "$(limits 6.12 750)" $'at most 70 EXCEEDED one\n1'
	expect_equal 'its own limit' "$(limits k1 750)" $'at most 80 holds one\n0'
	expect_equal 'its own limit' "$(limits k2 650)" $'at most 60 EXCEEDED one\n1'
	expect_equal 'limits' "$(grep -c 'at most' "$scratch/table")" 2
}

suite_run_all
suite_end
