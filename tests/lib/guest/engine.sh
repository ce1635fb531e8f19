# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # the suites' and module.sh's
# Sourced by module.sh where L2PC_ENGINE is bpf: the suites' functions, with l2pc run in place
# of the module. A port's settings are those of the module's parameters.

engine_log=/tmp/engine

# engine_settings PARAMETER...: sets engine_ports, a list, and engine_words, the settings.
engine_settings() {
	local parameter value
	engine_ports=(eth0) engine_words=()
# A process makes the tables: 10,000 new stations a second and CPU, because it may have to
# wait for an emulated CPU. tests/bpf sends them at full speed.
new_stations=("02:00:00:00:00:00" "delay 100000")
	for parameter; do
		value=${parameter#*=}
		case $parameter in
		interface=*) IFS=, read -r -a engine_ports <<<"$value" ;;
		# A tap sees what tcx sees.
		hook=tap) ;;
		hook=*) fail "load $parameter" "a test for l2pc run" "one for the module" ;;
		vlan=1 | tx=1) engine_words+=("${parameter%=1}" on) ;;
		*) engine_words+=("${parameter%%=*}" "$value") ;;
		esac
	done
}

# load PARAMETER...: runs l2pc run in the background until unload, and returns when it counts.
load() {
	local port
	engine_settings "$@"
	rm -f $engine_log.*
	(
		(exec l2pc run "${engine_ports[0]}" "${engine_words[@]}" >$engine_log.out 2>$engine_log.err) &
		echo $! >$engine_log.pid
		rc=0
		wait $! || rc=$?
		echo $rc >$engine_log.status
	) >/dev/null 2>&1 &
	wait_for "l2pc run" engine_started
	[ ! -e $engine_log.status ] || { cat $engine_log.err >&2 && return 1; }
	for port in "${engine_ports[@]:1}"; do l2pc add "$port"; done
}

engine_started() { [ -e $engine_log.status ] || grep -q '^counting ' $engine_log.err 2>/dev/null; }

unload() {
	kill -INT "$(cat $engine_log.pid)"
	wait_for "the end of l2pc run" [ -s $engine_log.status ]
	expect_equal "status of l2pc run" "$(cat $engine_log.status)" 0
	rm $engine_log.pid
}

unload_if_loaded() { if [ -e $engine_log.pid ] && [ ! -s $engine_log.status ]; then unload; fi; }

# l2pc: a port that is added has the settings of load, as the module's parameters are defaults.
l2pc() {
	local words=("$@") i
	if [ "${1-}" = add ]; then
		for ((i = 0; i < ${#engine_words[@]}; i += 2)); do
			[[ " ${*//-/_} " == *" ${engine_words[i]} "* ]] || words+=("${engine_words[@]:i:2}")
		done
	fi
	command l2pc "${words[@]}"
}

# Reading and closing windows.
counts() { l2pc show --proc; }
reset_windows() { l2pc reset >/dev/null; }
procread() { command procread -p "$@"; }

# messages: l2pc run writes none to the kernel log.
messages() { cat $engine_log.err; }

# set_parameter NAME VALUE: changes a setting of all ports.
set_parameter() {
	local port
	for port in $(l2pc -o port | awk -F'\t' '$1 == "port" { print $2 }'); do l2pc set "$port" "$1" "$2"; done
}

engine_words=()
engine=bpf engine_hooks=tap other_hook=tap engine_refuses='l2pc: '
counted_by() { echo tcx; }

# What the suites use of the helpers portctl and portnl, which know the module's family only.
portctl() {
	local words=()
	case $1 in
	reset) l2pc reset >/dev/null ;;
	set)
		read -r -a words < <(sed -E 's/\<(vlan|tx) 0/\1 off/g; s/\<(vlan|tx) 1/\1 on/g' <<<"${*:3}")
		l2pc set "$2" "${words[@]}"
		;;
	esac
}

portnl() {
	local fields
	# shellcheck disable=SC2016 # awk's
	case $1 in
	stations) fields='"station" { print $4, $5, $6, $7, $12 + 0, $13 + 0 }' ;;
	totals) fields='"sum" { print "window-id", $4; print "untracked-packets", $10; print "tx-untracked-packets", $20 + 0 }' ;;
	esac
	l2pc -o show "--$2" "$3" | awk -F'\t' "\$1 == $fields" | LC_ALL=C sort
}

# memory: prints the memory of l2pc run in kB: its own, and the tables that it has read.
memory() { awk '/^VmRSS:/ { print $2 }' "/proc/$(cat $engine_log.pid)/status"; }

# module_only REASON: ends a test that is not for l2pc run. The reasons become a table
# (tests/bpf/suites.sh).
module_only() { skip "not for l2pc run: $1"; }
