#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# words.sh: check for words that must not return: tests/check/words.list. Checks all text files
# that people write: comments, documents, messages, help and names. Skips files that tests
# compare literally, because their words come from the programs.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need grep:grep

list=tests/check/words.list
exempt='^(COPYING|tests/check/words\.(list|sh)|packaging/debian/copyright|docs/.*\.(png|svg)|docs/results/.*|packaging/debian/changelog)$'
exempt+='|^tests/(captures|tools/(expected|screens|worlds|root)|vm/screens)/|^tests/fuzz/(corpus|wire)\.txt$'

# find_words FILE...: print `FILE:LINE: TEXT (REMEDY)` for each word.
find_words() {
	local pattern remedy line
	while IFS= read -r line; do
		case $line in '#'* | '') continue ;; esac
		pattern=${line% | *} remedy=${line##* | }
		grep -I -H -n -P -e "$pattern" -- "$@" | awk -v remedy="$remedy" '{
			match($0, /^[^:]*:[0-9]*:/)
			text = substr($0, RLENGTH + 1)
			sub(/^[ \t]+/, "", text)
			print substr($0, 1, RLENGTH) " " text "  (" remedy ")"
		}'
	done <"$list" | sort -t: -k1,1 -k2,2n
}

mapfile -t files < <(check_files | grep -v -E "$exempt")
[ ${#files[@]} -gt 100 ] || echo "only ${#files[@]} files were found" >"$scratch/log"
find_words "${files[@]}" >>"$scratch/log"
# Report one result for each part of the tree.
for part in kmod tools tests lab docs packaging spec .; do
	if [ "$part" = . ]; then
		cp "$scratch/log" "$scratch/part"
	else
		grep "^$part/" "$scratch/log" >"$scratch/part"
		grep -v "^$part/" "$scratch/log" >"$scratch/rest"
		mv "$scratch/rest" "$scratch/log"
	fi
	expect_empty "${part/#./top}" "$scratch/part"
done

# Test the patterns: they match these words, and no others.
cat >"$scratch/planted.c" <<-'PLANTED'
	/* Stations that were noticed. */
	/* The order of the telling. */
	/* A shy handler; begun anew. */
	/* Who listens hears of it. Nobody else does. */
	puts("it is no device");
	/* A frame is no longer counted when there is no memory; who, nobody. */
PLANTED
find_words "$scratch/planted.c" | sed "s,^$scratch/\\(planted\\.c:[0-9]*\\):.*,\\1," | sort -u >"$scratch/found"
expect_output planted "$(printf 'planted.c:%d\n' 1 2 3 4 5)" <"$scratch/found"
suite_end
