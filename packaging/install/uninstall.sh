# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Removes everything that install.sh has installed.

gone() { say "removed $*"; REMOVED=$((REMOVED + 1)); }

uninstall_failed()
{
	error "$1"
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@" >&4
	exit "$FAILED"
}

# Remove a file, and its directory when that is empty. Add its kernel to RELEASES, whose
# indexes are updated at the end.
remove_module()
{
	local release

	release=$(release_of "$1")
	rm -f "$1" || uninstall_failed "$1 could not be removed"
	rmdir "$(dirname "$1")" 2>/dev/null || :
	[[ " ${RELEASES[*]:-} " == *" $release "* ]] || RELEASES+=("$release")
}

# Unload first, which can be refused: everything is still installed then.
uninstall_all()
{
	local file release log

	RELEASES=()
	REMOVED=0
	check_root
	# Continue even if the reader of the messages is gone.
	trap '' PIPE
	if [ -e "$UNIT" ] && command -v systemctl >/dev/null 2>&1; then
		log=$(systemctl stop "$SERVICE" 2>&1) ||
			uninstall_failed "the service could not be stopped; nothing was removed" "$log" \
				"see:  systemctl status $SERVICE"
	fi
	if module_is_loaded; then
		log=$(rmmod "$MODULE" 2>&1) ||
			uninstall_failed "the module could not be unloaded; no file was removed" "$log" \
				"show its users:  lsmod | grep $MODULE"
		say "unloaded $MODULE"
		REMOVED=$((REMOVED + 1))
	fi
	if [ -e "$UNIT" ]; then
		if command -v systemctl >/dev/null 2>&1; then
			log=$(systemctl disable "$SERVICE" 2>&1) ||
				uninstall_failed "the service could not be disabled" "$log"
		fi
		rm -f "$UNIT" || uninstall_failed "$UNIT could not be removed"
		gone "$UNIT"
		! command -v systemctl >/dev/null 2>&1 || systemctl daemon-reload ||
			warn "systemctl daemon-reload failed; systemd reads the change at the next boot"
	fi
	if [ -e "$CONF" ]; then
		rm -f "$CONF" || uninstall_failed "$CONF could not be removed"
		gone "$CONF"
	fi
	uninstall_dkms
	for file in "$ROOT"/lib/modules/*/extra/"$MODULE".ko* "$ROOT"/lib/modules/*/updates/"$MODULE".ko*; do
		[ -e "$file" ] || continue
		remove_module "$file"
		gone "$file"
	done
	for release in ${RELEASES[@]+"${RELEASES[@]}"}; do
		depmod -a "$release" ||
			uninstall_failed "the module index of kernel $release could not be updated" \
				"sudo depmod -a $release"
	done
	for file in "$ROOT"/lib/modules/*/updates/dkms/"$MODULE".ko*; do
		[ ! -e "$file" ] || warn "kept, as it belongs to DKMS: $file"
	done
	if [ "$REMOVED" -eq 0 ]; then
		say "$MODULE is not installed: nothing to remove."
	else
		say "$MODULE is uninstalled."
	fi
	return "$OK"
}
