# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $tests, $lab, $work, $failed are the caller's
# Sourced, after say.sh, cache.sh and count.sh: the VM suites, tests/vm/*.test.sh.

# suites_names: all of them.
suites_names() {
	local file
	for file in "$tests"/vm/*.test.sh; do
		[ ! -e "$file" ] || basename "$file" .test.sh
	done
}

# suites_file NAME
suites_file() { echo "$tests/vm/${1%.test.sh}.test.sh"; }

# suites_check NAME...: ends the program when there is no such suite.
suites_check() {
	local name
	for name in "$@"; do
		[ -r "$(suites_file "$name")" ] || die "no suite $name in tests/vm" \
			"there are: $(suites_names | tr '\n' ' ')"
	done
}

# suites_run KERNEL NAME: boots it with the options its `# lab:` lines ask for,
# and counts. The logs of one that failed are kept.
suites_run() {
	local file options kept before=$failed
	file=$(suites_file "$2")
	mapfile -t options < <(sed -n 's/^# lab: *//p' "$file" | xargs -r -n 1 printf '%s\n')
	# Captures to be replayed beside our own: L2PC_CAPTURES, or a folder that
	# stands beside the checkout.
	local captures=${L2PC_CAPTURES:-$tests/../../shared/captures}
	[ "$2" != captures ] || [ ! -d "$captures" ] || options+=(--file "$captures:captures")
	count_vm "$(basename "$file" .test.sh)" \
		"$lab/run.sh" --kernel "$1" ${options[@]+"${options[@]}"} --out "$work/out" "$file"
	kept=$cache/failed/$1-$(basename "$file" .test.sh)
	rm -rf "$kept"
	[ "$failed" = "$before" ] || {
		mkdir -p "$cache/failed"
		cp -a "$work/out" "$kept"
		echo "  the logs are kept in $kept"
	}
}
