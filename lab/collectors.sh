#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# collectors.sh: prints the directory with nfcapd, nfdump, nfacctd and pmacctd, as the packages
# nfdump and pmacct have them. They are taken out of these and not installed: the
# packages would start servers.
# collectors.sh guest DIR: puts them into DIR, and in lib/ what they and l2pc load.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"

packages_need dpkg-deb:dpkg apt-get:apt ldd:libc-bin '/lib/*/libbz2.so.1.0:libbz2-1.0' '/usr/lib/*/libpcap.so.0.8:libpcap0.8' \
	'/usr/lib/*/libjansson.so.4:libjansson4' '/usr/lib/*/libmariadb.so.3:libmariadb3' \
	'/usr/lib/*/libmaxminddb.so.0:libmaxminddb0' '/usr/lib/*/libnorm.so.1:libnorm1' '/usr/lib/*/libpgm-5.3.so.0:libpgm-5.3-0' \
	'/usr/lib/*/libpq.so.5:libpq5' '/usr/lib/*/librabbitmq.so.4:librabbitmq4' '/usr/lib/*/librdkafka.so.1:librdkafka1' \
	'/usr/lib/*/libsodium.so.23:libsodium23' '/usr/lib/*/libsqlite3.so.0:libsqlite3-0' '/usr/lib/*/libzmq.so.5:libzmq5'

# shellcheck disable=SC2154 # set by cache.sh
out=$cache/collectors
if [ ! -e "$out/pmacctd" ]; then
	cache_lock collectors 8
	if [ ! -e "$out/pmacctd" ]; then
		say "fetching nfdump and pmacct"
		rm -rf "$out" "$out.part"
		mkdir -p "$out.part/get"
		cd "$out.part/get"
		apt-get -q -o APT::Sandbox::User= download nfdump pmacct >../log 2>&1 || {
			tail -n 5 ../log >&2
			die "cannot fetch the packages nfdump and pmacct" "is the network there, and are apt's lists? apt-get update"
		}
		for package in *.deb; do dpkg-deb -x "$package" ../root; done
		mv ../root/usr/bin/nfcapd ../root/usr/bin/nfdump ../root/usr/sbin/{nfacctd,pmacctd} ..
		cd "$lab"
		rm -rf "$out.part/get" "$out.part/root" "$out.part/log"
		mv "$out.part" "$out"
	fi
	exec 8>&-
fi

case ${1-}:$# in
:0) echo "$out" ;;
guest:2)
	packages_need '/usr/lib/*/libmicrohttpd.so.12:libmicrohttpd12'
	mkdir -p "$2/lib"
	cp "$out"/nf* "$2/"
	for file in "$out"/nf* /usr/lib/*/libmicrohttpd.so.12; do
		case $file in *.so.*) echo "$file" ;; esac
		ldd "$file" | awk '$3 ~ /^\// { print $3 }'
	done | grep -v '/libc\.so' | sort -u | while read -r file; do cp -L "$file" "$2/lib/"; done
	;;
*) die "what is $1?" "usage: lab/collectors.sh [guest DIR]" ;;
esac
