#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# takes: 75 s
# kernels: 6.12-generic
# because: needs the module mac80211_hwsim
# lab: --cpus 2 --mem 2048 --timeout 900
# lab: --bring "mac80211_hwsim mac80211 cfg80211 ccm ctr gcm cmac arc4 libarc4"
# An access point: frames that arrive at its interface, and frames that the radio's driver
# forwards between two stations. lab/wifi.sh provides hostapd and iw.
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/l2pc.sh
. /l2pc/tests/lib/guest/path.sh

# wlan0 belongs to the access point, wlan1 and wlan2 belong to the stations.
ap=020000000000 sta1=020000000100 sta2=020000000200

hostapd() { LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/hostapd "$@"; }
iw() { LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/iw "$@"; }
at() { ip netns exec "$@"; }

setup() {
	local n
	expect_present /opt/wifi/hostapd
	messages_begin
	captures=()
	modprobe mac80211_hwsim radios=3
	for n in 0 1 2; do wait_for "wlan$n" test -e /sys/class/net/wlan$n; done
	for n in 1 2; do
		ip netns add sta$n
		iw phy "$(cat /sys/class/net/wlan$n/phy80211/name)" set netns name sta$n
		at sta$n sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
	done
	ip link set wlan0 addrgenmode none
}

teardown() {
	[ ! -e /tmp/hostapd.pid ] || kill "$(cat /tmp/hostapd.pid)"
	path_teardown
	ip netns del sta1
	ip netns del sta2
	for ((i = 0; i < 50; i++)); do ! modprobe -r mac80211_hwsim || break; sleep 0.1; done
} 2>/dev/null

# access_point LINE...: starts hostapd, with these lines in its configuration.
access_point() {
	printf '%s\n' interface=wlan0 driver=nl80211 ssid=lab hw_mode=g channel=1 "$@" >/tmp/hostapd.conf
	hostapd -B -P /tmp/hostapd.pid /tmp/hostapd.conf
}

# join N: connects a station to the access point.
join() {
	ip -n "sta$1" link set "wlan$1" up
	wait_for "station $1" joined "$1"
}
joined() {
	case $(at "sta$1" env LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/iw dev "wlan$1" link) in
	*Connected*) return ;;
	esac
	at "sta$1" env LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/iw dev "wlan$1" connect lab || :
	sleep 0.5
	return 1
} 2>/dev/null

# station_traffic: station 1 sends 100 frames to station 2 and 50 to the access point.
station_traffic() {
	at sta1 replay wlan1 - >/dev/null <<-FRAMES
		$sta2 $sta1 88b5 x100
		$ap $sta1 88b5 x50
	FRAMES
}

# isolated AP_ISOLATE FRAMES: asserts that FRAMES of the station's traffic are counted.
isolated() {
	access_point "ap_isolate=$1"
	join 1
	join 2
	load interface=wlan0 vlan=1 reset_interval=0
	about="ap_isolate=$1"
	capture wlan0
	station_traffic
	expect_captured
	expect_equal "frames of station 1" "$(count_of 02:00:00:00:01:00)" "$2"
	station_traffic &
	rmmod l2packet_counter
	wait
}

# The driver itself forwards frames between stations: they do not arrive at an interface.
test_station_to_station() { isolated 0 50; }
test_station_to_station_isolated() { isolated 1 150; }

# A station with four-address frames, which may be a bridge, has a separate interface.
test_four_addresses() {
	access_point wds_sta=1
	ip -n sta1 link set wlan1 down
	at sta1 env LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/iw dev wlan1 set 4addr on
	join 1
	station_traffic
	wait_for "the station's interface" test -e /sys/class/net/wlan0.sta1
	ip link set wlan0.sta1 up addrgenmode none
	load interface=wlan0,wlan0.sta1 vlan=1 reset_interval=0
	about="4 addresses"
	capture wlan0.sta1
	station_traffic
	expect_captured
	expect_equal "on the station's interface" "$(frames_of wlan0.sta1)" 150
	expect_equal "on the access point's interface" "$(frames_of wlan0)" 0
}

# Frames sent to the stations, and those that the driver forwards from one to the other.
test_sent_to_stations() {
	local was
	access_point ap_isolate=0
	join 1
	join 2
	load interface=wlan0 tx=1 reset_interval=0
	was=$(sent_by wlan0)
	replay wlan0 - >/dev/null <<-FRAMES
		$sta1 $ap 88b5 x70
		$sta2 $ap 88b5 x30
	FRAMES
	station_traffic
	quiet
	expect_equal "stations" "$(portnl stations window wlan0)" "02:00:00:00:01:00 - 50 3000 70 4200
02:00:00:00:02:00 - 0 0 130 7800"
	expect_equal "frames that the interface sent" $(($(sent_by wlan0) - was)) 200
	expect_equal "frames that station 2 received" "$(at sta2 cat /sys/class/net/wlan2/statistics/rx_packets)" 130
}
sent_by() { cat "/sys/class/net/$1/statistics/tx_packets"; }

# client N FILE: prints a counter of a station's own interface.
client() { at "sta$1" cat "/sys/class/net/wlan$1/statistics/$2"; }

# Both stations send and receive at the same time. What is counted for each is what its own
# interface has sent and received, and all of that is what the access point's interface has.
test_both_directions_of_two_stations() {
	local n sent=() received=() rows='' was
	access_point ap_isolate=1
	join 1
	join 2
	load interface=wlan0 tx=1 reset_interval=0
	quiet
	for n in 1 2; do sent[n]=$(client $n tx_packets) received[n]=$(client $n rx_packets); done
	was="$(received wlan0) $(sent_by wlan0)"
	at sta1 replay wlan1 - >/dev/null <<<"$ap $sta1 88b5 x700" &
	at sta2 replay wlan2 - >/dev/null <<<"$ap $sta2 88b5 x300" &
	replay wlan0 - >/dev/null <<-FRAMES
		$sta1 $ap 88b5 x400
		$sta2 $ap 88b5 x500
	FRAMES
	wait
	all_received() { [ $(($(client 1 rx_packets) + $(client 2 rx_packets) - received[1] - received[2])) -ge 900 ]; }
	wait_for "the stations to receive" all_received
	quiet
	for n in 1 2; do
		sent[n]=$(($(client $n tx_packets) - sent[n])) received[n]=$(($(client $n rx_packets) - received[n]))
		rows+="02:00:00:00:0$n:00 - ${sent[n]} $((60 * sent[n])) ${received[n]} $((60 * received[n]))"$'\n'
	done
	expect_equal "frames of the stations" "${sent[*]} ${received[*]}" "700 300 400 500"
	expect_equal "stations" "$(portnl stations window wlan0)"$'\n' "$rows"
	expect_equal "frames of the access point's interface" \
		"$(($(received wlan0) - ${was% *})) $(($(sent_by wlan0) - ${was#* }))" "1000 900"
}

# A monitor interface is not an Ethernet device. The port stays, and counts again when the
# interface becomes an Ethernet device again.
test_becomes_a_monitor() {
	local before
	access_point ap_isolate=1
	join 1
	load interface=wlan0 vlan=1 reset_interval=0
	station_traffic
	quiet
	expect_equal "as an access point" "$(frames_of wlan0)" 150
	kill "$(cat /tmp/hostapd.pid)"
	wait_for "hostapd's end" test ! -e /tmp/hostapd.pid
	expect_equal "the state" "$(port_value state wlan0)" counting
	ip link set wlan0 down
	iw dev wlan0 set type monitor
	ip link set wlan0 up
	expect_equal "the state" "$(port_value state wlan0) $(port_value device_type wlan0)" "unsupported 803"
	expect_message 'interface wlan0: not an Ethernet device (its ARPHRD type is 803, Ethernet is 1)'
	expect_equal "the hook" "$(port_value hook wlan0)" none
	# Frames arrive at the monitor interface: probe requests of the station's scan.
	before=$(received wlan0)
	at sta1 env LD_LIBRARY_PATH=/opt/wifi/lib /opt/wifi/iw dev wlan1 scan >/dev/null 2>&1 || :
	expect_number "frames of the monitor" "$(received wlan0)" -gt "$before"
	expect_equal "as a monitor" "$(frames_of wlan0)" 150
	ip link set wlan0 down
	iw dev wlan0 set type managed
	ip link set wlan0 up
	expect_equal "the state" "$(port_value state wlan0) $(port_value device_type wlan0)" "counting 1"
	ip link set wlan0 down
	access_point ap_isolate=1
	join 1
	station_traffic
	quiet
	expect_equal "as an access point again" "$(frames_of wlan0)" 300
}

# A pattern takes an interface that becomes an Ethernet device while it is down, of which
# mac80211 sends no event.
test_pattern_and_a_monitor() {
	ip link set wlan0 down
	iw dev wlan0 set type monitor
	load interface='wlan*' reset_interval=0
	expect_equal "ports while it is a monitor" "$(portctl ports | grep -c '^wlan0 ')" 0
	iw dev wlan0 set type managed
	expect_equal "ports while it is down" "$(portctl ports | grep -c '^wlan0 ')" 0
	ip link set wlan0 up
	expect_equal "ports when it is up" "$(portctl ports | grep -c '^wlan0 ')" 1
	ip link set wlan0 down
}

# The radio moves to another namespace: the port loses its device, as with any other device.
test_radio_moves() {
	load interface=wlan0 reset_interval=0
	iw phy "$(cat /sys/class/net/wlan0/phy80211/name)" set netns name sta1
	expect_equal "the state" "$(port_value state wlan0)" no-device
}
