#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# litmus.sh: check the order of memory accesses with herd7 and the kernel's memory model. Each
# test in litmus/ has its expected verdict, and no data race. Each of its broken variants has
# another verdict, or a data race: the lines that end in `// broken NAME: CODE` are replaced
# by CODE.
#
# usage: tests/model/litmus.sh [--write] [NAME...]
#   --write   write the table of verdicts to docs/results/litmus.md
#   NAME      a test, without .litmus; default all
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/lib/host/results.sh
. "$tests/lib/host/results.sh"
if [ -n "$suite_packages" ]; then
	"$lab/herd.sh" --packages || exit
	suite_need_no_more
fi
write=''
[ "${1-}" != --write ] || { write=1 && shift; }
[ $# = 0 ] || [ -z "$write" ] || die "--write wants all tests" "run it without names"
case ${1-} in -*) sed -n '8,10s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;; esac
[ $# != 0 ] || {
	mapfile -t names < <(cd "$here/litmus" && printf '%s\n' *.litmus | sed 's/\.litmus$//')
	set -- "${names[@]}"
}
herd=$("$lab/herd.sh") || exit

# verdict FILE: print herd's verdict, and `race` when there is a data race. herd's output is
# in $scratch/log. Without a verdict its error is printed.
verdict() {
	"$herd" "$1" >"$scratch/log" 2>&1
	awk '
		/^Observation / { verdict = $3 }
		/^Flag data-race/ { race = " with a race" }
		{ last = $0 }
		END { print verdict ? verdict race : "no verdict: " last }' "$scratch/log"
}

# break_test FILE NAME: print a broken variant.
break_test() { sed "s,^\(\t*\).*// broken $2: *\(.*\)$,\1\2," "$1"; }

variants() { sed -n 's,.*// broken \([a-z_]*\):.*,\1,p' "$1" | sort -u; }

expected() { sed -n 's/^ \* Expected: //p' "$1"; }

# A test names the functions that it mirrors: they are ours, or our code calls them.
mirrored() {
	local function missing='' files=("$here"/litmus/*.litmus)
	while read -r function; do
		grep -r -q -w -F "${function%()}" "$top"/{kmod,bpf,tools/run} || missing="$missing $function"
	done < <(sed -n 's/^ \* Mirrors: //p' "${files[@]}" | grep -o '[a-z0-9_]*()' | sort -u)
	expect_equal mirrors "$missing" ''
}

# Each test is named by docs/locking.md, and each name there has a test.
documented() {
	(cd "$here/litmus" && printf '%s\n' *.litmus) | sed 's/\.litmus$//' | sort >"$scratch/have"
	awk -F'|' '/^## /{ in_table = /Barriers and their partners/ } in_table && NF > 4 { print $5 }' "$top/docs/locking.md" |
		grep -o -P '\x60[a-z-]*\x60' | tr -d '\140' | sort -u >"$scratch/named"
	expect_same documented "$scratch/named" "$scratch/have"
}

mirrored
documented
for name; do
	file=$here/litmus/$name.litmus
	[ -e "$file" ] || die "there is no test $name" "there are: $(cd "$here/litmus" && echo *.litmus)"
	want=$(expected "$file") got=$(verdict "$file") found=''
	[ "$got" = "$want" ] || fail "$name" "$want" "$got" "$scratch/log"
	[ "$got" != "$want" ] || suite_report PASS "$name" '' "($got)"
	[ -n "$(variants "$file")" ] || fail "$name" "a broken variant" "none"
	for variant in $(variants "$file"); do
		break_test "$file" "$variant" >"$scratch/$name-$variant.litmus"
		broken=$(verdict "$scratch/$name-$variant.litmus")
		found="$found${found:+, }$variant: $broken"
		case $broken in
		"$want" | 'no verdict'*) fail "finds_${name}_$variant" "another verdict than $want" "$broken" "$scratch/log" ;;
		*) suite_report PASS "finds_${name}_$variant" '' "($broken)" ;;
		esac
	done
	echo "| \`$name\` | $got | $found |" >>"$scratch/table"
done
if [ -n "$write" ] && ! suite_failed; then
	{
		echo '| test | verdict | its broken variants |'
		echo '| --- | --- | --- |'
		cat "$scratch/table"
	} | results_write litmus "Litmus tests" "tests/model/litmus.sh --write" \
		"$("$lab/herd.sh" --versions); l2packet_counter $(results_version).

Never: the model does not allow what the test describes. Sometimes: it does. A race is one of plain accesses. See
[locking.md](../locking.md#barriers-and-their-partners)."
fi
suite_end
