#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# links.sh: check that all relative links, and all files that the documents name in backticks,
# exist. Print one line for the links and one for the names of each document.
#
# A word in backticks is the name of a file when it has a slash and starts with a folder of
# the repository, or when it is a bare name with an ending of the repository's files. NAME
# stands for any name. Files that a build or a run makes are not checked, nor code blocks.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need awk:mawk
shopt -s nullglob

# prose FILE: print it without fenced code blocks.
prose() { awk '/^ *```/ { code = !code; next } !code' "$1"; }

# links FILE: print the targets of relative links.
links() {
	# shellcheck disable=SC2016 # backticks are meant
	prose "$1" | sed 's/`[^`]*`//g' | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//' |
		grep -v -E "^[a-z]+:" | sort -u
}

# anchors FILE: print headings as anchors: small letters, no punctuation, hyphens for spaces.
anchors() {
	prose "$1" | sed -n 's/^##* //p' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# names FILE: print the names in backticks that are files of the repository.
names() {
	local name
	# shellcheck disable=SC2016 # backticks are meant
	prose "$1" | grep -o '`[^`]*`' | tr -d '`' | tr ' ' '\n' | sed 's,^\./,,; s/[:,;]$//' | sort -u |
		while IFS= read -r name; do
			case $name in
			*[!A-Za-z0-9_./*-]* | /* | *...* | *NAME*) ;;
			tests/tools/build/* | *.ko | *.o | *.out | tools/l2pc | tools/l2pc-export | kernel.log | qemu.log | *.pcap) ;;
			*/*) [ ! -d "${name%%/*}" ] || echo "$name" ;;
			Makefile | Kbuild | COPYING | *.sh | *.c | *.h | *.md | *.list | *.py) echo "$name" ;;
			esac
		done
}

# exists NAME: true when the file exists, for a bare name in any folder.
exists() {
	local matches
	# shellcheck disable=SC2206 # patterns such as tests/vm/suites/*.test.sh are meant
	matches=($1)
	case $1 in
	*'*'*) [ ${#matches[@]} -gt 0 ] ;;
	*/*) [ -e "$1" ] ;;
	*) [ -e "$1" ] || [ -n "$(find . -name .git -prune -o -name "$1" -print -quit)" ] ;;
	esac
}

# result NAME MISSING: report the missing names, one a line.
result() {
	printf '%s' "$2" >"$scratch/log"
	expect_empty "$1" "$scratch/log"
}

for document in README.md CHANGELOG.md docs/*.md docs/results/*.md tests/README.md lab/README.md; do
	name=${document%.md}
	if [ ! -s "$document" ]; then
		result "$name" "$document"$'\n'
		continue
	fi

	missing=''
	while IFS= read -r link; do
		target=${link%%#*}
		file=$(dirname "$document")/$target
		[ -n "$target" ] || file=$document
		if [ ! -e "$file" ]; then
			missing+=$link$'\n'
		elif [ "$link" != "$target" ] && ! anchors "$file" | grep -qxF -- "${link#*#}"; then
			missing+=$link$'\n'
		fi
	done < <(links "$document")
	result "$name-links" "$missing"

	missing=''
	while IFS= read -r file; do
		exists "$file" || missing+=$file$'\n'
	done < <(names "$document")
	result "$name-names" "$missing"
done
suite_end
