#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What /etc/l2pc.conf means: what l2pc-port asks of l2pc, and which units
# l2pc-generator makes. With stand-ins for l2pc, modprobe and systemctl; needs no rights.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need systemd-escape:systemd awk:mawk

bin=$scratch/bin
export L2PC_CONF=$scratch/l2pc.conf L2PC_PARAMETERS=$scratch/parameters
export NO_FILE=$scratch/no-file NO_MODULE=$scratch/no-module NO_RUN=$scratch/no-run RUNNING=$scratch/running
export L2PC_DEVICES=$scratch/devices CALLS=$scratch/calls IP_CALLS=$scratch/ip-calls COUNTED=$scratch/counted L2PC_PORT=$top/packaging/systemd/l2pc-port
mkdir -p "$bin" "$L2PC_PARAMETERS" "$L2PC_DEVICES"/{lo,eth0/mtu,wlan-a,.hidden}
cat >"$bin/l2pc" <<'FAKE'
#!/bin/sh
# Notes what it is asked to do; knows the ports in $COUNTED.
case "$1 $2" in
--engine=bpf*)
	[ "$2 $3" != '-o port' ] || exec grep -q -x -F -- "$4" "$COUNTED"
	;;
'-o port') exec grep -q -x -F -- "$3" "$COUNTED" ;;
esac
echo "l2pc $*" >>"$CALLS"
FAKE
cat >"$bin/modprobe" <<'FAKE'
#!/bin/sh
case $1 in
-n) [ ! -e "$NO_FILE" ] && exit || exit 1 ;;
esac
echo "modprobe $*" >>"$CALLS"
[ ! -e "$NO_MODULE" ]
FAKE
cat >"$bin/sleep" <<'FAKE'
#!/bin/sh
# Notes that it was called, and takes $SLOW tenths of a second. The third time, udev has
# finished with eth0.
echo "sleep $*" >>"$CALLS"
awk -v slow="${SLOW:-1}" '{ printf "%.1f 0.00\n", $1 + slow / 10 }' "$L2PC_UPTIME" >"$L2PC_UPTIME.new" && mv "$L2PC_UPTIME.new" "$L2PC_UPTIME"
[ "$(grep -c '^sleep' "$CALLS")" != 3 ] || touch "$L2PC_UDEV/data/n2"
FAKE
cat >"$bin/systemctl" <<'FAKE'
#!/bin/sh
# l2pc-run.service is active when $RUNNING exists, and starts unless $NO_RUN exists.
case $* in
'is-active --quiet l2pc-run.service') [ -e "$RUNNING" ] && exit || exit 3 ;;
esac
echo "systemctl $*" >>"$CALLS"
[ "$*" = 'start l2pc-run.service' ] && [ ! -e "$NO_RUN" ] && touch "$RUNNING"
FAKE
# uplink-to-the-building and enp3s0 are alternative names of eth7, whose index is 7.
cat >"$bin/ip" <<'FAKE'
#!/bin/sh
echo "ip $*" >>"$IP_CALLS"
case $* in
'-o link show dev eth7')
	echo '7: eth7@if8: <BROADCAST> mtu 1500 qdisc noop state DOWN\    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff\    altname enp3s0'
	;;
'-o link show dev eth0')
	echo '2: eth0: <BROADCAST> mtu 1500 qdisc noop state DOWN\    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff'
	;;
'-o link show dev uplink-to-the-building' | '-o link show dev enp3s0')
	echo '7: eth7@if8: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff'
	;;
*) echo 'Device does not exist.' >&2 && exit 1 ;;
esac
FAKE
chmod +x "$bin"/*
PATH=$bin:$PATH
for pair in hook=tap vlan=N reset_interval=20 max_stations=65536 station_timeout=0 tx=N; do
	echo "${pair#*=}" >"$L2PC_PARAMETERS/${pair%%=*}"
done
cr=$'\r'
long=$(printf '%0300d' 0)
cat >"$L2PC_CONF" <<CONF
# a comment
.hidden
..
eth0/mtu
$long
eth0
  eth1	vlan on  reset_interval 0 # and why

wlan-a hook ingress
eth0.5
odd vlan o?
*
tap*  keep 600
vm[0-9]? # and no settings
a\*b
twice
twice vlan on
10
1e1 vlan on
dos vlan on$cr
$cr
CONF

# asked WORD...: what l2pc-port said and did; a failure is a line of its own.
asked() {
	: >"$CALLS"
	"$L2PC_PORT" "$@" >"$scratch/said" 2>&1 || echo "status $?" >>"$scratch/said"
	cat "$scratch/said" "$CALLS"
}

# run_default NAME: a default of l2pc run's ports.
run_default() { sed -n "s/^#define RUN_$1[^0-9]*\([0-9]*\)U$/\1/p" "$top/tools/run/list.h"; }

# What a shell would make of the patterns.
mkdir "$scratch/files"
cd "$scratch/files" || exit 2
touch tap0 tapfile vm12 'a*b' on

: >"$COUNTED"
asked list | expect_output list "$long"$'\neth0\neth1\nwlan-a\neth0.5\nodd\ntwice\ntwice\n10\n1e1\ndos'
asked start eth0 | expect_output start $'modprobe l2packet_counter interface=none\nl2pc add eth0'
asked start eth1 | expect_output start-settings $'modprobe l2packet_counter interface=none\nl2pc add eth1 vlan on reset-interval 0'
asked start '*' | expect_output start-no-glob $'modprobe l2packet_counter interface=none\nl2pc add *'
asked start odd | expect_output start-no-files $'modprobe l2packet_counter interface=none\nl2pc add odd vlan o?'
asked start 'tap*' | expect_output start-pattern $'modprobe l2packet_counter interface=none\nl2pc add tap* keep 600'
asked start 'vm[0-9]?' | expect_output start-class $'modprobe l2packet_counter interface=none\nl2pc add vm[0-9]?'
asked start 'a\*b' | expect_output start-backslash $'modprobe l2packet_counter interface=none\nl2pc add a\\*b'
asked start 'tap?' | expect_output start-other-pattern "$L2PC_CONF does not name tap?"$'\nstatus 1'
asked stop 'tap*' | expect_output stop-pattern-not-there ''
asked start eth9 | expect_output start-unnamed "$L2PC_CONF does not name eth9"$'\nstatus 1'
asked start twice | expect_output start-twice "$L2PC_CONF names twice twice"$'\nstatus 1'
asked start 10 | expect_output start-number $'modprobe l2packet_counter interface=none\nl2pc add 10'
asked start dos | expect_output start-dos $'modprobe l2packet_counter interface=none\nl2pc add dos vlan on'
asked start wlan-a | expect_output start-hook-2.0 $'modprobe l2packet_counter interface=none\nl2pc add wlan-a hook ingress'
asked stop eth0 | expect_output stop-not-counted ''
printf '%s\n' eth0 eth1 'tap*' 'vm[0-9]?' >"$COUNTED"
asked start eth1 | expect_output start-counted "modprobe l2packet_counter interface=none
l2pc set eth1 vlan on reset-interval 0 hook tap max-stations 65536 station-timeout 0 tx off"
asked reload eth0 | expect_output reload \
	"l2pc set eth0 hook tap vlan off reset-interval 20 max-stations 65536 station-timeout 0 tx off"
echo Y >"$L2PC_PARAMETERS/vlan"
asked reload eth0 | expect_output reload-vlan \
	"l2pc set eth0 hook tap vlan on reset-interval 20 max-stations 65536 station-timeout 0 tx off"
rm "$L2PC_PARAMETERS/tx"
asked reload eth0 | expect_output reload-before-2.2 \
	"l2pc set eth0 hook tap vlan on reset-interval 20 max-stations 65536 station-timeout 0"
# A pattern cannot be changed.
asked start 'tap*' | expect_output start-pattern-there $'modprobe l2packet_counter interface=none\nl2pc save\nl2pc del tap*\nl2pc add tap* keep 600'
asked reload 'vm[0-9]?' | expect_output reload-pattern $'l2pc save\nl2pc del vm[0-9]?\nl2pc add vm[0-9]?'
asked stop 'tap*' | expect_output stop-pattern $'l2pc save\nl2pc del tap*'
asked stop eth0 | expect_output stop $'l2pc save\nl2pc del eth0'

# Where the module cannot be loaded, l2pc run counts.
touch "$NO_MODULE" "$NO_RUN"
: >"$COUNTED"
run='modprobe l2packet_counter interface=none
systemctl start l2pc-run.service'
said='the module cannot be loaded: l2pc run counts (l2pc-run.service)'
asked start eth1 | expect_output run-refused "$said
neither the module nor l2pc run can count here (see: l2pc doctor, journalctl -u l2pc-run)
status 1
$run"
# The module is not asked for where it is not installed: modprobe would call that fatal.
touch "$NO_FILE"
asked start eth1 | expect_output run-no-file "the module is not installed for Linux $(uname -r): l2pc run counts (l2pc-run.service)
neither the module nor l2pc run can count here (see: l2pc doctor, journalctl -u l2pc-run)
status 1
systemctl start l2pc-run.service"
rm "$NO_RUN" "$NO_FILE"
asked start eth1 | expect_output run-start "$said
$run
l2pc --engine=bpf add eth1 vlan on reset-interval 0"
# It has all ports from then on, also when the module could be loaded.
rm "$NO_MODULE"
asked start wlan-a | expect_output run-next 'l2pc --engine=bpf add wlan-a hook ingress'
printf '%s\n' eth0 eth1 >"$COUNTED"
asked reload eth1 | expect_output run-reload \
	"l2pc --engine=bpf set eth1 vlan on reset-interval 0 hook tap max-stations 65536 station-timeout 0 tx off"
asked reload eth0 | expect_output run-defaults \
	"l2pc --engine=bpf set eth0 hook tap vlan off reset-interval $(run_default RESET_INTERVAL) max-stations $(run_default MAX_STATIONS) station-timeout 0 tx off"
asked stop eth1 | expect_output run-stop $'l2pc --engine=bpf save\nl2pc --engine=bpf del eth1'
: >"$COUNTED"
asked stop eth1 | expect_output run-stop-not-counted ''
rm "$RUNNING"
asked start eth1 | expect_output run-ended $'modprobe l2packet_counter interface=none\nl2pc add eth1 vlan on reset-interval 0'

# systemd-escape has its own message for what cannot be a name.
"$top/packaging/systemd/l2pc-generator" "$scratch/units" >"$scratch/said" 2>/dev/null || echo "status $?" >>"$scratch/said"
{ cat "$scratch/said" && cd "$scratch/units" && find . -type l -printf '%P\n' | sort; } | expect_output generator \
	'sys-subsystem-net-devices-10.device.wants/l2pc@10.service
sys-subsystem-net-devices-1e1.device.wants/l2pc@1e1.service
sys-subsystem-net-devices-dos.device.wants/l2pc@dos.service
sys-subsystem-net-devices-eth0.5.device.wants/l2pc@eth0.5.service
sys-subsystem-net-devices-eth0.device.wants/l2pc@eth0.service
sys-subsystem-net-devices-eth1.device.wants/l2pc@eth1.service
sys-subsystem-net-devices-odd.device.wants/l2pc@odd.service
sys-subsystem-net-devices-twice.device.wants/l2pc@twice.service
sys-subsystem-net-devices-wlan\x2da.device.wants/l2pc@wlan\x2da.service'
cd "$top" || exit 2
asked boot | expect_output boot $'systemctl start l2pc@eth0.service\nsystemctl start l2pc@wlan\\x2da.service
systemctl start l2pc-pattern@\\x2a.service\nsystemctl start l2pc-pattern@tap\\x2a.service
systemctl start l2pc-pattern@vm\\x5b0\\x2d9\\x5d\\x3f.service\nsystemctl start l2pc-pattern@a\\x5c\\x2ab.service'

# The network waits for l2pc-boot, so that waits for udev no longer than it has to: for the
# interfaces of the file, and five seconds.
export L2PC_UDEV=$scratch/udev L2PC_UPTIME=$scratch/uptime
echo '7.0 0.00' >"$L2PC_UPTIME"
mkdir -p "$L2PC_UDEV/data" "$scratch/before"
# waited: how often boot waited, and what it started.
waited() {
	# A whole second, from which five are 50 calls.
	echo '7.0 0.00' >"$L2PC_UPTIME"
	asked boot | awk '/^sleep/ { n++; next } { print } END { print n + 0 }'
}
echo 2 >"$L2PC_DEVICES/eth0/ifindex"
mv "$L2PC_CONF" "$scratch/before/"
echo eth0 >"$L2PC_CONF"
waited | expect_output udev-idle $'systemctl start l2pc@eth0.service\n0'
touch "$L2PC_UDEV/queue"
waited | expect_output udev-busy $'systemctl start l2pc@eth0.service\n3'
waited | expect_output udev-busy-elsewhere $'systemctl start l2pc@eth0.service\n0'
printf 'eth0\neth1\n' >"$L2PC_CONF"
waited | expect_output udev-not-there $'systemctl start l2pc@eth0.service\n50'
# Where each look takes a second, there are fewer.
SLOW=10 waited | expect_output udev-slow $'systemctl start l2pc@eth0.service\n5'
printf 'eth*\n' >"$L2PC_CONF"
waited | expect_output udev-pattern $'systemctl start l2pc-pattern@eth\\x2a.service\n50'
for index in 3 4; do touch "$L2PC_UDEV/data/n$index"; done
mkdir -p "$L2PC_DEVICES/eth0"
rmdir "$L2PC_DEVICES"/eth0/mtu "$L2PC_DEVICES"/.hidden
echo 4 >"$L2PC_DEVICES/wlan-a/ifindex"
waited | expect_output udev-pattern-done $'systemctl start l2pc-pattern@eth\\x2a.service\n0'
mv "$scratch/before/l2pc.conf" "$L2PC_CONF"

# An alternative name stands for the interface's own, at each start.
mkdir "$L2PC_DEVICES/eth7"
echo 7 >"$L2PC_DEVICES/eth7/ifindex"
echo 2 >"$L2PC_DEVICES/eth0/ifindex"
: >"$COUNTED"
printf 'uplink-to-the-building vlan on\neth0\n' >"$L2PC_CONF"
asked list | expect_output altname-list $'eth7\neth0'
asked start eth7 | expect_output altname-start $'modprobe l2packet_counter interface=none\nl2pc add eth7 vlan on'
printf 'enp3s0\neth7 vlan on\n' >"$L2PC_CONF"
asked start eth7 | expect_output altname-twice "$L2PC_CONF names eth7 twice"$'\nstatus 1'
printf 'nosuch vlan on\n' >"$L2PC_CONF"
asked list | expect_output altname-of-nothing nosuch
# udev has set the alternative name of an interface that appeared. By its own name, or by a
# pattern, others start it; one without alternative names costs a single look.
printf 'eth0\nnosuch\neth?\nenp3s0 vlan on\n' >"$L2PC_CONF"
asked found 7 | expect_output found 'systemctl start --no-block l2pc@eth7.service'
: >"$IP_CALLS"
asked found 2 | expect_output found-own-name ''
expect_output found-own-name-cost '1' < <(wc -l <"$IP_CALLS")
asked found 99 | expect_output found-gone ''
printf 'eth0\neth7\nnosuch\neth?\n' >"$L2PC_CONF"
asked found 7 | expect_output found-both-names ''
# The first name begins behind a byte order mark.
printf '\357\273\277eth0 vlan on\n' >"$L2PC_CONF"
asked start eth0 | expect_output mark-start $'modprobe l2packet_counter interface=none\nl2pc add eth0 vlan on'
asked list | expect_output mark-list eth0
# Where nothing can count, the shutdown is silent.
export L2PC_COUNTING="$scratch/module $scratch/run"
asked save | expect_output save-nothing ''
touch "$scratch/run"
asked save | expect_output save-run 'l2pc save'
touch "$scratch/module"
asked save | expect_output save-both 'l2pc save'
rm "$L2PC_CONF"
asked boot | expect_output boot-nothing ''
asked list | expect_output no-file ''
suite_end
