#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# dkms-without-headers.sh: what apt installs with dkms, in Debian 12 and in Debian 13.
#
# Packages   dkms 3.0.10-8+deb12u1 (Debian 12), dkms 3.2.2-1~deb13u1 (Debian 13)
# Expected   `apt install` of dkms, or of a package with a module that depends on it, brings the
#            headers of a kernel in both, because DKMS builds nothing without them.
# Seen       In Debian 12 dkms recommends headers, and apt installs them. In Debian 13 it
#            recommends gcc, fakeroot and sudo only: a module's package is installed, with status
#            0 and a line "No kernel headers were found, skipping module build", and there is no
#            module.
# Follows    l2packet-counter-dkms recommends the headers itself.
#
# Status 0 while that is so. Downloads package lists to a temporary directory, 20 MB. Installs
# nothing: apt simulates.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

untried() {
	echo "$*" >&2
	exit 2
}

# shellcheck disable=SC2016 # apt's own variables
site=$(apt-get indextargets --format '$(SITE)|$(LABEL)' 'Created-By: Packages' | awk -F'|' '$2 == "Debian" { print $1; exit }')
[ -n "$site" ] || untried "this machine has no package lists of a mirror of Debian"

# with_dkms SUITE VERSION: print the packages that come with this dkms into a system without any.
with_dkms() {
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	: >"$1/status"
	echo "deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $1 main" >"$1/sources.list"
	for command in update "-s install --install-recommends dkms=$2"; do
		# shellcheck disable=SC2086 # words are meant
		apt-get -q -o Dir::Etc::sourcelist="$dir/$1/sources.list" -o Dir::Etc::sourceparts=/dev/null \
			-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
			-o Dir::State::Lists="$dir/$1/lists" -o Dir::State::status="$dir/$1/status" -o Dir::Cache="$dir/$1/cache" \
			-o APT::Architecture=amd64 -o APT::Architectures::=amd64 -o Acquire::Languages=none -o APT::Sandbox::User= \
			$command >"$1/log" 2>&1 || { tail -n 3 "$1/log" >&2 && untried "dkms $2 of $1 cannot be tried"; }
	done
	awk '$1 == "Inst" { print $2 }' "$1/log"
}

with_dkms bookworm 3.0.10-8+deb12u1 >debian12
with_dkms trixie 3.2.2-1~deb13u1 >debian13
for release in 12 13; do
	grep -qx dkms debian$release || untried "apt does not install dkms in Debian $release"
	echo "Debian $release: $(wc -l <debian$release) packages; kernel headers: $(grep '^linux-headers-' debian$release | sort | tr '\n' ' ')"
done
grep -q '^linux-headers-' debian12 && ! grep -q '^linux-headers-' debian13
