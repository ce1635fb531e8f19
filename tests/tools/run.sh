#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh --packages: install what these tests need.
# run.sh [--update] [--sanitize | --valgrind] [NAME...]: l2pc's answers, all of
# them or those of expected/NAME, without a kernel; then screen.sh, export.sh, delta.sh,
# fuzz.sh for a moment, and prometheus.sh, which have the names screen, export, delta, fuzz
# and prometheus. The last three have no program of their own to be watched by a sanitizer
# or valgrind.
#
# A file in expected/ is a transcript. `@ WORLD` says what the tool is shown
# (worlds/WORLD), `$ COMMAND` is run by bash; then follow what it printed, what it
# said on stderr behind `! `, and `[STATUS]` when that is not 0. Prints PASS or
# FAIL for each command, and what differs.
# --update writes the files anew: read the difference before it is committed.
set -u -o pipefail
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
update='' kind='' names=() programs=()
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	--sanitize | --valgrind) kind=${1#--} ;;
	--packages)
		tools_need
		fuzz_need
		packages_need valgrind:valgrind
		"$here/../../lab/prometheus.sh" >/dev/null
		exit
		;;
	-*) echo "usage: tests/tools/run.sh [--update] [--sanitize | --valgrind] [NAME...]" >&2 && exit 2 ;;
	delta | screen | export | fuzz | prometheus) programs+=("$1") ;;
	*) names+=("$1") ;;
	esac
	shift
done
if [ ${#names[@]}${#programs[@]} = 00 ]; then
	for file in "$here"/expected/*; do names+=("${file##*/}"); done
	[ -n "$update" ] || programs=(screen export)
	[ -n "$update$kind" ] || programs+=(delta fuzz prometheus)
fi

tools_need
scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-tools.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
program_make "$kind" "$scratch/bin" || exit 1
# shellcheck disable=SC2031 # packages.sh changes it in a subshell of its own, as is meant
export PATH="$scratch/bin:$PATH"

# run COMMAND: what belongs into the transcript behind it.
run() {
	local status
	(cd "$home" && timeout 120 bash -c "$1") >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	program_found "$scratch/bin" >>"$scratch/err"
	sed 's/^[$@#] /\\&/' "$scratch/out"
	[ ! -s "$scratch/out" ] || [ -z "$(tail -c 1 "$scratch/out")" ] || echo '\ no newline'
	sed 's/^/! /' "$scratch/err"
	[ "$status" = 0 ] || echo "[$status]"
}

# transcript FILE: the same transcript as it is now; PASS and FAIL lines on fd 3.
transcript() {
	local name=${1##*/} line command='' expected='' number=0
	# Each has a directory of its own, and no names or settings of this machine.
	home=$scratch/home.$name
	mkdir -p "$home"
	export HOME=$home TOOLS=$here L2PC_SENT=$home/sent
	export L2PC_ROOT=$here/root
	unset NO_COLOR COLUMNS LINES XDG_CONFIG_HOME L2PC_WORLD
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'$ '* | '@ '* | '# '*)
			transcript_check
			echo "$line"
			command='' expected=''
			case $line in
			'@ '*) export L2PC_WORLD=$here/worlds/${line#@ } ;;
			'$ '*) command=${line#\$ } ;;
			esac
			;;
		*) expected+=$line$'\n' ;;
		esac
	done <"$1"
	transcript_check
}

transcript_check() {
	local now
	[ -n "$command" ] || return 0
	number=$((number + 1))
	# There the descriptor is not closed: what is written comes out.
	case $kind:$command in valgrind:*'>&-'*) printf '%s' "$expected" && return ;; esac
	now=$(run "$command" && echo x)
	now=${now%x}
	printf '%s' "$now"
	if [ "$now" = "$expected" ]; then
		echo "PASS $name/$number" >&3
	else
		echo "FAIL $name/$number: $command" >&3
		diff <(printf '%s' "$expected") <(printf '%s' "$now") | sed 's/^/    /' >&3
	fi
}

: >"$scratch/lines"
for name in ${names[@]+"${names[@]}"}; do
	[ -s "$here/expected/$name" ] || { echo "FAIL $name: there is no expected/$name" && exit 1; }
	transcript "$here/expected/$name" >"$scratch/now" 3>"$scratch/result"
	cat "$scratch/result"
	cat "$scratch/result" >>"$scratch/lines"
	[ -z "$update" ] || cp "$scratch/now" "$here/expected/$name"
done
# Transcripts have other homes, and the cache is in the real one.
export L2PC_CACHE=$cache
for name in ${programs[@]+"${programs[@]}"}; do
	arguments=()
	case $name in
	screen | export) arguments=(${kind:+"--$kind"}) ;;
	fuzz) arguments=(10) ;;
	esac
	"$here/$name.sh" ${arguments[@]+"${arguments[@]}"} | tee -a "$scratch/lines" || exit 1
done
grep -q '^PASS ' "$scratch/lines" && ! grep -q '^FAIL ' "$scratch/lines"
