#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prometheus.sh: prints the directory with prometheus and promtool, as the package has
# them. They are taken out of it and not installed: the package would start a server.
# prometheus.sh guest DIR: puts what a guest needs to scrape l2pc export into DIR:
# prometheus, and in lib/ what l2pc loads to serve.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"

# shellcheck disable=SC2154 # set by cache.sh
out=$cache/prometheus
if [ ! -d "$out" ]; then
	packages_need dpkg-deb:dpkg apt-get:apt
	cache_lock prometheus 8
	if [ ! -d "$out" ]; then
		say "fetching Prometheus"
		rm -rf "$out.part"
		mkdir -p "$out.part/get"
		cd "$out.part/get"
		apt-get -q -o APT::Sandbox::User= download prometheus >../log 2>&1 || {
			tail -n 5 ../log >&2
			die "cannot fetch the package prometheus" "is the network there, and are apt's lists? apt-get update"
		}
		dpkg-deb -x prometheus_*.deb ../root
		mv ../root/usr/bin/prometheus ../root/usr/bin/promtool ..
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
	ln -f "$out/prometheus" "$2/" 2>/dev/null || cp "$out/prometheus" "$2/"
	for library in /usr/lib/*/libmicrohttpd.so.12; do
		{ echo "$library"; ldd "$library" | awk '$3 ~ /^\// { print $3 }'; } | grep -v '/libc\.so' |
			while read -r file; do cp -L "$file" "$2/lib/"; done
	done
	;;
*) die "what is $1?" "usage: lab/prometheus.sh [guest DIR]" ;;
esac
