#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# first-run.sh [--demo | --tool]: test the commands of README.md where nothing is installed.
# Make a minimal Debian root with git, sudo and a clone of this checkout, and run README's
# commands there: those of the first block, the demo twice; those that install the tool; and
# in the VM of `make vm` the first commands of l2pc.
#   --demo   the demo only
#   --tool   the tool only
#
# The test uses mount and pid namespaces: however it ends, nothing stays mounted and no
# process remains. The mirror is this machine's own (lab/archive.sh). Uncommitted changes
# are not in the clone.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
# shellcheck source=tests/lib/terminal.sh
. "$top/tests/lib/terminal.sh"
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin
release=bookworm

only=''
case ${1-} in
'') ;;
--demo | --tool) only=${1#--} ;;
*) die "unknown option $1" "usage: tests/lab/first-run.sh [--demo | --tool]" ;;
esac
[ "$(id -u)" = 0 ] || die "making a root and entering it needs root" "sudo make -C tests first"

# The commands in README.
mapfile -t commands < <(document_commands "$top/README.md" '## See it, test it')
[ ${#commands[@]} = 2 ] || die "README.md's first block has ${#commands[@]} commands, not two: a demo and the tests"
mapfile -t tool_commands < <(document_commands "$top/README.md" '### The tool l2pc')
[ ${#tool_commands[@]} = 3 ] || die "README.md has ${#tool_commands[@]} commands for the tool, not three: packages, make, install"
# A table row has the commands of the VM: to start it, to load the module, and to end it.
mapfile -t vm_commands < <(awk -F'`' '/^\| .make vm/ { for (i = 2; i < NF; i += 2) if ($i != "eth0") print $i }' "$top/docs/usage.md")
[ ${#vm_commands[@]} = 3 ] || die "docs/usage.md's row of make vm has ${#vm_commands[@]} commands, not three"

documents_begin tests/lab/first-run.sh
mkdir -p "$cache"
dir=$(mktemp -d "$cache/first-run.XXXXXX") || exit 2
root=$dir/root
terminal_tmux=(tmux -f /dev/null -S "$dir/socket")
space=''
mkfifo "$dir/pipe"
# --kill-child: all processes of the namespace end with its first process.
cleanup() {
	"${terminal_tmux[@]}" kill-server 2>/dev/null
	[ -z "$space" ] || { kill -KILL "$space" && wait "$space"; } 2>/dev/null
	rm -rf --one-file-system "$dir"
}

# inside COMMAND...: run COMMAND in new namespaces, and wait so that a signal is handled at once.
inside() {
	local rc=0
	unshare --mount --pid --fork --kill-child -- "$@" <&0 &
	space=$!
	wait "$space" || rc=$?
	space=''
	return "$rc"
}

# Make a root with debootstrap, and copy this machine's settings that reach the mirror.
make_root() {
	local line site with=git,sudo
	packages_need debootstrap:debootstrap git:git unshare:util-linux
	line=$(archive_source "$release") || exit
	read -r _ _ site _ <<<"$line"
	case $site in https:*) with=git,sudo,ca-certificates ;; esac
	say "making a minimal root of $release, with $with"
	inside debootstrap --variant=minbase --include="$with" "$release" "$root" "$site" >"$dir/log" 2>&1 || {
		tail -n 5 "$dir/log" >&2
		die "debootstrap failed" "check the network: $site"
	}
	rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
	for line in "$release" "$release-security"; do archive_source "$line" || exit; done >"$root/etc/apt/sources.list"
	apt-config dump | grep -E '^Acquire::(http|https)::' >"$root/etc/apt/apt.conf.d/90host"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
	git clone -q "$top" "$root/root/l2packet_counter" || die "the checkout cannot be cloned"
}

# This program enters the root in the namespaces, and runs a command in the checkout there.
# The root is a mount point, as / of a machine is. The variables are its own.
# shellcheck disable=SC2016
enter='
	mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount --rbind /sys "$1/sys" && mount --rbind /dev "$1/dev" || exit 2
	exec chroot "$1" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" ${L2PC_JOBS:+"L2PC_JOBS=$L2PC_JOBS"} \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		bash -c "cd /root/l2packet_counter && $2"'

# run NAME COMMAND LAST [STATUS]: run COMMAND in the root, and expect a last line that matches
# LAST. Questions are answered with yes.
run() {
	local rc=0 start=$SECONDS last reader
	printf '$ %s\n' "$2"
	{ tee "$dir/log" | sed 's/^/    /'; } <"$dir/pipe" &
	reader=$!
	inside bash -c "$enter" bash "$root" "$2" >"$dir/pipe" 2>&1 <<<y || rc=$?
	wait "$reader"
	last=$(grep -v '^lab: ' "$dir/log" | tail -n 1)
	echo "that took $((SECONDS - start)) s"
	if [ "$rc" = "${4:-0}" ]; then expect_match "$1" "$last" "$3"; else fail "$1" "status ${4:-0}" "$rc"; fi
}

# comes_of COMMAND: print a pattern for the command's output while the VM's hosts send frames.
comes_of() {
	local mac=02:00:00:00:00:0 n='[0-9.]+[kM]?'
	case $1 in
	l2pc) echo "(^${mac}[123] +(10.0.0.10[123] +)?local +$n +$n .*){3}^total +$n +$n" ;;
	'l2pc name '*) echo ;;
	'l2pc show --sort bytes') echo "^${mac}2 +my laptop +local +$n +$n " ;;
	'l2pc top') echo '^eth0 +lifetime .*my laptop.* q quit' ;;
	*jq*) echo '"mac": "'"$mac"'2",[[:space:]]+"packets": [1-9]' ;;
	*reset*) echo '^eth0: closed window [0-9]+: [1-9][0-9]* packets, [0-9]+ bytes, [0-9]+ stations' ;;
	*--previous*) echo "^eth0: previous [0-9]+,.*my laptop.*^total +$n +$n" ;;
	*) return 1 ;;
	esac
}

# Type the commands at the VM's prompt. Before the prompt, the lab downloads and compiles.
first_look_in_vm() {
	local patience=$terminal_patience
	"${terminal_tmux[@]}" new-session -d -x 100 -y 40 \
		unshare --mount --pid --fork --kill-child -- bash -c "$enter" bash "$root" "${vm_commands[0]}"
	terminal_patience=18000
	expect_success "a prompt" terminal_see '^vm:/l2pc#'
	terminal_patience=$patience
	terminal_type "${vm_commands[1]}"
	expect_success "a station's counts" terminal_see '^02:00:00:00:00:03 +[0-9]+'
	expect_success "the first look" first_look_type "$root/root/l2packet_counter/README.md"
	# The session ends with the VM.
	terminal_type "${vm_commands[2]}"
	for ((i = 0; i < terminal_patience; i++)); do
		"${terminal_tmux[@]}" has-session 2>/dev/null || break
		sleep 0.1
	done
}

# run_printed NAME COMMAND ...: like run, for a command that README prints.
run_printed() { document_runs "$2" && run "$@"; }

make_root
if [ "$only" != tool ]; then
	run_printed demo "${commands[0]}" '^The counts are equal'
	run demo-again "${commands[0]}" '^The counts are equal'
fi
[ -n "$only" ] || run_printed test "${commands[1]}" '^[1-9][0-9]* passed, 0 failed'
if [ "$only" != demo ]; then
	# Every installed Debian has package lists.
	run lists 'apt-get -q update' ''
	run_printed tool-packages "${tool_commands[0]}" ''
	run_printed tool-build "${tool_commands[1]}" ''
	run_printed tool-install "${tool_commands[2]}" ''
	run tool-there 'l2pc --version' '^l2pc [0-9]'
	run tool-alone l2pc 'is not loaded' 3
	suite_run first-look first_look_in_vm
fi
[ -z "$only" ] || documents_program=''
suite_end
