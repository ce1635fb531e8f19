#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is done and looked at in one boot of the guest of tests/packaging/vm.sh. The
# kernel command line says which stage it is; what the next one has to know is in
# $state. Results go to the host by a port of their own. `stage.sh listing` prints what
# is on the disk.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

here=$(dirname "$0")
state=/var/tmp/l2pc-test
dev=enp0s5
gateway=10.0.2.2 gateway_mac=52:55:0a:00:02:02
packages=(l2packet-counter-dkms l2pc prometheus-l2pc-exporter)

# listing: every file with its type and target, and users and groups. Not what this
# test, mkfs, dpkg, dbus, the journal and systemd make for themselves, nor the kernels, depmod's
# indexes, and DKMS's key.
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

# check NAME COMMAND...: a result.
check() {
	local name=$1 said
	shift
	echo "# $stage/$name"
	# Not as a condition: -e would not hold there.
	said=$(set -eu && "$@" 2>&1)
	# shellcheck disable=SC2181
	if [ $? = 0 ]; then
		echo "PASS $stage/$name" >&8
	else
		echo "FAIL $stage/$name: $(tail -n 1 <<<"$said")" >&8
		echo "$said"
	fi
}

# wait_for WHAT COMMAND...: for a quarter of an hour.
wait_for() {
	local what=$1 i
	shift
	for ((i = 0; i < 900; i++)); do
		if "$@"; then return; fi
		sleep 1
	done
	echo "waited in vain for: $what"
	false
}

is() { [ "$2" = "$3" ] || { echo "$1: '$2', not '$3'" && false; }; }

# sums VIEW DEV: frames in the total, and those that were skipped, added up.
sums() { l2pc -o show "--$1" "$2" | awk -F'\t' '$1 == "sum" { print $8 + $14 + $15 + $16 }'; }

rx() { cat "/sys/class/net/$1/statistics/rx_packets"; }

from_gateway() { l2pc -o show --lifetime $dev | awk -F'\t' -v mac=$gateway_mac '$1 == "station" && $4 == mac { n += $6 } END { print n + 0 }'; }

# --- what is looked at ----------------------------------------------------------

# The whole of the interface's life was counted: as many frames as the driver received.
all_counted() {
	ip link set $dev down
	is "frames counted and received" "$(sums lifetime $dev)" "$(rx $dev)"
	ip link set $dev up
}

before_login() {
	local counts login
	counts=$(systemctl show -P ActiveEnterTimestampMonotonic "$1")
	login=$(systemctl show -P ActiveEnterTimestampMonotonic systemd-user-sessions.service)
	[ "$counts" -gt 0 ] && [ "$counts" -lt "$login" ] || { echo "counts from $counts, login from $login" && false; }
}

# That the address is there says that networkd has done its work.
network_is_up() { ip -4 addr show dev $dev | grep -q inet; }

hears() {
	local before
	wait_for "an address on $dev" network_is_up
	before=$(from_gateway)
	ping -n -q -c 5 -i 0.2 $gateway
	[ "$(from_gateway)" -ge $((before + 5)) ] || { echo "$(from_gateway) of $gateway, after $before and 5 answers" && false; }
}

metrics() {
	local answer
	wait_for "the exporter" answers
	exec 3<>/dev/tcp/127.0.0.1/9963
	printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3
	answer=$(cat <&3)
	grep -q -x 'l2pc_up 1' <<<"$answer" || { echo "no l2pc_up 1 in: $answer" && false; }
	grep -q "^l2pc_device_receive_packets_total{device=\"$dev\"} [1-9]" <<<"$answer" || { echo "nothing of $dev" && false; }
}

answers() { (exec 3<>/dev/tcp/127.0.0.1/9963) 2>/dev/null; }

exporter_is_nobody() {
	local pid
	pid=$(systemctl show -P MainPID prometheus-l2pc-exporter.service)
	# The range of dynamic users.
	[ "$(stat -c %u "/proc/$pid")" -ge 61184 ] || { echo "user $(stat -c %u "/proc/$pid")" && false; }
	grep -q -x -P 'CapEff:\t0+' "/proc/$pid/status" && grep -q -x -P 'NoNewPrivs:\t1' "/proc/$pid/status" &&
		grep -q -x -P 'Seccomp:\t2' "/proc/$pid/status"
}

is_active() { systemctl is-active --quiet "$1"; }
is_inactive() { [ "$(systemctl show -P ActiveState "$1")" = inactive ]; }

# An interface that the file names, and that comes and goes while the machine runs.
comes_and_goes() {
	ip link add late0 type veth peer name late1
	wait_for "l2pc@late0" is_active l2pc@late0.service
	is "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "1 7"
	sed -i 's/^late0.*/late0 reset-interval 8/' /etc/l2pc.conf
	systemctl reload l2pc@late0.service
	is "the settings of late0" "$(l2pc -o port late0 | awk -F'\t' '$1 == "port" { print $7, $8 }')" "0 8"
	ip link del late0
	wait_for "the end of l2pc@late0" is_inactive l2pc@late0.service
	if l2pc port late0; then echo "late0 is still counted" && false; fi
	is "l2pc@late0 ended" "$(systemctl show -P Result l2pc@late0.service)" success
	# And again.
	ip link add late0 type veth peer name late1
	wait_for "l2pc@late0" is_active l2pc@late0.service
	ip link del late0
	wait_for "the end of l2pc@late0" is_inactive l2pc@late0.service
}

timer_saves() {
	rm -f /var/lib/l2pc/totals
	is_active l2pc-save.timer
	systemctl start l2pc-save.service
	[ -s /var/lib/l2pc/totals ]
}

no_failed_units() { is "failed units" "$(systemctl list-units --failed --plain --no-legend)" ""; }

built_for() {
	modinfo -k "$1" -F filename l2packet_counter | grep -q "/updates/dkms/" &&
		modinfo -k "$1" -F vermagic l2packet_counter | grep "^$1 "
}

# The link stays down: nothing comes after what is noted.
note_total() {
	ip link set $dev down
	is "frames of all time and received" "$(sums all-time $dev)" "$(rx $dev)"
	rx $dev >$state/received
}

# This boot's frames and those of the one before.
all_time_goes_on() {
	ip link set $dev down
	is "frames of all time" "$(sums all-time $dev)" $(($(cat $state/received) + $(rx $dev)))
	ip link set $dev up
}

purged() {
	[ ! -d /sys/module/l2packet_counter ] || { echo "the module is loaded" && false; }
	[ -s /var/lib/l2pc/totals ] || { echo "the totals are gone" && false; }
	rm -r /var/lib/l2pc
	listing | diff $state/before -
}

uninstalled() {
	[ ! -d /sys/module/l2packet_counter ] || { echo "the module is loaded" && false; }
	listing | diff $state/before -
}

service_counts() {
	wait_for l2packet_counter.service is_active l2packet_counter.service
	grep -q -x "Interface: $dev" /proc/l2packet_counter
	wait_for "an address on $dev" network_is_up
	echo 0 >/sys/module/l2packet_counter/parameters/reset_interval
	echo reset >/proc/l2packet_counter
	ping -n -q -c 5 -i 0.2 $gateway
	[ "$(awk -v mac=$gateway_mac '$1 == mac { print $2 }' /proc/l2packet_counter)" -ge 5 ] || { cat /proc/l2packet_counter && false; }
}

# --- the stages -----------------------------------------------------------------

stage_count() {
	check before-login before_login l2pc@$dev.service
	check counts hears
	check from-the-first-frame all_counted
	check metrics metrics
	check exporter-unprivileged exporter_is_nobody
	check comes-and-goes comes_and_goes
	check saves timer_saves
	check no-failed-units no_failed_units
	check upgrade dpkg -i "$here"/kernel/*.deb
	check rebuilt built_for "$(cd /lib/modules && echo 6.12*)"
	check total note_total
}

stage_upgraded() {
	check kernel grep -q '^6\.12' /proc/sys/kernel/osrelease
	check before-login before_login l2pc@$dev.service
	check counts hears
	check all-time all_time_goes_on
	check metrics metrics
	check no-failed-units no_failed_units
	check purge dpkg -P "${packages[@]}"
	check purged purged
	cp -a "$here/src" /var/tmp/l2pc-src
	check install.sh /var/tmp/l2pc-src/install.sh --interface $dev --yes --service
}

stage_script() {
	check counts service_counts
	check no-failed-units no_failed_units
	check uninstall /var/tmp/l2pc-src/install.sh --uninstall
	check uninstalled uninstalled
}

stage=$(sed -n 's/.*l2pc\.stage=\([a-z]*\).*/\1/p' /proc/cmdline)
"stage_$stage"
echo "exit $stage" >&8
sync
systemctl reboot
