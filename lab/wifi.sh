#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# wifi.sh: prints the directory with hostapd and iw, as their packages have them. They are
# taken out of these and not installed: hostapd's would start a server.
# wifi.sh guest DIR: puts them into DIR, and in lib/ what they load.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"

packages_need dpkg-deb:dpkg apt-get:apt ldd:libc-bin '/lib/*/libnl-3.so.200:libnl-3-200' \
	'/usr/lib/*/libnl-genl-3.so.200:libnl-genl-3-200' '/usr/lib/*/libnl-route-3.so.200:libnl-route-3-200' \
	'/usr/lib/*/libssl.so.3:libssl3'

# shellcheck disable=SC2154 # set by cache.sh
out=$cache/wifi
if [ ! -d "$out" ]; then
	cache_lock wifi 8
	if [ ! -d "$out" ]; then
		say "fetching hostapd and iw"
		rm -rf "$out.part"
		mkdir -p "$out.part/get"
		cd "$out.part/get"
		apt-get -q -o APT::Sandbox::User= download hostapd iw >../log 2>&1 || {
			tail -n 5 ../log >&2
			die "cannot fetch the packages hostapd and iw" "is the network there, and are apt's lists? apt-get update"
		}
		for package in *.deb; do dpkg-deb -x "$package" ../root; done
		find ../root -type f '(' -name hostapd -o -name iw ')' -path '*bin/*' -exec mv -t .. '{}' +
		cd "$lab"
		rm -rf "$out.part/get" "$out.part/root" "$out.part/log"
		mv "$out.part" "$out"
	fi
	exec 8>&-
fi

case ${1-}:$# in
:0) echo "$out" ;;
guest:2)
	mkdir -p "$2/lib"
	cp "$out/hostapd" "$out/iw" "$2/"
	ldd "$out/hostapd" "$out/iw" | awk '$3 ~ /^\// { print $3 }' | grep -v '/libc\.so' | sort -u |
		while read -r file; do cp -L "$file" "$2/lib/"; done
	;;
*) die "what is $1?" "usage: lab/wifi.sh [guest DIR]" ;;
esac
