# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced, with cache.sh. Installs the missing tools of a target.

# packages_need WHAT:PACKAGE...
# Install each package whose WHAT is missing: a command, or an absolute path (globs
# allowed) in the package.
packages_need() {
	_packages_missing "$@"
	[ -n "$_packages" ] || return 0

	_as=''
	[ "$(id -u)" = 0 ] || _as=sudo
	if ! command -v apt-get >/dev/null 2>&1; then
		_packages_refuse "this is not a Debian machine (install packages with:$_whats)"
	elif [ -n "$_as" ] && ! command -v sudo >/dev/null 2>&1; then
		_packages_refuse "as root: apt-get install --no-install-recommends$_packages"
	fi

	# Another run may install packages now, and apt does not always wait for another apt.
	cache_lock packages 7
	_packages_missing "$@"
	[ -n "$_packages" ] || {
		exec 7>&-
		return 0
	}

	echo "lab: installing$_packages (for$_whats)" >&2
	_log=$(mktemp)
	if { ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1 && _packages_install; } ||
		{ $_as apt-get -q update >>"$_log" 2>&1 && _packages_install; }; then
		rm -f "$_log"
	else
		tail -n 15 "$_log" >&2
		rm -f "$_log"
		_packages_refuse "apt-get could not install them: $_as apt-get install$_packages"
	fi
	exec 7>&-

	for _pair in "$@"; do
		_packages_have "${_pair%:*}" ||
			_packages_refuse "${_pair##*:} is installed, but ${_pair%:*} is not there"
	done
}

# Set _packages to the missing packages, and _whats to what they are for.
_packages_missing() {
	_packages='' _whats=''
	for _pair in "$@"; do
		_packages_have "${_pair%:*}" && continue
		_whats="$_whats ${_pair%:*}"
		case " $_packages " in
		*" ${_pair##*:} "*) ;;
		*) _packages="$_packages ${_pair##*:}" ;;
		esac
	done
}

_packages_have() {
	case $1 in
	/*)
		# shellcheck disable=SC2086 # the glob is meant to expand
		ls $1 >/dev/null 2>&1
		;;
	*)
		# A user's PATH lacks sbin, which has ip and depmod. A subshell would be slow
		# for a hundred look-ups.
		_path=$PATH
		PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
		command -v "$1" >/dev/null 2>&1
		set -- $?
		PATH=$_path
		return "$1"
		;;
	esac
}

_packages_install() {
	# Word splitting is meant: a list of names, an empty or one-word prefix. The locks
	# are closed, because a package may start a service.
	# shellcheck disable=SC2086
	$_as env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 install $_packages >>"$_log" 2>&1 </dev/null 7>&- 9>&-
}

_packages_refuse() {
	printf 'error: missing packages:%s\n  %s\n' "$_packages" "$1" >&2
	exit 1
}
