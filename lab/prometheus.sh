#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prometheus.sh: print the directory with prometheus and promtool.
# prometheus.sh guest DIR: copy prometheus to DIR, and the libraries of l2pc export to
# DIR/lib.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lab/say.sh
. "$lab/say.sh"
# shellcheck source=lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=lab/cache.sh
. "$lab/cache.sh"
# shellcheck source=lab/extract.sh
. "$lab/extract.sh"

# From Debian 13 on promtool has a package of its own.
packages=prometheus
! apt-cache show promtool >/dev/null 2>&1 || packages='prometheus promtool'
out=$(extract_programs prometheus "$packages" 'prometheus promtool')

case ${1-}:$# in
:0) echo "$out" ;;
guest:2)
	packages_need ldd:libc-bin '/usr/lib/*/libmicrohttpd.so.12:libmicrohttpd12'
	mkdir -p "$2"
	ln -f "$out/prometheus" "$2/" 2>/dev/null || cp "$out/prometheus" "$2/"
	extract_libraries "$2/lib" /usr/lib/*/libmicrohttpd.so.12
	;;
*) die "unknown argument $1" "usage: lab/prometheus.sh [guest DIR]" ;;
esac
