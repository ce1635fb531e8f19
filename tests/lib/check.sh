# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # the programs' own use
# Sourced by tests/check/*.sh, programs that look at the sources: each prints PASS
# and FAIL lines and ends with check_end. With --packages it installs what it needs,
# and looks at nothing.
set -u -o pipefail
export LC_ALL=C

check_name=$(basename "$0" .sh)
cd "$(dirname "$0")/../.." || exit 2
top=$PWD lab=$PWD/lab
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
check_failed=0
check_only=${1-} # --packages, or what a program takes
check_work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-check.XXXXXX") || exit 2
trap 'rm -rf "$check_work"' EXIT
trap 'exit 130' INT TERM HUP

# check_need WHAT:PACKAGE...
check_need() {
	packages_need git:git "$@"
	[ "$check_only" != --packages ] || exit 0
}

# check_files: every file of the tree but what .gitignore says, which a build has
# made. It need not be a repository.
check_files() {
	[ -d "$check_work/git" ] || git init -q --bare "$check_work/git"
	git --git-dir="$check_work/git" --work-tree="$top" ls-files --others --exclude-standard
}

# check_c PATTERN: C files whose names begin so, and that people write: what
# spec/generate.sh makes is the generator's business.
check_c() {
	check_files | grep -E "^($1).*\.[ch]\$" | while IFS= read -r file; do
		head -n 5 "$file" | grep -q YNL-GEN || echo "$file"
	done
}

# check_result NAME FILE: it has passed when FILE, with what was found, is empty.
check_result() {
	if [ -s "$2" ]; then
		echo "FAIL $check_name/$1: $(wc -l <"$2") lines"
		sed 's/^/    /' "$2"
		check_failed=1
	else
		echo "PASS $check_name/$1"
	fi
}

# check_excuse FILE: its findings, `FILE:LINE: what [TYPE]`, without those that are
# excused: stdin has lines `FILE TYPE`, * being any file, and comments. And what is
# excused in vain.
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

# check_results FILE NAME...: for each, what FILE says of it in lines `NAME:...`; and
# one for the rest, which is of none of them.
check_results() {
	local log=$1 name
	shift
	cp "$log" "$check_work/rest"
	for name; do
		awk -v n="$name:" 'index($0, n) == 1' "$log" >"$check_work/found"
		awk -v n="$name:" 'index($0, n) != 1' "$check_work/rest" >"$check_work/less"
		mv "$check_work/less" "$check_work/rest"
		check_result "$name" "$check_work/found"
	done
	[ ! -s "$check_work/rest" ] || check_result other "$check_work/rest"
}

check_end() { exit "$check_failed"; }
