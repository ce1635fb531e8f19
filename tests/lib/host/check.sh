# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced, instead of suite.sh, by programs that check the sources: tests/check/*.sh and
# some of tests/packaging. They run at the top of the tree.
# shellcheck source=tests/lib/host/suite.sh
. "${BASH_SOURCE[0]%/*}/suite.sh"
cd "$top" || exit 2
: >"$scratch/log"

# check_need WHAT:PACKAGE...: calls suite_need, for git in addition.
check_need() { suite_need git:git "$@"; }

# check_files: prints every file of the tree, except those that .gitignore excludes, which
# builds make. The tree need not be a repository.
check_files() {
	[ -d "$scratch/git" ] || git init -q --bare "$scratch/git"
	git --git-dir="$scratch/git" --work-tree="$top" ls-files --others --exclude-standard
}

# check_c PATTERN: prints the C files whose names match, except those that
# spec/generate.sh generates.
check_c() {
	check_files | grep -E "^($1).*\.[ch]\$" | while IFS= read -r file; do
		head -n 5 "$file" | grep -q YNL-GEN || echo "$file"
	done
}

# check_excuse FILE: prints the findings of FILE, `FILE:LINE: what [TYPE]`, that are not
# excused. Stdin has the excuses, lines `FILE TYPE` with * for any file, and comments. An
# excuse without a finding is printed as a finding, unless a third word, varies, says that not
# each version of the checker has it.
check_excuse() {
	grep -v '^#' | awk '
		NR == FNR { excuse[$1 " " $2] = $3; next }
		match($0, /^[^: ]+:[0-9]+: .* \[[A-Za-z_]+\]$/) {
			file = $0; sub(/:.*/, "", file)
			type = $0; sub(/.*\[/, "", type); sub(/\]$/, "", type)
			for (key in excuse)
				if (key == file " " type || key == "* " type) { used[key] = 1; next }
		}
		{ print }
		END { for (key in excuse) if (!used[key] && excuse[key] != "varies") print key ": is excused, but does not occur" }' - "$1"
}

# expect_no_findings FILE NAME...: adds a test for each NAME: FILE has no line `NAME:...`.
# Lines without one of the names fail a test `other`.
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
