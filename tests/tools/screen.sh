#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# screen.sh [--update] [--sanitize | --valgrind] [NAME...]: test l2pc top on a terminal, with
# key presses, without a kernel (see run.sh). Screens are compared with screens/NAME.
#
# top reads only when space is pressed twice (-d 1h), so that the screen does not depend on
# the time.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export LC_ALL=C.UTF-8 TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
update='' kind='' names=()
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	--sanitize | --valgrind) kind=${1#--} ;;
	-*) die "unknown option $1" "usage: tests/tools/screen.sh [--update] [--sanitize | --valgrind] [NAME...]" ;;
	*) names+=("$1") ;;
	esac
	shift
done

tools_need
cleanup() { terminal kill-server 2>/dev/null; }
program_make "$kind" "$scratch/bin" || exit 1
terminals=0
terminal() { tmux -S "$scratch/socket$terminals" -f /dev/null "$@"; }

# start WORLD [OPTION...]: open a terminal of 80 x 24 with a shell that runs l2pc top.
start() {
	terminal kill-server 2>/dev/null
	# The old server may still be ending: use another socket.
	terminals=$((terminals + 1))
	cat >"$scratch/rc" <<-RC
		PS1='ready> '
		export HOME='$scratch' L2PC_ROOT='$here/root' L2PC_WORLD='$here/worlds/$1' L2PC_ANONYMIZE_KEY=k
		l2pc() { '$scratch/bin/l2pc' "\$@"; }
	RC
	shift
	terminal new-session -d -x 80 -y 24 "env -u NO_COLOR bash --rcfile '$scratch/rc'" ||
		die "no terminal for l2pc top $*: tmux failed"
	until_seen 'ready>' && keys "clear; l2pc top -d 1h $*" Enter
}

keys() { terminal send-keys "$@"; }
shown() { terminal capture-pane -p | sed 's/ *$//'; }

# until_seen TEXT: wait until TEXT is on the screen; false when it does not appear.
until_seen() {
	local i
	for ((i = 0; i < 300; i++)); do
		shown | grep -qF -- "$1" && return
		sleep 0.1
	done
	return 1
}

# wanted NAME: true when the test is selected.
wanted() { [ ${#names[@]} = 0 ] || [[ " ${names[*]} " = *" $1 "* ]]; }

# expect_shown NAME TEXT: fail unless TEXT appears on the screen.
expect_shown() {
	until_seen "$2" && return
	shown >"$scratch/now"
	fail "$1" "the text '$2' on the screen" none "$scratch/now"
}

# expect_screen NAME TEXT: wait for TEXT, and compare the screen with screens/NAME.
expect_screen() {
	local name=$1 i
	wanted "$name" || return 0
	expect_shown "$name" "$2" || return
	# The terminal may still receive the rest of the same screen.
	for ((i = 0; i < 30; i++)); do
		shown >"$scratch/now"
		[ -z "$update" ] || break
		cmp -s "$scratch/now" "$here/screens/$name" && break
		sleep 0.1
	done
	[ -z "$update" ] || { sleep 0.3 && shown >"$here/screens/$name"; }
	if [ -n "$update" ]; then expect_held "$name"; else expect_same "$name" "$scratch/now" "$here/screens/$name"; fi
}

# quit: end top, and wait until it and its instrumentation have ended.
quit() { keys q && until_seen 'ready>'; }

# expect_left_clean NAME: fail unless the terminal is restored: echo is on, the screen is the
# shell's, and the cursor is visible.
expect_left_clean() {
	wanted "$1" || return 0
	# Input before top has handled the signal is discarded.
	until_seen 'ready>'
	keys 'stty -a | grep -q "[ ]echo " && echo terminal-"clean"' Enter
	expect_shown "$1" terminal-clean || return
	expect_equal "$1" "$(terminal display-message -p 'alternate #{alternate_on}, cursor #{cursor_flag}')" 'alternate 0, cursor 1'
}

no_cursor() { [ "$(terminal display-message -p '#{cursor_flag}')" = 0 ]; }
none_runs() { ! pgrep -f "$scratch/bin/l2pc top" >/dev/null; }

mkdir -p "$here/screens"

start moments
expect_screen first 'total 11.1k'
! wanted hides-cursor || expect_soon hides-cursor no_cursor
# Another program writes to the terminal.
printf '\033[12;1Hof another program' >"$(terminal display-message -p '#{pane_tty}')"
until_seen 'of another program' && keys C-l
expect_screen first 'total 11.1k'
keys Space
expect_screen paused PAUSED
keys Space
expect_screen rates '1.5k pkt/s'
keys s
expect_screen by-bytes 'sort:byte-rate'
keys s s s s s s i
expect_screen by-name-reversed 'sort:name reversed'
keys i S S S S S S S
keys Tab
expect_screen one-port 'eth0  lifetime'
keys b
expect_screen without-bars 'eth0  lifetime'
keys b
expect_screen bars-again 'eth0  lifetime'
keys Tab
expect_screen other-port 'eth1  lifetime'
keys BTab
expect_screen port-before 'eth0  lifetime'
keys BTab
until_seen 'all ports' && keys BTab
expect_screen other-port 'eth1  lifetime'
keys a
keys /
keys -l NAS
expect_screen filtering 'filter: NAS_'
keys BSpace BSpace BSpace
keys -l intel
keys Enter
expect_screen filtered 'filter: intel  /'
keys Escape
expect_screen filter-gone 'sort:rate'
keys /
keys -l nothing
expect_screen no-match 'filter: nothing_'
keys DC
expect_screen filter-shorter 'filter: nothin_'
# One key deletes a character of two bytes.
keys -l 'é'
until_seen 'nothiné_' && keys BSpace BSpace
expect_screen filter-shorter-by-two 'filter: nothi_'
keys Escape
expect_screen filter-given-up 'sort:rate'
keys /
keys -l 1B:21
expect_screen by-address 'filter: 1B:21_'
keys Escape
keys /
keys -l LOCAL
expect_screen by-administration 'filter: LOCAL_'
keys Escape
keys '?'
expect_screen help 'any key goes back'
keys x r
expect_screen question 'y or n'
keys n
expect_screen not-reset 'not reset'
keys r
until_seen 'y or n' && keys Enter
expect_screen not-reset-by-enter 'not reset'
keys r
until_seen 'y or n' && keys y
expect_screen reset 'closed 1 window'
keys w
expect_screen window 'window 0.5s'
terminal resize-window -x 132 -y 16
expect_screen wide 'AVG/S'
terminal resize-window -x 40 -y 8
expect_screen narrow '-'
terminal resize-window -x 10 -y 2
terminal resize-window -x 80 -y 24
expect_screen back '/ filter'
keys v
expect_screen next-view 'previous'
keys V V
expect_screen view-before 'lifetime'
quit
expect_left_clean after-quit

start moments --anonymize
until_seen 'total 11.1k' && keys /
keys -l 00:1b:21
expect_screen real-address 'filter: 00:1b:21_'
keys Escape
keys /
keys -l 4e:ec
expect_screen shown-address 'filter: 4e:ec_'
keys Escape
quit

# Sent frames, too: of one port, and the other one is as ever.
start both
until_seen 'TX 98.3k packets' && keys Space Space
expect_screen both 'TX 122k packets'
keys d
expect_screen both-swapped 'DOWN 122k packets'
keys d
terminal resize-window -x 60 -y 12
expect_screen both-60 'all ports'
terminal resize-window -x 120 -y 12
expect_screen both-120 'RX PKTS'
keys s s s s s s s s s s s s s
expect_screen both-sorted 'sort:tx-byte-rate'
keys s s s S
expect_screen both-sorted-last 'sort:tx-bytes'
keys s Tab Tab
expect_screen both-other-port 'eth1  lifetime'
keys S
expect_screen both-one-direction 'sort:name'
quit

start denied
until_seen 'q quit' && keys r
until_seen 'y or n' && keys y
expect_screen denied 'CAP_NET_ADMIN'
keys C-c
expect_left_clean after-interrupt

start moments --ascii --window eth0
until_seen 'eth0  window' && keys Space Space
expect_screen ascii '1.5k pkt/s'
# The interval is at most a minute.
keys + + +
expect_screen faster 'every 15'
keys -
expect_screen slower 'every 30'
keys - -
expect_screen slowest 'every 1m'
# Pause first, because a shorter interval would start readings.
keys Space + + + + + + + + + + +
expect_screen fastest 'every 0.1'
quit

start moments
until_seen 'total 11.1k' && keys Space Space
until_seen '1.5k pkt/s' && keys Space Space
# eth1 was deleted.
until_seen '3.0k pkt/s' && keys Tab
until_seen 'eth0  lifetime' && keys Tab
expect_screen passed-over 'all ports  lifetime'
quit

start lan
until_seen 'all ports' && keys r
until_seen 'y or n' && keys Y
expect_screen reset-all 'closed 2 windows'
quit

start hundred
expect_screen many '1-20 of 100'
keys NPage
expect_screen next-page '20-39 of 100'
keys NPage
expect_screen third-page '39-58 of 100'
keys PPage
expect_screen page-before '20-39 of 100'
keys j PPage PPage
expect_screen many '1-20 of 100'
keys End
expect_screen last-page '81-100 of 100'
keys k k
expect_screen two-up '79-98 of 100'
keys Home j
expect_screen one-down '2-21 of 100'
quit

start moments
until_seen 'total 11.1k' && terminal kill-server
! wanted ends-with-terminal || expect_soon ends-with-terminal none_runs

if [ -n "$kind" ]; then
	program_found "$scratch/bin" >"$scratch/now"
	expect_empty "$kind" "$scratch/now"
fi
suite_end
