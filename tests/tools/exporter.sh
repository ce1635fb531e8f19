# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # $pid, $address, $scratch and $failed are the caller's
# Sourced by the tests that ask l2pc export.

# exporter_begin PROGRAM SAID [OPTION...]: at any port that is free. $pid is its process,
# $address where it listens; what it says goes to the file SAID. 1: it does not listen.
exporter_begin() {
	local program=$1 said=$2 i
	shift 2
	# What an earlier one said is not this one's address.
	: >"$said"
	"$program" export --web.listen-address 127.0.0.1:0 "$@" 2>"$said" &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		address=$(sed -n 's,^listening at http://\(.*\)/$,\1,p' "$said")
		[ -z "$address" ] || return 0
		sleep 0.05
	done
	echo "it does not listen: $(cat "$said")"
	return 1
}

# result NAME: of the status before it; what was said is in $scratch/said. 1 in $failed:
# one was bad.
result() {
	if [ "$?" = 0 ]; then
		echo "PASS $(basename "$0" .sh)/$1"
	else
		echo "FAIL $(basename "$0" .sh)/$1"
		sed 's/^/    /' "$scratch/said"
		failed=1
	fi
}
