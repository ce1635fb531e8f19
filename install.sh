#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright the l2packet_counter authors
#
# Builds l2packet_counter for the running kernel, installs and loads it, and
# can make it a systemd service. All requirements are checked before anything
# is changed. A step that fails is undone, with all steps before it.
#
# For the tests (tests/install/): L2PC_ROOT, normally empty, is put before every path of
# the system that is read or written here. Every command is found through PATH, so that
# the tests can replace it.

# shellcheck disable=SC2034 # variables are shared with packaging/install/

set -uo pipefail
umask 022

readonly MODULE=l2packet_counter
readonly KERNEL_NEEDED=5.10
# The build's intermediate files take about 10 MiB. The saved copies of the depmod indexes
# take up to 20 MiB with a distribution's kernel.
readonly TMP_KIB_NEEDED=65536
readonly MODULES_KIB_NEEDED=8192
readonly OK=0 FAILED=1 USAGE=2 LACKING=3

ROOT=${L2PC_ROOT:-}
# `su` without `-` leaves the administrator's commands out of PATH.
[ -n "$ROOT" ] || PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit "$FAILED"
PROGRAM=$0
ARGUMENTS=("$@")

VERSION=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$HERE/packet-counter.c")
readonly VERSION
readonly SYS_MODULE=$ROOT/sys/module/$MODULE
readonly SYS_NET=$ROOT/sys/class/net
readonly PROC_FILE=$ROOT/proc/$MODULE
readonly CONF=$ROOT/etc/modprobe.d/$MODULE.conf
readonly SERVICE=$MODULE.service
readonly UNIT=$ROOT/etc/systemd/system/$SERVICE

INTERFACE=		# as given: one name, or several separated by commas
PORTS=()		# the names and patterns in INTERFACE
YES=no
WANT_SERVICE=ask	# yes, no, or ask
ACTION=install
MISSING=0
MAKE_ARGS=()
SIGN_WITH=()		# private key, certificate, program; empty: not needed
STEP=
LOG=
WORK=
UNDO=()
SAVED=0
COMMITTED=no
INTERRUPTED=no

# Steps write to the log. Messages for the user go to 3 and 4, also from a trap
# that runs during a step.
exec 3>&1 4>&2

say()  { printf '%s\n' "$*" >&3; }
warn() { printf 'warning: %s\n' "$*" >&4; }
error() { printf 'error: %s\n' "$*" >&4; }

usage()
{
	cat <<USAGE_END
usage: sudo ./install.sh [options]

Build $MODULE for the running kernel, install it, load it, and check that it
counts. On a terminal, ask for values that are not given.

  --interface IF   count on this interface, or on several: eth0,eth1; a name with
                   *, ? or [ is a pattern of interfaces, quoted: 'eth0,tap*'
  --service        install a systemd service, started at boot
  --no-service     install no service; remove an installed one
  --yes            ask no questions: reload a loaded module; install a service
                   only with --service, or if one is installed
  --uninstall      unload and remove everything this script has installed
  --help           show this text

Exit status:
  0  success
  1  a step failed, or was interrupted; the machine is as it was before
  2  the command line is wrong or incomplete
  3  a requirement is missing; nothing was changed
USAGE_END
}

bad_usage()
{
	error "$1"
	printf 'try: %s --help\n' "$PROGRAM" >&4
	exit "$USAGE"
}

DISTRIBUTIONS=$HERE/packaging/distributions
for part in distribution requirements signature dkms undo steps uninstall; do
	# shellcheck source=/dev/null
	. "$HERE/packaging/install/$part.sh" || exit "$FAILED"
done

# --- the command line --------------------------------------------------------

parse_arguments()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--interface)
			[ $# -ge 2 ] || bad_usage "--interface needs a name, as in --interface eth0"
			INTERFACE=$2
			[ -n "$INTERFACE" ] || bad_usage "--interface got an empty name"
			shift
			;;
		--interface=*)
			INTERFACE=${1#*=}
			[ -n "$INTERFACE" ] || bad_usage "--interface got an empty name"
			;;
		--yes) YES=yes ;;
		--service) WANT_SERVICE=yes ;;
		--no-service) WANT_SERVICE=no ;;
		--uninstall) ACTION=uninstall ;;
		--help | -h)
			usage
			exit "$OK"
			;;
		*) bad_usage "unknown option '$1'" ;;
		esac
		shift
	done
	[ -z "$INTERFACE" ] || split_interfaces
	[ "$ACTION" = install ] || return 0

	# Questions need a terminal.
	if [ ! -t 0 ]; then
		[ -n "$INTERFACE" ] || bad_usage "not on a terminal: name the interface with --interface IF"
		[ "$YES" = yes ] || bad_usage "not on a terminal: add --yes to continue without questions"
	fi
}

is_pattern() { [[ $1 == *[*?[]* ]]; }

# Refuse what the kernel would refuse, and characters that have a meaning in files of
# modprobe and systemd.
check_pattern() # <pattern>
{
	local characters='^[][A-Za-z0-9_.:@+*?!-]+$' closed='^([^[]|\[!?.[^]]*\])+$'

	[ ${#1} -le 63 ] || bad_usage "pattern '$1': longer than 63 characters"
	[[ $1 =~ $characters ]] || bad_usage "pattern '$1': this script cannot configure such a pattern"
	[[ $1 =~ $closed ]] || bad_usage "pattern '$1': a [ without ] (example: eth[0-3])"
}

# own_name <name>: print the own name of the interface with this alternative name. Its index is
# compared, because ip may print an @ behind an own name.
own_name()
{
	local index own dir

	index=$(ip -o link show dev "$1" 2>/dev/null) || return
	for dir in "$SYS_NET"/*; do
		read -r own 2>/dev/null <"$dir/ifindex" || continue
		[ "$own" != "${index%%:*}" ] || { printf '%s' "${dir##*/}" && return; }
	done
	return 1
}

split_interfaces()
{
	local i name own

	case $INTERFACE in
	,* | *, | *,,*) bad_usage "--interface '$INTERFACE': empty name in its list" ;;
	esac
	IFS=, read -r -a PORTS <<<"$INTERFACE"
	for i in "${!PORTS[@]}"; do
		name=${PORTS[i]}
		if is_pattern "$name"; then
			check_pattern "$name"
			continue
		fi
		# Files have own names: at boot, alternative ones are set too late.
		if [ ! -d "$SYS_NET/$name" ] && own=$(own_name "$name"); then
			say "$name is an alternative name of $own."
			PORTS[i]=$own
			name=$own
		fi
		[ ${#name} -le 15 ] ||
			bad_usage "interface '$name': the name is longer than 15 characters, and no interface has it as an alternative name"
		# The name is written to files of modprobe and systemd: refuse
		# characters that have a meaning there.
		[[ $name =~ ^[A-Za-z0-9_][A-Za-z0-9_.:@+-]*$ ]] ||
			bad_usage "interface '$name': this script cannot configure such a name"
	done
	printf -v INTERFACE '%s,' "${PORTS[@]}"
	INTERFACE=${INTERFACE%,}
}

# --- questions ---------------------------------------------------------------

# ask_yes <question> <y|n>: ask the question; the letter is the default, for Enter alone.
ask_yes()
{
	local answer hint='[y/N]'

	[ "$2" = n ] || hint='[Y/n]'
	while :; do
		printf '%s %s ' "$1" "$hint" >&3
		IFS= read -r answer || return 1
		case ${answer:-$2} in
		[Yy] | [Yy]es) return 0 ;;
		[Nn] | [Nn]o) return 1 ;;
		esac
		say "please answer y or n"
	done
}

# Print the names of the Ethernet interfaces, one a line.
ethernet_interfaces()
{
	local dir name type

	for dir in "$SYS_NET"/*; do
		[ -r "$dir/type" ] || continue
		name=${dir##*/}
		read -r type <"$dir/type" || continue
		[ "$type" = 1 ] && [ "$name" != lo ] && printf '%s\n' "$name"
	done
	return 0
}

attribute() # <interface> <attribute>
{
	local value=

	[ ! -r "$SYS_NET/$1/$2" ] || read -r value 2>/dev/null <"$SYS_NET/$1/$2"
	printf '%s' "${value:-unknown}"
}

ask_interface()
{
	local names i answer

	mapfile -t names < <(ethernet_interfaces)
	if [ ${#names[@]} -eq 0 ]; then
		error "no Ethernet interface on this machine ('ip link show' lists interfaces)"
		exit "$LACKING"
	fi
	say "Select the interface to count on:"
	for i in "${!names[@]}"; do
		printf '  %2d) %-15s  %-8s %s\n' $((i + 1)) "${names[i]}" \
			"$(attribute "${names[i]}" operstate)" "$(attribute "${names[i]}" address)" >&3
	done
	while :; do
		printf 'number (1-%d): ' ${#names[@]} >&3
		if ! IFS= read -r answer; then
			say ""
			bad_usage "no interface selected"
		fi
		if [[ $answer =~ ^[0-9]{1,4}$ ]] && [ $((10#$answer)) -ge 1 ] &&
		   [ $((10#$answer)) -le ${#names[@]} ]; then
			INTERFACE=${names[10#$answer - 1]}
			split_interfaces
			return
		fi
		say "please enter one of the numbers"
	done
}

# --- installing --------------------------------------------------------------

record_state()
{
	local file

	WAS_LOADED=no
	SERVICE_WAS_ACTIVE=no
	SERVICE_WAS_ENABLED=no
	REVIVE=
	LOADED_WITH=()
	INDEXES=
	! module_is_loaded || WAS_LOADED=yes
	if [ -e "$UNIT" ] && command -v systemctl >/dev/null 2>&1; then
		! systemctl is-active --quiet "$SERVICE" || SERVICE_WAS_ACTIVE=yes
		! systemctl is-enabled --quiet "$SERVICE" || SERVICE_WAS_ENABLED=yes
	fi
	for file in "$MODULES_DIR"/modules.*; do INDEXES+=" ${file##*/}"; done
}

settle_questions()
{
	[ -n "$INTERFACE" ] || ask_interface
	if [ "$WAS_LOADED" = yes ]; then
		read_loaded_parameters
		say "$MODULE is already loaded (${LOADED_WITH[*]:-no parameters}) and must be reloaded."
		if [ "$YES" = no ] && ! ask_yes "Reload $MODULE? All counts restart at 0." y; then
			say "Nothing was changed."
			exit "$OK"
		fi
	fi
	if [ "$WANT_SERVICE" = ask ]; then
		WANT_SERVICE=no
		if [ -e "$UNIT" ]; then
			say "The installed service is kept (--no-service removes it)."
			WANT_SERVICE=yes
		elif [ "$YES" = no ] && [ -d "$ROOT/run/systemd/system" ] &&
		     ask_yes "Load $MODULE at every boot, by a systemd service?" y; then
			WANT_SERVICE=yes
		fi
		check_service
		stop_if_lacking
	fi
	if [ "$YES" = no ] && ! ask_yes "Build, install and load $MODULE on $INTERFACE now?" y; then
		say "Nothing was changed."
		exit "$OK"
	fi
}

install_all()
{
	check_everything
	record_state
	settle_questions

	trap on_exit EXIT
	trap on_signal INT TERM HUP PIPE
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/$MODULE-install.XXXXXX") || exit "$FAILED"
	LOG=$(mktemp "${TMPDIR:-/tmp}/$MODULE-install-log.XXXXXX") || exit "$FAILED"
	chmod 0644 "$LOG"
	mkdir "$WORK/saved" || exit "$FAILED"
	BUILT=$WORK/src/$MODULE.ko

	remember_what_runs
	if [ "$USE_DKMS" = yes ]; then
		run_step "add the sources to DKMS" step_dkms_add
		run_step "build for kernel $RELEASE, by DKMS" step_dkms_build
	else
		run_step "build for kernel $RELEASE" step_build
		[ ${#SIGN_WITH[@]} -eq 0 ] || run_step "sign" step_sign
	fi
	if [ "$WAS_LOADED" = yes ] || [ "$SERVICE_WAS_ACTIVE" = yes ]; then
		run_step "unload the loaded module" step_stop_old
	fi
	[ "$SERVICE_WAS_ENABLED" = no ] || run_step "disable the installed service" step_disable_old
	if [ "$USE_DKMS" = yes ]; then
		run_step "install, by DKMS" step_dkms_install
		[ ${#DKMS_KERNELS[@]} -eq 0 ] || run_step "install for the other kernels, by DKMS" step_dkms_others
	else
		run_step "install $(destination)" step_install
		run_step "update the module index (depmod)" step_depmod
	fi
	run_step "write $CONF" step_configure
	run_step "load on $INTERFACE" step_load
	run_step "check that $PROC_FILE shows $INTERFACE" step_verify
	if [ "$WANT_SERVICE" = yes ]; then
		run_step "write $UNIT" step_write_unit
		run_step "enable $SERVICE" step_enable
		run_step "start $SERVICE" step_start
	elif [ -e "$UNIT" ]; then
		run_step "remove $UNIT" step_remove_unit
	fi
	COMMITTED=yes
	# From here on, a closed pipe must not end the script.
	trap '' PIPE
	rm -f "$LOG"

	say ""
	say "$MODULE counts on $INTERFACE."
	say "  see the counts:    cat /proc/$MODULE"
	if [ "$WANT_SERVICE" = yes ]; then
		say "  the service:       systemctl status $SERVICE"
	else
		say "  after a reboot:    sudo modprobe $MODULE     (automatic with --service)"
	fi
	say "  parameters:        $CONF"
	if [ "$USE_DKMS" = yes ]; then
		say "  new kernel:        DKMS builds the module for it (dkms status)"
	else
		say "  new kernel:        run this script again after booting it"
	fi
	say "  remove everything: sudo $PROGRAM --uninstall"
	return "$OK"
}

main()
{
	parse_arguments "$@"
	case $ACTION in
	install) install_all ;;
	uninstall) uninstall_all ;;
	esac
}

main "$@"
