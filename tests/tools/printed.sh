#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# printed.sh: run the commands of l2pc export that docs/metrics.md prints, with a simulated
# kernel, in a network namespace that has the printed addresses.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
pids=()
cleanup() { [ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null; }
if [ -z "${L2PC_UNSHARED-}" ]; then
	tools_need
	suite_need ip:iproute2 unshare:util-linux
	make -s -C "$here" || exit 1
	rm -rf "$scratch"
	# Root needs no user namespace, and in a chroot it could not create one.
	[ "$(id -u)" = 0 ] || user=--map-root-user
	L2PC_UNSHARED=1 exec unshare --net ${user:+"$user"} "$0" "$@"
fi

export PATH=$here/build:$PATH:/usr/sbin:/sbin HOME=$scratch L2PC_ROOT=$here/root L2PC_WORLD=$here/worlds/lan
unset XDG_CONFIG_HOME
ip link set lo up && ip addr add 192.0.2.1/32 dev lo && ip -6 addr add 2001:db8::1/128 dev lo nodad || exit 1
documents_begin tests/tools/printed.sh
mapfile -t serve < <(document_commands "$top/docs/metrics.md" '# Metrics')
mapfile -t send < <(document_commands "$top/docs/metrics.md" '## IPFIX')
expect_equal "commands of the two blocks" "${#serve[@]} ${#send[@]}" '2 2' || suite_end

# exporter COMMAND TEXT: run COMMAND in the background, and wait until its stderr has TEXT.
exporter() {
	document_runs "$1"
	# A shell in the background opens it later than wait_for looks.
	rm -f "$scratch/stderr"
	bash -c "exec $1" 2>"$scratch/stderr" &
	pids+=($!)
	wait_for grep -q -s "$2" "$scratch/stderr"
}

end_exporter() {
	kill "${pids[-1]}"
	wait "${pids[-1]}"
	unset 'pids[-1]'
}

# expect_sent NAME ADDRESS PORT COMMAND: fail unless COMMAND sends IPFIX to ADDRESS and PORT.
expect_sent() {
	local collector
	rm -f "$scratch/port" "$scratch/state"
	python3 "$here/ipfix.py" collect "$2" "$3" "$scratch/state" "$scratch/bytes" >"$scratch/port" 2>&1 &
	collector=$!
	# The first pid, so that an interrupted test ends the collector as well.
	pids=("$collector" ${pids[@]+"${pids[@]}"})
	wait_for grep -q -s '^listening' "$scratch/port"
	exporter "$4" 'sending IPFIX' && end_exporter
	expect_soon "$1" grep -q -s '^# messages [1-9]' "$scratch/state" || suite_details "$scratch/stderr"
	kill "$collector"
	wait "$collector" 2>/dev/null
	pids=("${pids[@]:1}")
}

exporter "${serve[0]}" 'listening at http://127.0.0.1:9963/'
document_run "${serve[1]}" >"$scratch/metrics"
suite_run metrics expect_line "$scratch/metrics" '^l2pc_station_receive_packets_total[{]'
end_exporter
expect_sent ipfix-strict 192.0.2.1 4739 "${send[0]}"
expect_sent ipfix-compat 2001:db8::1 2055 "${send[1]}"
suite_end
