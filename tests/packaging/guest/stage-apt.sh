#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# stage-apt.sh: the tests of one boot of the guest of tests/packaging/vm-apt.sh: a minimal
# Debian in which apt has installed all packages.
# shellcheck disable=SC2034 # stages.sh uses it
packages=(l2packet-counter-dkms l2pc prometheus-l2pc-exporter)
# shellcheck source=tests/packaging/guest/stages.sh
. "$(dirname "$0")/stages.sh"

# units: print the units of the packages, without templates.
units() { dpkg -L "${packages[@]}" | sed -n 's,.*/systemd/system/\([^/@]*\.[a-z]*\)$,\1,p' | sort -u; }

# show UNIT PROPERTY
show() { systemctl show -P "$2" "$1"; }

# --- the tests ------------------------------------------------------------------

module_counts() {
	expect_present /sys/module/l2packet_counter
	expect_match "the module" "$(modinfo -F filename l2packet_counter)" /updates/dkms/
	expect_match "how $dev is counted" "$(l2pc port $dev)" 'counted by tap'
	expect_equal "l2pc-run.service" "$(show l2pc-run.service ActiveState)" inactive
}

# Each unit that the packages enable is active, or has run and succeeded. The others wait for
# an instance, a timer or the lack of the module.
units_are_active() {
	local unit enabled=0
	for unit in $(units); do
		expect_equal "$unit, loaded" "$(show "$unit" LoadState)" loaded
		expect_equal "$unit, its result" "$(show "$unit" Result)" success
		[ "$(show "$unit" UnitFileState)" = enabled ] || continue
		enabled=$((enabled + 1))
		case $unit in
		l2pc-boot.service)
			expect_number "$unit, its end" "$(show "$unit" ExecMainExitTimestampMonotonic)" -gt 0
			;;
		*) expect_equal "$unit" "$(show "$unit" ActiveState)" active ;;
		esac
	done
	expect_equal "enabled units" "$enabled" 4
}

# systemd finds no fault in the units.
units_are_right() {
	local unit files=()
	for unit in $(units) "l2pc@$dev.service" 'l2pc-pattern@tap\x2a.service'; do files+=("$unit"); done
	systemd-analyze verify --man=no "${files[@]}" >/tmp/verify 2>&1 || :
	cat /tmp/verify
	grep -i -E 'l2pc|l2p' /tmp/verify >/tmp/ours || :
	expect_empty "what systemd-analyze verify finds" /tmp/ours
}

# Over HTTP, the counts are the frames that the driver received.
metrics_are_exact() {
	ip link set $dev down
	http_get /metrics
	expect_equal "frames in the metrics" "$(awk -v device="device=\"$dev\"" 'index($0, device) &&
		/^l2pc_device_(receive|skipped)_packets_total/ { n += $NF } END { print n + 0 }' /tmp/answer)" "$(rx $dev)"
	ip link set $dev up
	http_get /
	expect_line /tmp/answer '^HTTP/1\.[01] 200 '
	expect_line /tmp/answer '<title>'
}

saves() {
	systemctl start l2pc-save.service
	expect_equal "its condition" "$(show l2pc-save.service ConditionResult)" yes
	expect_equal "its result" "$(show l2pc-save.service Result)" success
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
	l2pc history --check
}

# What an administrator would ask.
doctor_is_content() {
	l2pc doctor
	expect_equal "the end of l2pc doctor" "$(l2pc doctor | tail -n 1)" 'all is well'
}

# On a running system: what is removed stops, and apt starts what the packages enable. The
# interface that is there is counted again by the command of docs/usage.md.
installed_again() {
	cd / || exit
	apt-get -y remove l2pc prometheus-l2pc-exporter
	expect_failure "l2pc" command -v l2pc
	expect_present /sys/module/l2packet_counter /etc/l2pc.conf
	expect_equal "/proc/l2packet_counter" "$(cat /proc/l2packet_counter)" ''
	no_failed_units
	apt-get -y install ./dist/*.deb
	systemctl start "l2pc@$dev.service"
	module_counts
}

purged() {
	expect_absent /sys/module/l2packet_counter /etc/l2pc.conf /usr/bin/l2pc
	expect_equal "the units" "$(systemctl list-unit-files --no-legend | grep -c l2p)" 0
	expect_number "bytes of history" "$(wc -c </var/lib/l2pc/history.db)" -gt 0
}

# --- the stages -----------------------------------------------------------------

stage_first() {
	suite_run before-login before_login "l2pc@$dev.service"
	suite_run counts counts_gateway
	suite_run module module_counts
	suite_run from-the-first-frame all_counted
	suite_run units-active units_are_active
	suite_run units-right units_are_right
	suite_run metrics metrics
	suite_run metrics-exact metrics_are_exact
	suite_run saves saves
	suite_run counts-more counts_gateway
	suite_run doctor doctor_is_content
	suite_run no-failed-units no_failed_units
	suite_run journal boot_is_quiet
	suite_run total note_total
}

stage_again() {
	suite_run shutdown shutdown_is_quiet
	suite_run before-login before_login "l2pc@$dev.service"
	suite_run counts counts_gateway
	suite_run all-time all_time_goes_on
	suite_run metrics metrics
	suite_run no-failed-units no_failed_units
	suite_run installed-again installed_again
	suite_run units-active-again units_are_active
	suite_run counts-again counts_gateway
	suite_run metrics-again metrics
	suite_run purge apt-get -y purge "${packages[@]}"
	suite_run purged purged
	suite_run nothing-failed no_failed_units
	suite_run journal boot_is_quiet
}

stages_run
