#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# stage-run.sh: the tests of one boot of the guest of tests/packaging/vm-run.sh: a machine
# without the module, on which l2pc run counts.
# shellcheck disable=SC2034 # stages.sh uses it
packages=(l2pc prometheus-l2pc-exporter)
# shellcheck source=tests/packaging/guest/stages.sh
. "$(dirname "$0")/stages.sh"

# processes: print the processes of l2pc.
processes() { find /proc/[0-9]*/exe -lname '/usr/bin/l2pc*' 2>/dev/null | cut -d / -f 3 | grep .; }

pid_of() { systemctl show -P MainPID "$1"; }
counted_by() { l2pc -j port "$1" 2>/dev/null | grep -o '"hook":"[a-z]*"'; }
is_counted() { [ "$(counted_by "$1")" = '"hook":"tcx"' ]; }

# --- the tests ------------------------------------------------------------------

# There is nothing that could build or load the module.
nothing_there() {
	local command
	for command in dkms gcc make clang l2pc; do expect_failure "$command" command -v $command; done
	expect_absent "/lib/modules/$(uname -r)/build"
	expect_failure "the module" modinfo l2packet_counter
}

# README's commands: from the first frame that arrives after it, to Ctrl-C.
run_by_hand() {
	local run before
	wait_for "an address on $dev" network_is_up
	ip link set $dev down
	before=$(rx $dev)
	rm -f /tmp/run.err
	document_run 'sudo l2pc run eth0' "s/eth0/$dev/; s,\$, >/tmp/run.out 2>/tmp/run.err \&,"
	run=$!
	wait_for "l2pc run" grep -q "^counting $dev" /tmp/run.err
	ip link set $dev up
	wait_for "frames" ping -n -q -c 5 -i 0.2 -w 5 $gateway
	expect_success "counted by tcx" is_counted $dev
	ip link set $dev down
	expect_equal "frames counted and received" "$(sums lifetime $dev)" $(($(rx $dev) - before))
	expect_number "frames of $gateway" "$(from_gateway)" -ge 5
	# As Ctrl-C does: to the program. A shell in the background ignores it.
	kill -INT "$(processes)"
	wait $run
	expect_line /tmp/run.out "^$dev: [1-9][0-9]* frames, [0-9]+ bytes, [1-9][0-9]* stations\$"
	expect_failure "l2pc port, after the end" l2pc port
	ip link set $dev up
}

run_is_confined() {
	local pid
	pid=$(pid_of l2pc-run.service)
	# CAP_NET_ADMIN, CAP_PERFMON, CAP_BPF.
	expect_line "/proc/$pid/status" $'^CapEff:\t000000c000001000$'
	expect_line "/proc/$pid/status" $'^CapBnd:\t000000c000001000$'
	expect_line "/proc/$pid/status" $'^NoNewPrivs:\t1$'
	expect_line "/proc/$pid/status" $'^Seccomp:\t2$'
	expect_equal "its priority" "$(ps_nice "$pid")" -10
	systemd-analyze security --no-pager l2pc-run.service | tail -n 1
}

ps_nice() { sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 17; }

# Another interface is added to the process that runs.
second_interface() {
	local pid
	pid=$(pid_of l2pc-run.service)
	ip link add late0 type veth peer name late1
	wait_for "l2pc@late0" is_active l2pc@late0.service
	expect_success "late0 is counted" is_counted late0
	expect_equal "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "1 7"
	sed -i 's/^late0.*/late0 reset-interval 8/' /etc/l2pc.conf
	systemctl reload l2pc@late0.service
	expect_equal "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "0 8"
	expect_equal "the process" "$(pid_of l2pc-run.service)" "$pid"
}

# Its counts go to the journal and to the history. No frame arrives while it is stopped.
instance_restarts() {
	local pid
	ip link set $dev down
	pid=$(pid_of l2pc-run.service)
	systemctl restart "l2pc@$dev.service"
	expect_success "$dev is counted" is_counted $dev
	expect_success "late0 is counted" is_counted late0
	expect_equal "the process" "$(pid_of l2pc-run.service)" "$pid"
	journalctl -q -o cat -u l2pc-run >/tmp/journal
	expect_line /tmp/journal "^$dev: [1-9][0-9]* frames, [0-9]+ bytes, [1-9][0-9]* stations\$"
	ip link set $dev up
}

# expect_again PID: another process counts both.
expect_again() {
	wait_for "another process" eval "[ \$(pid_of l2pc-run.service) != $1 ] && is_active l2pc-run.service"
	wait_for "$dev" is_counted $dev
	wait_for "late0" is_counted late0
	wait_for "l2pc@$dev" is_active "l2pc@$dev.service"
}

# No frame arrives here, so that the history stays complete.
process_restarts() {
	local pid
	ip link set $dev down
	pid=$(pid_of l2pc-run.service)
	systemctl restart l2pc-run.service
	expect_again "$pid"
	pid=$(pid_of l2pc-run.service)
	kill -KILL "$pid"
	expect_again "$pid"
	ip link set $dev up
}

interface_goes() {
	ip link del late0
	wait_for "the end of l2pc@late0" is_inactive l2pc@late0.service
	expect_failure "l2pc port late0" l2pc port late0
	expect_equal "l2pc@late0 ended" "$(systemctl show -P Result l2pc@late0.service)" success
}

save_runs() {
	is_active l2pc-save.timer
	systemctl start l2pc-save.service
	expect_equal "its condition" "$(systemctl show -P ConditionResult l2pc-save.service)" yes
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
}

# By default apt keeps what an installed package suggests: systemd libp11-kit0, which apt has
# installed for libmicrohttpd.
purge() { apt-get -y -o APT::AutoRemove::SuggestsImportant=false autoremove --purge "${packages[@]}"; }

purged() {
	expect_failure "a process of l2pc" processes
	expect_absent /run/l2pc
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
	rm -r /var/lib/l2pc
	listing >/tmp/after
	expect_same "all files" /tmp/after $state/before
}

# --- the stages -----------------------------------------------------------------

stage_install() {
	listing >$state/before
	suite_run nothing-there nothing_there
	documents_begin tests/packaging/guest/stage-run.sh
	mkdir "$here/dist"
	cp "$here"/packages/*.deb "$here/dist/"
	cd "$here" || exit
	suite_run install sudo apt -y install ./dist/l2pc_*.deb
	suite_run run run_by_hand
	documents_end
	suite_run exporter apt -y install ./dist/prometheus-l2pc-exporter_*.deb
	printf '%s\n' "$dev reset-interval 0" 'late0 vlan on reset-interval 7' \
		'uplink-to-the-building vlan on reset-interval 9' >/etc/l2pc.conf
}

stage_service() {
	suite_run before-login before_login "l2pc@$dev.service"
	suite_run counts counts_gateway
	suite_run counted-by-tcx is_counted $dev
	suite_run from-the-first-frame all_counted
	suite_run confined run_is_confined
	suite_run metrics metrics
	suite_run saves save_runs
	suite_run second-interface second_interface
	suite_run instance-restarts instance_restarts
	suite_run journal boot_is_quiet
	suite_run process-restarts process_restarts
	suite_run counts-again counts_gateway
	suite_run interface-goes interface_goes
	suite_run comes-by-another-name comes_by_another_name
	suite_run no-failed-units no_failed_units
	suite_run name-another name_another
	suite_run total note_total
}

stage_again() {
	suite_run shutdown shutdown_is_quiet
	suite_run before-login before_login "l2pc@$dev.service"
	suite_run counts counts_gateway
	suite_run all-time all_time_goes_on
	suite_run journal boot_is_quiet
	suite_run purge purge
	suite_run purged purged
}

stages_run
