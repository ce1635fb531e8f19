# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Runs steps, and undoes them.

# undo_with <command...>: register the command that undoes the next change. The command
# must be harmless when the change was not made.
undo_with()
{
	UNDO+=("$(printf '%q ' "$@")")
}

roll_back()
{
	local i step again=() bad=0

	for ((i = ${#UNDO[@]} - 1; i >= 0; i--)); do
		printf '\n==> undo: %s\n' "${UNDO[i]}" >>"$LOG"
		eval "${UNDO[i]}" >>"$LOG" 2>&1 || again+=("${UNDO[i]}")
	done
	UNDO=()
	# A full disk may have space now that the rest is undone.
	for step in ${again[@]+"${again[@]}"}; do
		printf '\n==> undo, once more: %s\n' "$step" >>"$LOG"
		eval "$step" >>"$LOG" 2>&1 && continue
		error "could not undo: $step"
		bad=1
	done
	return "$bad"
}

# Save a file, or its absence, for put_back.
save()
{
	local copy=

	if [ -e "$1" ] || [ -L "$1" ]; then
		SAVED=$((SAVED + 1))
		copy=$WORK/saved/$SAVED
		cp -pP "$1" "$copy" || return
	fi
	undo_with put_back "$1" "$copy"
}

# Restore a file. Statuses are explicit: in a trap, a bare return returns the status from
# before the trap.
put_back() # <path> <copy, empty when there was no such file>
{
	rm -f "$1.new" || return
	if [ -z "$2" ]; then
		rm -f "$1"
		return $?
	fi
	# DKMS removes directories that become empty.
	mkdir -p "$(dirname "$1")" || return $?
	# Do not write an unchanged file to a disk that may be full.
	! { cmp -s "$2" "$1" && [ ! "$2" -nt "$1" ] && [ ! "$2" -ot "$1" ]; } || return 0
	# Write a new file and rename it, so that the name never has half a file. Without space
	# for both, remove the wrong file first.
	cp -pP "$2" "$1.new" && mv -f "$1.new" "$1" && return 0
	rm -f "$1.new" "$1" && cp -pP "$2" "$1"
}

make_directory()
{
	[ ! -d "$1" ] || return 0
	make_directory "$(dirname "$1")" || return
	undo_with remove_directory "$1"
	mkdir "$1"
}

remove_directory()
{
	[ ! -d "$1" ] || rmdir "$1" 2>/dev/null || :
}

# Replace a file by standard input, by renaming.
write_file()
{
	make_directory "$(dirname "$1")" || return
	save "$1" || return
	cat >"$1.new" && chmod 0644 "$1.new" && mv -f "$1.new" "$1"
}

on_exit()
{
	local status=$?

	trap '' INT TERM HUP PIPE
	trap - EXIT
	if [ "$COMMITTED" = no ]; then
		[ ${#UNDO[@]} -eq 0 ] || say "Undoing all changes"
		if ! roll_back; then
			error "some changes could not be undone (saved files: $WORK/saved, log: $LOG)"
			exit "$FAILED"
		fi
		say "The machine is as it was before."
	fi
	# The log is kept when a step failed, and removed when the user interrupted.
	[ -z "$LOG" ] || [ "$INTERRUPTED" = no ] || rm -f "$LOG"
	[ -z "$WORK" ] || rm -rf "$WORK"
	exit "$status"
}

on_signal()
{
	# The reader of the messages may be gone.
	trap '' INT TERM HUP PIPE
	printf '\n' >&4
	error "interrupted${STEP:+ during: $STEP}"
	INTERRUPTED=yes
	exit "$FAILED"
}

# run_step <description> <function> [argument...]
run_step()
{
	STEP=$1
	shift
	say "==> $STEP"
	printf '\n==> %s\n' "$STEP" >>"$LOG"
	if ! "$@" >>"$LOG" 2>&1; then
		error "this step failed: $STEP"
		printf -- '--- last lines of the log:\n' >&4
		tail -n 20 "$LOG" | sed 's/^/    /' >&4
		printf -- '--- the whole log: %s\n' "$LOG" >&4
		exit "$FAILED"
	fi
}
