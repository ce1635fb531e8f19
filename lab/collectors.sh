#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# collectors.sh: print the directory with nfcapd, nfdump, nfacctd and pmacctd.
# collectors.sh guest DIR: copy them to DIR, and the libraries of them and l2pc to DIR/lib.
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

packages_need ldd:libc-bin
out=$(extract_programs flow-collectors 'nfdump pmacct' 'nfcapd nfdump nfacctd pmacctd')
extract_need "$out"

case ${1-}:$# in
:0) echo "$out" ;;
guest:2)
	packages_need '/usr/lib/*/libmicrohttpd.so.12:libmicrohttpd12'
	mkdir -p "$2"
	cp "$out"/nf* "$2/"
	extract_libraries "$2/lib" "$out"/nf* /usr/lib/*/libmicrohttpd.so.12
	;;
*) die "unknown argument $1" "usage: lab/collectors.sh [guest DIR]" ;;
esac
