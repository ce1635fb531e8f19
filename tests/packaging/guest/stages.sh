# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# shellcheck shell=bash disable=SC2154 # $packages is the caller's
# Sourced by stage.sh and stage-run.sh, which set $packages: what the boots of a guest have in
# common. The kernel command line names the stage; $state keeps data for the next one.
# Results go to the host through a separate port. `stage.sh listing` prints the contents of
# the disk.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

here=$(dirname "$0")
state=/var/tmp/l2pc-test
dev=enp0s5
gateway=10.0.2.2 gateway_mac=52:55:0a:00:02:02

# listing: print every file with its type and target, and users and groups. Leave out the
# files that this test, mkfs, dpkg, dbus, the journal and systemd make for themselves, the
# kernels, the indexes of depmod, and DKMS's key.
listing() {
	find / -xdev \( -path /lost+found -o -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /boot \
		-o -path /var/lib/dpkg -o -path /var/lib/apt/extended_states -o -path /var/cache -o -path /var/log -o -path /var/tmp \
		-o -path '/var/lib/dkms/mok.*' \
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

# http_get PATH: ask the exporter; /tmp/answer has what it sends.
http_get() {
	exec 3<>/dev/tcp/127.0.0.1/9963
	printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3
	cat <&3 >/tmp/answer
}

metrics() {
	wait_for "the exporter" exporter_listens
	http_get /metrics
	expect_line /tmp/answer '^l2pc_up 1$'
	expect_line /tmp/answer "^l2pc_device_receive_packets_total\{device=\"$dev\"\} [1-9]"
}

exporter_listens() { (exec 3<>/dev/tcp/127.0.0.1/9963) 2>/dev/null; }

is_active() { systemctl is-active --quiet "$1"; }
is_inactive() { [ "$(systemctl show -P ActiveState "$1")" = inactive ]; }

# The file has an interface by its alternative name, which udev sets when it appears.
comes_by_another_name() {
	local again
	for again in first again; do
		ip link add late2 type veth peer name late3
		wait_for "l2pc@late2, $again" is_active l2pc@late2.service
		expect_equal "the settings of late2" "$(l2pc -o port late2 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "1 9"
		expect_success "its alternative name" l2pc port uplink-to-the-building
		ip link del late2
		wait_for "the end of l2pc@late2, $again" is_inactive l2pc@late2.service
		expect_failure "l2pc port late2" l2pc port late2
	done
}

# From the next boot on, the file has this interface by its alternative name.
name_another() {
	sed -i "s/^$dev/uplink-of-the-machine/" /etc/l2pc.conf
	expect_line /etc/l2pc.conf '^uplink-of-the-machine reset-interval 0$'
}

# No unit has failed, and no program was killed for a system call that its unit forbids.
no_failed_units() {
	expect_equal "failed units" "$(systemctl list-units --failed --plain --no-legend)" ""
	journalctl -q -b -o cat >/tmp/journal.all
	expect_no_line /tmp/journal.all 'Bad system call|type=1326 '
}

# journal_is_quiet SELECTION...: no line of these about the product is a warning, or reads
# like one. Of any module that is not its own and not signed, the kernel says so.
journal_is_quiet() {
	journalctl -q -o short-monotonic "$@" >/tmp/journal
	{
		journalctl -q -o short-monotonic -p warning "$@" | grep -i -E 'l2p|packet.counter'
		grep -i -E 'l2p|packet.counter' /tmp/journal | grep -i -E 'warn|error|fatal|fail|denied|refused|deprecated|unknown|ignor|cannot|killed'
	} | grep -v -E 'l2packet_counter: (loading out-of-tree module taints kernel|module verification failed)|[Cc]ommand line' >/tmp/findings || :
	expect_empty "odd lines of the journal" /tmp/findings
}

boot_is_quiet() { journal_is_quiet -b 0; }

# What followed the last test of the boot before: a shutdown to its end, with a save. That has
# frames to save, because frames were counted after the last save.
shutdown_is_quiet() {
	journal_is_quiet -b -1 --after-cursor="$(cat $state/cursor)"
	expect_line /tmp/journal 'l2pc-save-shutdown\.service: Deactivated successfully'
	expect_line /tmp/journal 'Reached target reboot\.target'
}

# Record the number of frames. The link stays down, so that no further frame arrives.
note_total() {
	ip link set $dev down
	expect_equal "frames of all time and received" "$(sums all-time $dev)" "$(rx $dev)"
	rx $dev >$state/received
}

# The history includes the frames of this boot and of the one before.
all_time_goes_on() {
	ip link set $dev down
	expect_equal "frames of all time" "$(sums all-time $dev)" $(($(cat $state/received) + $(rx $dev)))
	ip link set $dev up
}

# stages_run: run the stage of this boot, and boot again.
stages_run() {
	local stage machine
	stage=$(sed -n 's/.*l2pc\.stage=\([a-z]*\).*/\1/p' /proc/cmdline)
	machine=$(sed -n 's/.*l2pc\.machine=\([a-z]*\).*/\1/p' /proc/cmdline)
	suite_begin "vm/${machine:+$machine/}$stage" "$(mktemp -d)"
	"stage_$stage"
	journalctl -q -n 0 --show-cursor | sed 's/^-- cursor: //' >$state/cursor
	echo "exit $stage" >&8
	sync
	systemctl reboot
}
