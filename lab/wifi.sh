#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# wifi.sh: print the directory with hostapd and iw.
# wifi.sh guest DIR: copy them to DIR, and their libraries to DIR/lib.
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

packages_need ldd:libc-bin '/lib/*/libnl-3.so.200:libnl-3-200' \
	'/usr/lib/*/libnl-genl-3.so.200:libnl-genl-3-200' '/usr/lib/*/libnl-route-3.so.200:libnl-route-3-200' \
	'/usr/lib/*/libssl.so.3:libssl3'
out=$(extract_programs wifi 'hostapd iw' 'hostapd iw')

case ${1-}:$# in
:0) echo "$out" ;;
guest:2)
	mkdir -p "$2"
	cp "$out/hostapd" "$out/iw" "$2/"
	extract_libraries "$2/lib" "$out/hostapd" "$out/iw"
	;;
*) die "unknown argument $1" "usage: lab/wifi.sh [guest DIR]" ;;
esac
