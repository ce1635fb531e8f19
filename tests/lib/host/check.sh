# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced, instead of suite.sh, by programs that look at the sources: tests/check/*.sh
# and some of tests/packaging. They run at the top of the tree.
# shellcheck source=tests/lib/host/suite.sh
. "${BASH_SOURCE[0]%/*}/suite.sh"
cd "$top" || exit 2
: >"$scratch/log"

# check_need WHAT:PACKAGE...
check_need() { suite_need git:git "$@"; }

# check_files: every file of the tree but what .gitignore says, which a build has
# made. It need not be a repository.
check_files() {
	[ -d "$scratch/git" ] || git init -q --bare "$scratch/git"
	git --git-dir="$scratch/git" --work-tree="$top" ls-files --others --exclude-standard
}

# check_c PATTERN: C files whose names match, and that people write: what
# spec/generate.sh makes is the generator's business.
check_c() {
	check_files | grep -E "^($1).*\.[ch]\$" | while IFS= read -r file; do
		head -n 5 "$file" | grep -q YNL-GEN || echo "$file"
	done
}

# check_excuse FILE: its findings, `FILE:LINE: what [TYPE]`, without those that are
# excused: stdin has lines `FILE TYPE`, * being any file, and comments. An excuse that
# no finding needs is a finding.
check_excuse() {
	grep -v '^#' | awk '
		NR == FNR { excuse[$1 " " $2] = 1; next }
		match($0, /^[^: ]+:[0-9]+: .* \[[A-Za-z_]+\]$/) {
			file = $0; sub(/:.*/, "", file)
			type = $0; sub(/.*\[/, "", type); sub(/\]$/, "", type)
			for (key in excuse)
				if (key == file " " type || key == "* " type) { used[key] = 1; next }
		}
		{ print }
		END { for (key in excuse) if (!used[key]) print key ": is excused, and does not occur" }' - "$1"
}

# expect_no_findings FILE NAME...: a test for each name: no line `NAME:...` of FILE;
# and one for the lines of no name.
expect_no_findings() {
	local log=$1 name
	shift
	cp "$log" "$scratch/rest"
	for name; do
		awk -v n="$name:" 'index($0, n) == 1' "$log" >"$scratch/found"
		awk -v n="$name:" 'index($0, n) != 1' "$scratch/rest" >"$scratch/less"
		mv "$scratch/less" "$scratch/rest"
		expect_empty "$name" "$scratch/found"
	done
	[ ! -s "$scratch/rest" ] || expect_empty other "$scratch/rest"
}
