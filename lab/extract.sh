# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $lab and $cache are the caller's
# Sourced, after say.sh, packages.sh and cache.sh. Extracts programs from packages without
# installing them, because most of these packages would start a server.

# extract_programs NAME "PACKAGE..." "PROGRAM...": print the directory with the programs.
# The first call downloads them.
extract_programs() (
	out=$cache/$1 packages=$2 programs=$3
	complete() {
		local program
		for program in $programs; do [ -e "$out/$program" ] || return; done
	}
	if ! complete; then
		packages_need dpkg-deb:dpkg apt-get:apt >&2
		cache_lock "$1" 8 >&2
	fi
	if ! complete; then
		say "fetching $packages"
		rm -rf "$out" "$out.part"
		mkdir -p "$out.part/get"
		cd "$out.part/get" || exit
		# shellcheck disable=SC2086 # a list
		apt-get -q -o APT::Sandbox::User= download $packages >../log 2>&1 || {
			tail -n 5 ../log >&2
			die "cannot fetch the packages $packages" "check the network, and run apt-get update"
		}
		for package in *.deb; do
			dpkg-deb -x "$package" ../root
			dpkg-deb -f "$package" Depends | tr ',' '\n' | sed -n 's/^ *\(lib[^ (|]*\).*/\1/p'
		done | sort -u >../libraries
		for program in $programs; do find ../root -type f -name "$program" -path '*bin/*' -exec mv -t .. '{}' +; done
		cd "$lab" || exit
		rm -rf "$out.part/get" "$out.part/root" "$out.part/log"
		mv "$out.part" "$out"
		complete || die "the packages $packages have not all of: $programs"
	fi
	echo "$out"
)

# extract_need DIR: install the libraries that the programs in DIR depend on, by the names that
# they have in this Debian.
extract_need() {
	local needs=() name
	while IFS= read -r name; do
		needs+=("/var/lib/dpkg/info/${name%%:*}*.list:$name")
	done <"$1/libraries"
	packages_need ${needs[@]+"${needs[@]}"}
}

# extract_libraries DIR FILE...: copy the libraries among the files to DIR, and all that the
# files load, except the C library, which every guest has.
extract_libraries() {
	local dir=$1 file
	shift
	mkdir -p "$dir"
	for file; do
		case $file in *.so.*) echo "$file" ;; esac
		ldd "$file" | awk '$3 ~ /^\// { print $3 }'
	done | grep -v '/libc\.so' | sort -u | while read -r file; do cp -L "$file" "$dir/"; done
}
