# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # $pid and $address are the caller's
# Sourced by the tests of l2pc export.

# exporter_start PROGRAM LOG [OPTION...]: start l2pc export at a free port. Set $pid, and
# $address, where it listens. Its stderr goes to the file LOG. Fail when it does not listen
# within half a minute.
exporter_start() {
	local program=$1 log=$2 i
	shift 2
	# Remove the address of an earlier exporter.
	: >"$log"
	"$program" export --web.listen-address 127.0.0.1:0 "$@" 2>"$log" &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		address=$(sed -n 's,^listening at http://\(.*\)/$,\1,p' "$log")
		[ -z "$address" ] || return 0
		sleep 0.05
	done
	fail "l2pc export" "an address" none "$log"
}
