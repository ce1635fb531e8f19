# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# awk -F '\t' -f architectures.awk OLD NEW: print the tables of docs/results/architectures.md.
# OLD are those tables as they are. NEW has lines of a run of the matrix, which take the place
# of what OLD says about the same suite and kernel:
#	kernel	NAME			a column, in this order
#	suite	NAME	KERNELS	REASON	a row, in this order; the only kernels that it is for, and why
#	ran	SUITE	KERNEL	VERDICT
#	skip	SUITE/TEST	KERNEL	REASON
function trim(text) {
	gsub(/^ +| +$/, "", text)
	return text
}

FILENAME == ARGV[1] {
	if (!/^\|/ || /^\| ---/)
		next
	n = split($0, part, "|")
	for (i = 2; i < n; i++)
		part[i] = trim(part[i])
	if (part[2] == "suite" || part[2] == "skipped" || part[2] == "not for them") {
		table = part[2]
		for (i = 3; i < n; i++)
			column[i] = part[i]
	} else if (table == "suite") {
		for (i = 3; i < n; i++)
			verdict[part[2], column[i]] = part[i]
	} else if (table == "skipped") {
		skip(part[2], part[3], part[4])
	}
	next
}

function skip(test, name, text) {
	tests[++skips] = test
	on[skips] = name
	why[skips] = text
}

$1 == "kernel" { kernel[++kernels] = $2 }
$1 == "suite" { suite[++suites] = $2; only[$2] = $3; reason[$2] = $4 }
$1 == "ran" {
	verdict[$2, $3] = $4
	for (i = 1; i <= skips; i++)
		if (index(tests[i], $2 "/") == 1 && on[i] == $3)
			tests[i] = ""
}
$1 == "skip" { skip($2, $3, $4) }

# for_kernel SUITE KERNEL: whether the suite is for the kernel.
function for_kernel(name, k) { return only[name] == "" || index(" " only[name] " ", " " k " ") }

END {
	line = "| suite |"
	rule = "| --- |"
	for (k = 1; k <= kernels; k++) {
		line = line " " kernel[k] " |"
		rule = rule " ---: |"
	}
	print line "\n" rule
	for (s = 1; s <= suites; s++) {
		line = "| " suite[s] " |"
		any = 0
		for (k = 1; k <= kernels; k++) {
			if (!for_kernel(suite[s], kernel[k])) {
				line = line " - |"
				continue
			}
			any = 1
			line = line " " ((suite[s], kernel[k]) in verdict ? verdict[suite[s], kernel[k]] : "not run") " |"
		}
		if (any)
			print line
	}
	print "\n| not for them | its kernels | reason |\n| --- | --- | --- |"
	for (s = 1; s <= suites; s++)
		if (only[suite[s]] != "")
			printf "| %s | %s | %s |\n", suite[s], only[suite[s]], reason[suite[s]]
	print "\n| skipped | kernel | reason |\n| --- | --- | --- |"
	for (s = 1; s <= suites; s++)
		for (i = 1; i <= skips; i++)
			if (index(tests[i], suite[s] "/") == 1)
				printf "| %s | %s | %s |\n", tests[i], on[i], why[i]
}
