#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# screen.sh [--update] [--sanitize | --valgrind] [NAME...]: l2pc top on a terminal, with
# keys pressed; the screen is compared with screens/NAME. Without a kernel, as run.sh.
# Prints PASS or FAIL for each screen.
#
# A reading takes place when space is pressed twice and not before (-d 1h), so that
# what is on the screen does not depend on the time.
set -u -o pipefail
export LC_ALL=C.UTF-8 TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
update='' kind='' names=()
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	--sanitize | --valgrind) kind=${1#--} ;;
	-*) echo "usage: tests/tools/screen.sh [--update] [--sanitize | --valgrind] [NAME...]" >&2 && exit 2 ;;
	*) names+=("$1") ;;
	esac
	shift
done

tools_need
scratch=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-screen.XXXXXX") || exit 1
trap 'terminal kill-server 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
program_make "$kind" "$scratch/bin" || exit 1
terminals=0
terminal() { tmux -S "$scratch/socket$terminals" -f /dev/null "$@"; }

# begin WORLD [OPTION...]: a terminal of 80 x 24 with a shell that runs l2pc top.
begin() {
	terminal kill-server 2>/dev/null
	# The old one may not be gone yet: another socket.
	terminals=$((terminals + 1))
	cat >"$scratch/rc" <<-RC
		PS1='ready> '
		export HOME='$scratch' L2PC_ROOT='$here/root' L2PC_WORLD='$here/worlds/$1' L2PC_ANONYMIZE_KEY=k
		l2pc() { '$scratch/bin/l2pc' "\$@"; }
	RC
	shift
	terminal new-session -d -x 80 -y 24 "env -u NO_COLOR bash --rcfile '$scratch/rc'" ||
		{ echo "FAIL screen: no terminal for $*" && exit 1; }
	until_seen 'ready>' && keys "clear; l2pc top -d 1h $*" Enter
}

keys() { terminal send-keys "$@"; }
shown() { terminal capture-pane -p | sed 's/ *$//'; }

# until_seen TEXT: on the screen; false when that does not come about.
until_seen() {
	local i
	for ((i = 0; i < 300; i++)); do
		shown | grep -qF -- "$1" && return
		sleep 0.1
	done
	return 1
}

failed=0 ran=0
# screen NAME TEXT: once TEXT is on the screen it is as screens/NAME has it.
screen() {
	local name=$1 i
	[ ${#names[@]} = 0 ] || [[ " ${names[*]} " = *" $name "* ]] || return 0
	ran=1
	if ! until_seen "$2"; then
		echo "FAIL screen/$name: \"$2\" did not come; there is"
		shown | sed 's/^/    /'
		failed=1
		return
	fi
	# The rest of the same drawing may still be on its way.
	for ((i = 0; i < 30; i++)); do
		shown >"$scratch/now"
		[ -z "$update" ] || break
		cmp -s "$scratch/now" "$here/screens/$name" && break
		sleep 0.1
	done
	[ -z "$update" ] || { sleep 0.3 && shown >"$here/screens/$name"; }
	if cmp -s "$scratch/now" "$here/screens/$name" || [ -n "$update" ]; then
		echo "PASS screen/$name"
	else
		echo "FAIL screen/$name"
		diff "$here/screens/$name" "$scratch/now" | sed 's/^/    /'
		failed=1
	fi
}

# quit: top has ended, and what watches it has said what it found.
quit() { keys q && until_seen 'ready>'; }

# left_clean NAME: the terminal is as it was: what is typed shows, the screen is the
# shell's, and there is a cursor.
left_clean() {
	local name=$1
	[ ${#names[@]} = 0 ] || [[ " ${names[*]} " = *" $name "* ]] || return 0
	ran=1
	# What is typed before the signal has done its work is thrown away.
	until_seen 'ready>'
	keys 'stty -a | grep -q "[ ]echo " && echo terminal-"clean"' Enter
	if until_seen 'terminal-clean' &&
		[ "$(terminal display-message -p '#{alternate_on} #{cursor_flag}')" = '0 1' ]; then
		echo "PASS screen/$name"
	else
		echo "FAIL screen/$name: the terminal is not as it was"
		shown | sed 's/^/    /'
		failed=1
	fi
}

# check NAME WHAT COMMAND...: WHAT is to be so; COMMAND says whether it is.
check() {
	local name=$1 what=$2 i
	shift 2
	[ ${#names[@]} = 0 ] || [[ " ${names[*]} " = *" $name "* ]] || return 0
	ran=1
	for ((i = 0; i < 100; i++)); do
		"$@" && echo "PASS screen/$name" && return
		sleep 0.1
	done
	echo "FAIL screen/$name: not $what"
	failed=1
}
no_cursor() { [ "$(terminal display-message -p '#{cursor_flag}')" = 0 ]; }
none_runs() { ! pgrep -f "$scratch/bin/l2pc top" >/dev/null; }

mkdir -p "$here/screens"

begin moments
screen first 'total 11.1k'
check hides-cursor 'without a cursor' no_cursor
# Something else writes to the terminal.
printf '\033[12;1Hof another program' >"$(terminal display-message -p '#{pane_tty}')"
until_seen 'of another program' && keys C-l
screen first 'total 11.1k'
keys Space
screen paused PAUSED
keys Space
screen rates '1.5k pkt/s'
keys s
screen by-bytes 'sort:byte-rate'
keys s s s s s s i
screen by-name-reversed 'sort:name reversed'
keys i S S S S S S S
keys Tab
screen one-port 'eth0  lifetime'
keys b
screen without-bars 'eth0  lifetime'
keys b
screen bars-again 'eth0  lifetime'
keys Tab
screen other-port 'eth1  lifetime'
keys BTab
screen port-before 'eth0  lifetime'
keys BTab
until_seen 'all ports' && keys BTab
screen other-port 'eth1  lifetime'
keys a
keys /
keys -l NAS
screen filtering 'filter: NAS_'
keys BSpace BSpace BSpace
keys -l intel
keys Enter
screen filtered 'filter: intel  /'
keys Escape
screen filter-gone 'sort:rate'
keys /
keys -l nothing
screen no-match 'filter: nothing_'
keys DC
screen filter-shorter 'filter: nothin_'
# A character that is two bytes goes with one key.
keys -l 'é'
until_seen 'nothiné_' && keys BSpace BSpace
screen filter-shorter-by-two 'filter: nothi_'
keys Escape
screen filter-given-up 'sort:rate'
keys /
keys -l 1B:21
screen by-address 'filter: 1B:21_'
keys Escape
keys /
keys -l LOCAL
screen by-administration 'filter: LOCAL_'
keys Escape
keys '?'
screen help 'any key goes back'
keys x r
screen question 'y or n'
keys n
screen not-reset 'not reset'
keys r
until_seen 'y or n' && keys Enter
screen not-reset-by-enter 'not reset'
keys r
until_seen 'y or n' && keys y
screen reset 'closed 1 window'
keys w
screen window 'window 0.5s'
terminal resize-window -x 132 -y 16
screen wide 'AVG/S'
terminal resize-window -x 40 -y 8
screen narrow '-'
terminal resize-window -x 10 -y 2
terminal resize-window -x 80 -y 24
screen back '/ filter'
keys v
screen next-view 'previous'
keys V V
screen view-before 'lifetime'
quit
left_clean after-quit

begin moments --anonymize
until_seen 'total 11.1k' && keys /
keys -l 00:1b:21
screen real-address 'filter: 00:1b:21_'
keys Escape
keys /
keys -l 4e:ec
screen shown-address 'filter: 4e:ec_'
keys Escape
quit

begin denied
until_seen 'q quit' && keys r
until_seen 'y or n' && keys y
screen denied 'CAP_NET_ADMIN'
keys C-c
left_clean after-interrupt

begin moments --ascii --window eth0
until_seen 'eth0  window' && keys Space Space
screen ascii '1.5k pkt/s'
# No time is longer than a minute.
keys + + +
screen faster 'every 15'
keys -
screen slower 'every 30'
keys - -
screen slowest 'every 1m'
# Paused, or it reads.
keys Space + + + + + + + + + + +
screen fastest 'every 0.1'
quit

begin moments
until_seen 'total 11.1k' && keys Space Space
until_seen '1.5k pkt/s' && keys Space Space
# eth1 is gone.
until_seen '3.0k pkt/s' && keys Tab
until_seen 'eth0  lifetime' && keys Tab
screen passed-over 'all ports  lifetime'
quit

begin lan
until_seen 'all ports' && keys r
until_seen 'y or n' && keys Y
screen reset-all 'closed 2 windows'
quit

begin hundred
screen many '1-20 of 100'
keys NPage
screen next-page '20-39 of 100'
keys NPage
screen third-page '39-58 of 100'
keys PPage
screen page-before '20-39 of 100'
keys j PPage PPage
screen many '1-20 of 100'
keys End
screen last-page '81-100 of 100'
keys k k
screen two-up '79-98 of 100'
keys Home j
screen one-down '2-21 of 100'
quit

begin moments
until_seen 'total 11.1k' && terminal kill-server
check ends-with-terminal 'ended, without a terminal' none_runs

if [ -n "$kind" ]; then
	program_found "$scratch/bin" >"$scratch/now"
	if [ -s "$scratch/now" ]; then
		echo "FAIL screen/$kind"
		sed 's/^/    /' "$scratch/now"
		failed=1
	else
		echo "PASS screen/$kind"
	fi
fi
[ "$ran" = 1 ] || { echo "FAIL screen: there is no ${names[*]}" && exit 1; }
exit $failed
