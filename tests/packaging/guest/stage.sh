#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stage.sh: the tests of one boot of the guest of tests/packaging/vm.sh. The kernel command
# line names the stage; $state keeps data for the next one. Results go to the host through a
# separate port. `stage.sh listing` prints the contents of the disk.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

here=$(dirname "$0")
state=/var/tmp/l2pc-test
dev=enp0s5
gateway=10.0.2.2 gateway_mac=52:55:0a:00:02:02
packages=(l2packet-counter-dkms l2pc prometheus-l2pc-exporter)

# listing: print every file with its type and target, and users and groups. Leave out the
# files that this test, mkfs, dpkg, dbus, the journal and systemd make for themselves, the
# kernels, the indexes of depmod, and DKMS's key.
listing() {
	find / -xdev \( -path /lost+found -o -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /boot \
		-o -path /var/lib/dpkg -o -path /var/cache -o -path /var/log -o -path /var/tmp -o -path '/var/lib/dkms/mok.*' \
		-o -path /var/lib/systemd -o -path '*/lib/modules/*/modules.*' -o -path '*6.12*' -o -path '/initrd.img*' \
		-o -path '/vmlinuz*' -o -path /var/lib/private -o -path /var/lib/initramfs-tools -o -path /var/lib/dbus/machine-id \
		-o -path /root \) \
		-prune -o -printf '%p %y %l\n' | sort
	find /lib/modules/ -name 'l2packet_counter*'
	cat /etc/passwd /etc/group
}
[ "${1-}" != listing ] || {
	listing
	exit
}

mkdir -p $state
exec >/dev/virtio-ports/l2pc.output 2>&1 8>/dev/virtio-ports/l2pc.result
# shellcheck source=tests/lib/harness.sh
. "$here/harness.sh"
# shellcheck source=tests/lib/documents.sh
. "$here/src/tests/lib/documents.sh"
sudo() { "$@"; }
# Only one process at a time can open a port, so use the open descriptor.
suite_send() { printf '%s\n' "$1" >&8; }

# wait_for WHAT COMMAND...: run COMMAND until it succeeds, for up to a quarter of an hour.
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 900; i++)); do
		if "$@"; then return; fi
		sleep 1
	done
	fail "$what" "success within a quarter of an hour" "a timeout"
}

# sums VIEW DEV: print the sum of the total and the skipped frames.
sums() { l2pc -o show "--$1" "$2" | awk -F'\t' '$1 == "sum" { print $8 + $14 + $15 + $16 }'; }

rx() { cat "/sys/class/net/$1/statistics/rx_packets"; }

from_gateway() { l2pc -o show --lifetime $dev | awk -F'\t' -v mac=$gateway_mac '$1 == "station" && $4 == mac { n += $6 } END { print n + 0 }'; }

# --- the tests ------------------------------------------------------------------

# Since the interface exists, as many frames were counted as its driver received.
all_counted() {
	ip link set $dev down
	expect_equal "frames counted and received" "$(sums lifetime $dev)" "$(rx $dev)"
	ip link set $dev up
}

before_login() {
	local counts login
	counts=$(systemctl show -P ActiveEnterTimestampMonotonic "$1")
	login=$(systemctl show -P ActiveEnterTimestampMonotonic systemd-user-sessions.service)
	expect_number "start of the count" "$counts" -gt 0
	expect_number "start of the count, before the login" "$counts" -lt "$login"
}

# networkd has finished once the interface has its address.
network_is_up() { ip -4 addr show dev $dev | grep -q inet; }

counts_gateway() {
	local before
	wait_for "an address on $dev" network_is_up
	before=$(from_gateway)
	ping -n -q -c 5 -i 0.2 $gateway
	expect_number "frames of $gateway" "$(from_gateway)" -ge $((before + 5))
}

metrics() {
	wait_for "the exporter" exporter_listens
	exec 3<>/dev/tcp/127.0.0.1/9963
	printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
	cat <&3 >/tmp/answer
	expect_line /tmp/answer '^l2pc_up 1$'
	expect_line /tmp/answer "^l2pc_device_receive_packets_total\{device=\"$dev\"\} [1-9]"
}

exporter_listens() { (exec 3<>/dev/tcp/127.0.0.1/9963) 2>/dev/null; }

exporter_is_nobody() {
	local pid
	pid=$(systemctl show -P MainPID prometheus-l2pc-exporter.service)
	# Dynamic users have uids from 61184 on.
	expect_number "its user" "$(stat -c %u "/proc/$pid")" -ge 61184
	expect_line "/proc/$pid/status" $'^CapEff:\t0+$'
	expect_line "/proc/$pid/status" $'^NoNewPrivs:\t1$'
	expect_line "/proc/$pid/status" $'^Seccomp:\t2$'
}

is_active() { systemctl is-active --quiet "$1"; }
is_inactive() { [ "$(systemctl show -P ActiveState "$1")" = inactive ]; }

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

timer_saves() {
	rm -f /var/lib/l2pc/totals
	is_active l2pc-save.timer
	systemctl start l2pc-save.service
	expect_number "bytes of totals" "$(wc -c </var/lib/l2pc/totals)" -gt 0
}

no_failed_units() { expect_equal "failed units" "$(systemctl list-units --failed --plain --no-legend)" ""; }

built_for() {
	expect_match "the module" "$(modinfo -k "$1" -F filename l2packet_counter)" /updates/dkms/
	expect_equal "its kernel" "$(modinfo -k "$1" -F vermagic l2packet_counter | cut -d " " -f 1)" "$1"
}

# Record the number of frames. The link stays down, so that no further frame arrives.
note_total() {
	ip link set $dev down
	expect_equal "frames of all time and received" "$(sums all-time $dev)" "$(rx $dev)"
	rx $dev >$state/received
}

# The totals include the frames of this boot and of the one before.
all_time_goes_on() {
	ip link set $dev down
	expect_equal "frames of all time" "$(sums all-time $dev)" $(($(cat $state/received) + $(rx $dev)))
	ip link set $dev up
}

purged() {
	expect_absent /sys/module/l2packet_counter
	expect_number "bytes of totals" "$(wc -c </var/lib/l2pc/totals)" -gt 0
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
	suite_run metrics metrics
	suite_run exporter-unprivileged exporter_is_nobody
	suite_run comes-and-goes comes_and_goes
	documents_begin tests/packaging/guest/stage.sh
	suite_run started-by-hand started_by_hand
	documents_end
	suite_run saves timer_saves
	suite_run no-failed-units no_failed_units
	suite_run upgrade dpkg -i "$here"/kernel/*.deb
	suite_run rebuilt built_for "$(cd /lib/modules && echo 6.12*)"
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

stage=$(sed -n 's/.*l2pc\.stage=\([a-z]*\).*/\1/p' /proc/cmdline)
suite_begin "vm/$stage" "$(mktemp -d)"
"stage_$stage"
echo "exit $stage" >&8
sync
systemctl reboot
