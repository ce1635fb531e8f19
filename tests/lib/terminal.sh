# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced, after documents.sh, by tests that type README's commands on a terminal and read
# the screen: tmux, here or in a guest.

# The command that speaks to it, and for how many tenths of a second something may take.
terminal_tmux=(tmux)
terminal_patience=600

# terminal_see PATTERN: it comes on the screen; ^ is the beginning of a line of it. False,
# with the screen as it is, when it does not.
terminal_see() {
	local pattern=${1#^} i
	pattern=${pattern//^/$'\n'}
	for ((i = 0; i < terminal_patience; i++)); do
		[[ $'\n'$("${terminal_tmux[@]}" capture-pane -p 2>&1) =~ $pattern ]] && return
		"${terminal_tmux[@]}" has-session 2>/dev/null || break
		sleep 0.1
	done
	"${terminal_tmux[@]}" capture-pane -p
	return 1
}

terminal_keys() { "${terminal_tmux[@]}" send-keys "$@"; }
terminal_type() { terminal_keys -l -- "$1" && terminal_keys Enter; }

# first_look README: the commands of its first look, a line each.
first_look() {
	awk '/^A first look/ { found = 1 } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$1"
}

# first_look_type README: types them, and sees that of each comes what the caller's
# function `comes_of COMMAND` prints, a pattern, and then status 0. False, having said
# why, when it does not.
first_look_type() {
	local line lines number=0 pattern
	mapfile -t lines < <(first_look "$1")
	[ ${#lines[@]} = 7 ] || { echo "the first look has ${#lines[@]} commands, not 7" && return 1; }
	for line in "${lines[@]}"; do
		number=$((number + 1))
		pattern=$(comes_of "$line") || { echo "what should come of '$line'?" && return 1; }
		terminal_keys -R
		"${terminal_tmux[@]}" clear-history
		# In one line: what is typed while top ends is thrown away.
		document_runs "$line" || return
		terminal_type "clear; $line; echo status-$number-\$?"
		terminal_see "$pattern" || { echo "that did not come of '$line': $pattern" && return 1; }
		[ "$line" != 'l2pc top' ] || terminal_keys q
		terminal_see "^status-$number-0" || { echo "'$line' did not end with status 0" && return 1; }
	done
}
