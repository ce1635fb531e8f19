#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stage.sh: the tests of one boot of the guest of tests/packaging/vm.sh.
packages=(l2packet-counter-dkms l2pc prometheus-l2pc-exporter)
# shellcheck source=tests/packaging/guest/stages.sh
. "$(dirname "$0")/stages.sh"

# --- the tests ------------------------------------------------------------------

exporter_is_nobody() {
	local pid
	pid=$(systemctl show -P MainPID prometheus-l2pc-exporter.service)
	# Dynamic users have uids from 61184 on.
	expect_number "its user" "$(stat -c %u "/proc/$pid")" -ge 61184
	expect_line "/proc/$pid/status" $'^CapEff:\t0+$'
	expect_line "/proc/$pid/status" $'^NoNewPrivs:\t1$'
	expect_line "/proc/$pid/status" $'^Seccomp:\t2$'
}

# An interface that the file names appears and disappears at runtime.
comes_and_goes() {
	ip link add late0 type veth peer name late1
	wait_for "l2pc@late0" is_active l2pc@late0.service
	expect_equal "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "1 7"
	sed -i 's/^late0.*/late0 reset-interval 8/' /etc/l2pc.conf
	systemctl reload l2pc@late0.service
	expect_equal "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "0 8"
	ip link del late0
	wait_for "the end of l2pc@late0" is_inactive l2pc@late0.service
	expect_failure "l2pc port late0" l2pc port late0
	expect_equal "l2pc@late0 ended" "$(systemctl show -P Result l2pc@late0.service)" success
	# The same again.
	ip link add late0 type veth peer name late1
	wait_for "l2pc@late0" is_active l2pc@late0.service
	ip link del late0
	wait_for "the end of l2pc@late0" is_inactive l2pc@late0.service
}

# The file has a pattern. Interfaces that match become ports when they appear, and these are
# kept when the interfaces are gone.
pattern_counts() {
	local unit
	unit=$(systemd-escape --template=l2pc-pattern@.service 'tap*')
	expect_success "$unit is active" is_active "$unit"
	ip link add tap7 type veth peer name other7
	expect_match "its port" "$(l2pc port tap7)" 'reset-interval 0'
	ip link del tap7
	expect_success "its port is kept" l2pc port tap7
	sed -i 's/^tap.*/tap*  keep 600  vlan on/' /etc/l2pc.conf
	systemctl reload "$unit"
	expect_failure "its port after the reload" l2pc port tap7
	ip link add tap8 type veth peer name other8
	expect_match "another port" "$(l2pc port tap8)" 'vlan on'
	systemctl stop "$unit"
	expect_failure "this port after the stop" l2pc port tap8
	systemctl start "$unit"
	expect_success "this port after the start" l2pc port tap8
	ip link del tap8
	expect_success "the interface of a line of its own" l2pc port $dev
}

# The commands of docs/usage.md for an existing interface.
started_by_hand() {
	# All frames of this boot must be counted.
	ip link set $dev down
	systemctl stop "l2pc@$dev.service"
	expect_failure "it is still counted" l2pc port $dev
	document_run 'sudo systemctl daemon-reload'
	document_run 'sudo systemctl start l2pc@eth0' "s/eth0/$dev/"
	l2pc port $dev
	ip link set $dev up
}

# To run before the first lifetime ends: from then on only the database has its frames.
timer_saves() {
	rm -f /var/lib/l2pc/history.db*
	is_active l2pc-save.timer
	systemctl start l2pc-save.service
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
}

built_for() {
	expect_match "the module" "$(modinfo -k "$1" -F filename l2packet_counter)" /updates/dkms/
	expect_equal "its kernel" "$(modinfo -k "$1" -F vermagic l2packet_counter | cut -d " " -f 1)" "$1"
}

purged() {
	expect_absent /sys/module/l2packet_counter
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
	rm -r /var/lib/l2pc
	listing >/tmp/after
	expect_same "all files" /tmp/after $state/before
}

uninstalled() {
	expect_absent /sys/module/l2packet_counter
	listing >/tmp/after
	expect_same "all files" /tmp/after $state/before
}

service_counts() {
	wait_for l2packet_counter.service is_active l2packet_counter.service
	expect_line /proc/l2packet_counter "^Interface: $dev$"
	wait_for "an address on $dev" network_is_up
	echo 0 >/sys/module/l2packet_counter/parameters/reset_interval
	echo reset >/proc/l2packet_counter
	ping -n -q -c 5 -i 0.2 $gateway
	cat /proc/l2packet_counter
	expect_number "frames of the gateway" "$(awk -v mac=$gateway_mac '$1 == mac { print $2 }' /proc/l2packet_counter)" -ge 5
}

# --- the stages -----------------------------------------------------------------

stage_count() {
	suite_run before-login before_login l2pc@$dev.service
	suite_run counts counts_gateway
	suite_run from-the-first-frame all_counted
	suite_run saves timer_saves
	suite_run metrics metrics
	suite_run exporter-unprivileged exporter_is_nobody
	suite_run comes-and-goes comes_and_goes
	suite_run comes-by-another-name comes_by_another_name
	suite_run pattern-before-login before_login "$(systemd-escape --template=l2pc-pattern@.service 'tap*')"
	suite_run pattern pattern_counts
	documents_begin tests/packaging/guest/stage.sh
	suite_run started-by-hand started_by_hand
	documents_end
	suite_run counts-more counts_gateway
	suite_run no-failed-units no_failed_units
	suite_run upgrade dpkg -i "$here"/kernel/*.deb
	suite_run rebuilt built_for "$(cd /lib/modules && echo 6.12*)"
	suite_run name-another name_another
	suite_run total note_total
}

stage_upgraded() {
	suite_run kernel expect_line /proc/sys/kernel/osrelease '^6\.12'
	suite_run before-login before_login l2pc@$dev.service
	suite_run counts counts_gateway
	suite_run all-time all_time_goes_on
	suite_run metrics metrics
	suite_run no-failed-units no_failed_units
	suite_run purge dpkg -P "${packages[@]}"
	suite_run purged purged
	cp -a "$here/src" /var/tmp/l2pc-src
	suite_run install.sh /var/tmp/l2pc-src/install.sh --interface $dev --yes --service
}

stage_script() {
	suite_run counts service_counts
	suite_run no-failed-units no_failed_units
	suite_run uninstall /var/tmp/l2pc-src/install.sh --uninstall
	suite_run uninstalled uninstalled
}

stages_run
