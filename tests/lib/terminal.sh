# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced, after documents.sh, by tests that type README's commands on a terminal and read
# the screen. The terminal is tmux, on the host or in a guest.

# The tmux command, and the timeout of terminal_see in tenths of a second.
terminal_tmux=(tmux)
terminal_patience=600

# terminal_see PATTERN: waits until PATTERN is on the screen; ^ matches the start of a
# line. Prints the screen and returns false when PATTERN does not appear.
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

# first_look README: prints the commands below "A first look", one a line.
first_look() {
	awk '/^A first look/ { found = 1 } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$1"
}

# first_look_type README: types these commands. The screen must match the pattern that
# the caller's function `comes_of COMMAND` prints, and the command must end with status 0.
# Otherwise prints the problem and returns false.
first_look_type() {
	local line lines number=0 pattern
	mapfile -t lines < <(first_look "$1")
	[ ${#lines[@]} = 7 ] || { echo "the first look has ${#lines[@]} commands, not 7" && return 1; }
	for line in "${lines[@]}"; do
		number=$((number + 1))
		pattern=$(comes_of "$line") || { echo "comes_of has no pattern for '$line'" && return 1; }
		terminal_keys -R
		"${terminal_tmux[@]}" clear-history
		# One line: input that is typed while top exits is discarded.
		document_runs "$line" || return
		terminal_type "clear; $line; echo status-$number-\$?"
		terminal_see "$pattern" || { echo "'$line' did not print a match of: $pattern" && return 1; }
		[ "$line" != 'l2pc top' ] || terminal_keys q
		terminal_see "^status-$number-0" || { echo "'$line' did not end with status 0" && return 1; }
	done
}
