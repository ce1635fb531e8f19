# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Sourced, after say.sh and cache.sh. Keeps a private apt state for one suite of
# Debian's archive. It installs nothing, and ignores the machine's packages. The
# mirror is the machine's own; L2PC_MIRROR names another.

# archive_source SUITE: print the line for sources.list.
archive_source() {
	_keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -e $_keys ] || die "no Debian archive keys at $_keys" "apt-get install debian-archive-keyring"
	# shellcheck disable=SC2016 # awk's fields
	_mirror=${L2PC_MIRROR:-$(_archive_site '$4 == "Debian" && $2 !~ /-/')}
	[ -n "$_mirror" ] || die "this machine's apt configuration names no Debian mirror" \
		"if it is a Debian machine: apt-get update" \
		"otherwise name one: L2PC_MIRROR=http://mirror/debian"
	case $1 in
	*-security)
		# shellcheck disable=SC2016
		_site=$(_archive_site '$4 == "Debian-Security"')
		if [ -z "$_site" ] || [ -n "${L2PC_MIRROR:-}" ]; then
			_site=${_mirror%/}-security
		fi
		;;
	*) _site=$_mirror ;;
	esac
	printf 'deb [signed-by=%s] %s %s main\n' "$_keys" "$_site" "$1"
}

_archive_site() {
	# apt expands $(SITE) and the like, not the shell.
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(SITE)|$(RELEASE)|$(COMPONENT)|$(LABEL)' 'Created-By: Packages' |
		awk -F'|' "\$3 == \"main\" && $1 { print \$1; exit }"
}

# archive_open SUITE [ARCHITECTURE]: fetch the package lists for archive_apt. fd 8 locks
# the lists until archive_close or the shell's end, because all kernels of a suite share
# them. Another architecture has lists of its own, in which its packages are native, so
# that the machine's dpkg need not have this architecture.
archive_open() {
	archive_arch=${2:-}
	cache_lock "archive-$1${2:+-$2}" 8
	# shellcheck disable=SC2154 # set by cache.sh
	archive=$cache/archive/$1${2:+-$2}
	mkdir -p "$archive/lists/partial" "$archive/cache/archives/partial"
	: >>"$archive/status"
	archive_source "$1" >"$archive/sources.list"
	archive_apt get -q update >"$archive/update.log" 2>&1 || {
		tail -n 5 "$archive/update.log" >&2
		die "cannot read the package lists of $1${2:+ ($2)}" "check the network; the source: $(cat "$archive/sources.list")"
	}
}

archive_close() { exec 8>&-; }

# archive_apt get|cache ARG...: run apt-get or apt-cache with the opened lists.
archive_apt() {
	_tool=apt-$1
	shift
	# shellcheck disable=SC2086 # options, or none
	"$_tool" ${archive_arch:+-o APT::Architecture=$archive_arch -o APT::Architectures=$archive_arch} \
		-o Dir::Etc::sourcelist="$archive/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State::Lists="$archive/lists" -o Dir::State::status="$archive/status" \
		-o Dir::Cache="$archive/cache" -o Acquire::Languages=none -o APT::Sandbox::User= \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# archive_linux PACKAGE...: print the packages that a kernel's meta packages depend on.
archive_linux() {
	_todo=$* _seen=' '
	while [ -n "$_todo" ]; do
		_next=''
		for _p in $_todo; do
			case $_seen in *" $_p "*) continue ;; esac
			_seen="$_seen$_p "
			_show=$(archive_apt cache --no-all-versions show "$_p" 2>/dev/null) || continue
			case $_p in *-[0-9]*.[0-9]*) echo "$_p" ;; esac
			_next="$_next $(printf '%s\n' "$_show" | sed -n 's/^\(Pre-\)\{0,1\}Depends: //p' |
				tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:any//; s/ //g' |
				sed -n '/^linux-\(image\|binary\|modules\|base\|headers\|kbuild\)-[0-9]/p')"
		done
		_todo=${_next# }
	done
}
