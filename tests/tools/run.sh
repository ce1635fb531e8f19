#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh --packages: install the packages that these tests need.
# run.sh [--update] [--sanitize | --valgrind] [NAME...]: test the output of l2pc without a
# kernel, for all files of expected/ or for expected/NAME. Then run screen.sh, export.sh,
# simulation.sh, unit.sh, fuzz.sh for a few seconds, prometheus.sh and printed.sh, whose NAMEs
# are screen, export, simulation, unit, fuzz, prometheus and printed. The last four do not run
# under a sanitizer or valgrind.
#
# A file in expected/ is a transcript. `@ WORLD` selects the simulated kernel
# (worlds/WORLD). bash runs `$ COMMAND`. Its output follows, with stderr behind `! `, and
# `[STATUS]` when the status is not 0. Each command is a test. --update writes the files
# again: read the difference before you commit it.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
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
		"$lab/prometheus.sh" >/dev/null || exit
		suite_need_no_more
		;;
	-*) die "unknown option $1" "usage: tests/tools/run.sh [--update] [--sanitize | --valgrind] [NAME...]" ;;
	unit | screen | export | simulation | fuzz | prometheus | printed) programs+=("$1") ;;
	*) names+=("$1") ;;
	esac
	shift
done
if [ ${#names[@]}${#programs[@]} = 00 ]; then
	for file in "$here"/expected/*; do names+=("${file##*/}"); done
	[ -n "$update" ] || programs=(screen export simulation)
	[ -n "$update$kind" ] || programs+=(unit fuzz prometheus printed)
fi

tools_need
program_make "$kind" "$scratch/bin" || exit 1
# shellcheck disable=SC2031 # packages.sh changes it in a subshell of its own, as is meant
export PATH="$scratch/bin:$PATH"

# run COMMAND: run it, and print its part of the transcript.
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

# transcript FILE: run the transcript's commands, and print it as it is now; results go to
# fd 3.
transcript() {
	local name=${1##*/} line command='' expected='' number=0
	# Each transcript has its own directory, and no names or settings of this machine.
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
	# valgrind does not close the descriptor, and the command succeeds. The leak sanitizer
	# cannot trace a process that has changed its user.
	case $kind:$command in valgrind:*'>&-'* | sanitize:*SUDO_UID=*) printf '%s' "$expected" && return ;; esac
	now=$(run "$command" && echo x)
	now=${now%x}
	printf '%s' "$now"
	expect_equal "$name/$number" "$now" "$expected" >&3 || suite_details <<<"$command" >&3
}

for name in ${names[@]+"${names[@]}"}; do
	[ -s "$here/expected/$name" ] || die "unknown test $name: no file tests/tools/expected/$name"
	transcript "$here/expected/$name" 3>&1 >"$scratch/now"
	[ -z "$update" ] || cp "$scratch/now" "$here/expected/$name"
done
# Transcripts change HOME. The cache is below the real one.
export L2PC_CACHE=$cache
for name in ${programs[@]+"${programs[@]}"}; do
	arguments=()
	case $name in
	screen | export | simulation) arguments=(${kind:+"--$kind"}) ;;
	fuzz) arguments=(10) ;;
	esac
	suite_include "$here/$name.sh" ${arguments[@]+"${arguments[@]}"}
done
suite_end
