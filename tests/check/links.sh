#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Are all relative links, and all files that the documents name in backticks, there? One line for the links and one for the names of each document.
#
# A word in backticks is taken for a file of the repository when it has a slash
# and begins with a folder of the repository, or when it is a bare name with an
# ending that files here have. NAME stands for any name. What a build or a run
# makes is not looked for. Code blocks are not looked at.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need awk:mawk
shopt -s nullglob

# Without fenced code blocks.
prose() { awk '/^ *```/ { code = !code; next } !code' "$1"; }

# Targets of links, without what follows #; those elsewhere are not ours.
links() {
	# shellcheck disable=SC2016 # backticks are meant
	prose "$1" | sed 's/`[^`]*`//g' | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//' |
		grep -v -E "^[a-z]+:" | sort -u
}

# Headings as anchors: small letters, no punctuation, hyphens for spaces.
anchors() {
	prose "$1" | sed -n 's/^##* //p' | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# Names in backticks that are files of ours.
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

# there NAME: from the top, or anywhere when it is a bare name.
there() {
	local matches
	# shellcheck disable=SC2206 # patterns such as tests/vm/suites/*.test.sh are meant
	matches=($1)
	case $1 in
	*'*'*) [ ${#matches[@]} -gt 0 ] ;;
	*/*) [ -e "$1" ] ;;
	*) [ -e "$1" ] || [ -n "$(find . -name .git -prune -o -name "$1" -print -quit)" ] ;;
	esac
}

# result NAME MISSING: a name in a line each.
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
		there "$file" || missing+=$file$'\n'
	done < <(names "$document")
	result "$name-names" "$missing"
done
suite_end
