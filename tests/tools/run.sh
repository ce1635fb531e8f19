#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh --packages: install what these tests need.
# run.sh [--update] [--sanitize | --valgrind] [NAME...]: l2pc's answers, all of
# them or those of expected/NAME, without a kernel.
#
# A file in expected/ is a transcript. `@ WORLD` says what the tool is shown
# (worlds/WORLD), `$ COMMAND` is run by bash; then follow what it printed, what it
# said on stderr behind `! `, and `[STATUS]` when that is not 0. Prints PASS or
# FAIL for each command, and what differs. Without names, screen.sh,
# export.sh and prometheus.sh run too.
# --update writes the files anew: read the difference before it is committed.
set -u -o pipefail
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
update='' kind='' names=()
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	--sanitize | --valgrind) kind=${1#--} ;;
	--packages)
		tools_need
		"$here/../../lab/prometheus.sh" >/dev/null
		exit
		;;
	-*) echo "usage: tests/tools/run.sh [--update] [--sanitize | --valgrind] [NAME...]" >&2 && exit 2 ;;
	*) names+=("$1") ;;
	esac
	shift
done
everything=''
if [ ${#names[@]} = 0 ]; then
	everything=yes
	for file in "$here"/expected/*; do names+=("${file##*/}"); done
fi

tools_need
[ "$kind" != valgrind ] || packages_need valgrind:valgrind
make -s -C "$here" ${kind:+SANITIZE=$([ "$kind" = sanitize ] && echo 1)} || exit 1
bin=$here/build
[ "$kind" != sanitize ] || bin=$here/build/sanitized

# What ncurses loses when a terminal is not known.
export LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-tools.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$scratch/bin"
if [ "$kind" = valgrind ]; then
	printf '#!/bin/sh\nexec valgrind -q --leak-check=full --error-exitcode=99 "%s" "$@"\n' "$bin/l2pc" >"$scratch/bin/l2pc"
	chmod 755 "$scratch/bin/l2pc"
else
	ln -s "$bin/l2pc" "$scratch/bin/l2pc"
fi
# shellcheck disable=SC2031 # packages.sh changes it in a subshell of its own, as is meant
export PATH="$scratch/bin:$PATH"

# run COMMAND: what belongs into the transcript behind it.
run() {
	local status
	(cd "$home" && timeout 120 bash -c "$1") >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
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
for name in "${names[@]}"; do
	[ -s "$here/expected/$name" ] || { echo "FAIL $name: there is no expected/$name" && exit 1; }
	transcript "$here/expected/$name" >"$scratch/now" 3>"$scratch/result"
	cat "$scratch/result"
	cat "$scratch/result" >>"$scratch/lines"
	[ -z "$update" ] || cp "$scratch/now" "$here/expected/$name"
done
if [ "$everything$kind$update" = yes ]; then
	# Transcripts have other homes, and the cache is in the real one.
	export L2PC_CACHE=$cache
	"$here/screen.sh" | tee -a "$scratch/lines" || exit 1
	"$here/export.sh" | tee -a "$scratch/lines" || exit 1
	"$here/prometheus.sh" | tee -a "$scratch/lines" || exit 1
fi
grep -q '^PASS ' "$scratch/lines" && ! grep -q '^FAIL ' "$scratch/lines"
