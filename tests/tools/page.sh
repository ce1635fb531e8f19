#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# page.sh [--packages] [SCREENSHOT]: test the page of l2pc export in a headless Chromium,
# without a kernel (see run.sh). Save a picture of the page as SCREENSHOT.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
export TZ=UTC
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/exporter.sh
. "$here/exporter.sh"
case ${1-} in
--packages) ;;
-*) die "unknown option $1" "usage: tests/tools/page.sh [--packages] [SCREENSHOT]" ;;
esac
tools_need
suite_need chromium:chromium chromedriver:chromium-driver
make -s -C "$here" || exit 1

pid=''
cleanup() { [ -z "$pid" ] || { kill "$pid" && wait "$pid"; }; }
export HOME=$scratch L2PC_LATER=$scratch/later L2PC_AWAY=$scratch/away L2PC_WORLD=$scratch/world
unset XDG_CONFIG_HOME
cp -r "$here/root" "$scratch/root"
export L2PC_ROOT=$scratch/root
# With SCREENSHOT, names are ordinary; the test has a name that contains a script.
laptop='<b>laptop</b><script>evil=1</script>'
[ $# = 0 ] || laptop=laptop
cat >"$scratch/root/etc/ethers" <<-ETHERS
	00:1b:21:00:00:01 printer
	00:1b:21:00:00:02 nas
	08:00:20:00:00:03 router
	02:00:00:00:00:04 $laptop
ETHERS

# Readings at intervals of 20 seconds, with varying rates; the last station is new. From the
# second reading on, sent frames are counted as well.
awk 'BEGIN {
	split("00:1b:21:00:00:01 00:1b:21:00:00:02 08:00:20:00:00:03 02:00:00:00:00:04 02:00:00:00:00:05", mac, " ")
	split("300 5200 2100 800 90", rate, " ")
	split("900 2600 4800 100 0", tx_rate, " ")
	for (m = 0; m < 25; m++) {
		if (m) print "then"; else { print "now 10000"; print "wall 1764081600" }
		t = packets = tx_packets = 0
		for (s = 1; s <= 5; s++) {
			count[s] += int(20 * rate[s] * (1 + 0.6 * sin(m / 2 + s)))
			packets += count[s]
			tx_count[s] += m ? int(20 * tx_rate[s] * (1 + 0.6 * cos(m / 2 + s))) : 0
			tx_packets += tx_count[s]
		}
		print "port eth0 ifindex=2 hook=2 state=1 hook-wanted=0 device-type=1 vlan=0 reset-interval=20 max-stations=65536 station-timeout=0 tx=1"
		printf "totals lifetime window-id=%d opened=10 packets=%d bytes=%.0f stations=5 untracked-packets=0 untracked-bytes=0", m + 1, packets, packets * 600
		printf m ? " tx-packets=%d tx-bytes=%.0f tx-untracked-packets=0\n" : "\n", tx_packets, tx_packets * 1100
		for (s = 1; s <= 5; s++) {
			printf "station lifetime %s - %d %.0f %d %d", mac[s], count[s], count[s] * 600, s == 5 ? 9900 : 100 * s, 10000 + 20 * m - s
			printf tx_count[s] ? " %d %.0f\n" : "\n", tx_count[s], tx_count[s] * 1100
		}
	}
}' >"$scratch/world"

# A history of two days: the second reading, a day later, with sent frames; eth1 has none.
L2PC_WORLD=$scratch/world "$here/build/l2pc" save >/dev/null
sed '/^then/,$d; s/^now .*/now 96400/; s/^wall .*/wall 1764168000/; s/ packets=\([0-9]*\)/ packets=9\1/' "$scratch/world" |
	awk '/^station/ { $8 = 96300 } $3 == "00:1b:21:00:00:01" { $5 = 9 $5; $6 = 9 $6; $9 = "40 44000" }
		/^totals/ { $0 = $0 " tx-packets=40 tx-bytes=44000" } { print }
		END {
			print "port eth1 ifindex=3"
			print "totals lifetime window-id=1 opened=10 packets=7 bytes=4200"
			print "station lifetime 00:1b:21:00:00:01 - 7 4200 100 96300"
		}' >"$scratch/world2"
L2PC_WORLD=$scratch/world2 "$here/build/l2pc" save >/dev/null
# The picture has a whole month: days, and then hours, with less at night.
hours() {
	awk 'BEGIN {
		split("00:1b:21:00:00:01 00:1b:21:00:00:02 08:00:20:00:00:03 02:00:00:00:00:04", mac, " ")
		for (hour = 0; hour <= 720; hour += hour < 696 ? 8 : 1) {
			file = sprintf("'"$scratch"'/hour%03d", hour)
			packets = sent = 0
			for (s = 1; s <= 4; s++) {
				count[s] += int((hour < 696 ? 8 : 1) * 1000 * s * (1.6 + sin((hour % 24 - 8) / 3.8) + 0.4 * sin(hour * s)))
				tx[s] = int(count[s] * (5 - s) / 3)
				packets += count[s]
				sent += tx[s]
			}
			printf "now %d\nwall %d\nport eth0 ifindex=2\n", 1000 + hour * 3600, 1764168000 + (hour - 720) * 3600 >file
			printf "totals lifetime window-id=1 opened=10 packets=%d bytes=%.0f tx-packets=%d tx-bytes=%.0f\n", packets,
				packets * 600, sent, sent * 800 >file
			for (s = 1; s <= 4; s++)
				printf "station lifetime %s - %d %.0f 100 %d %d %.0f\n", mac[s], count[s], count[s] * 600,
					999 + hour * 3600, tx[s], tx[s] * 800 >file
			close(file)
		}
	}'
	rm -f "$scratch"/root/var/lib/l2pc/*
	for file in "$scratch"/hour*; do L2PC_WORLD=$file "$here/build/l2pc" save >/dev/null; done
}
[ $# = 0 ] || hours
sed -i 's/^wall .*/wall 1764168010/' "$scratch/world"
exporter_start "$here/build/l2pc" "$scratch/log" || suite_end
rc=0
timeout 300 python3 "$here/page.py" "$address" "$L2PC_AWAY" "$L2PC_LATER" "${1:-$scratch/screenshot.png}" \
	>"$scratch/page" 2>&1 || rc=$?
suite_relay "$scratch/page"
[ "$rc" = 0 ] || suite_failed || fail page.py "status 0" "$rc" "$scratch/page"
suite_end
