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

packages_need ldd:libc-bin '/lib/*/libbz2.so.1.0:libbz2-1.0' '/usr/lib/*/libpcap.so.0.8:libpcap0.8' \
	'/usr/lib/*/libjansson.so.4:libjansson4' '/usr/lib/*/libmariadb.so.3:libmariadb3' \
	'/usr/lib/*/libmaxminddb.so.0:libmaxminddb0' '/usr/lib/*/libnorm.so.1:libnorm1' '/usr/lib/*/libpgm-5.3.so.0:libpgm-5.3-0' \
	'/usr/lib/*/libpq.so.5:libpq5' '/usr/lib/*/librabbitmq.so.4:librabbitmq4' '/usr/lib/*/librdkafka.so.1:librdkafka1' \
	'/usr/lib/*/libsodium.so.23:libsodium23' '/usr/lib/*/libsqlite3.so.0:libsqlite3-0' '/usr/lib/*/libzmq.so.5:libzmq5'
out=$(extract_programs collectors 'nfdump pmacct' 'nfcapd nfdump nfacctd pmacctd')

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
