#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, under -icount: send frames of 100 stations, first with pauses, so that
# pmacctd loses none, then without. The instructions of pmacctd's processes are in their
# schedstat. Those of the module are in the packet path, which tests/bench/run.sh measures.
set -eu
. /l2pc/tests/lib/guest/suite.sh
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
kit=/l2pc/kit out=/tmp/pmacctd
stations=100

ip link set lo up
ip link add eth0 type dummy
ip link set eth0 up addrgenmode none

# pmacct: start pmacctd, and wait until its log shows that it counts.
pmacct() {
	rm -rf $out
	mkdir $out
	cat >$out/conf <<-CONFIG
		daemonize: false
		pcap_interface: eth0
		plugins: print[mac]
		aggregate[mac]: src_mac
		print_output[mac]: csv
		print_output_file[mac]: $out/csv
		print_output_file_append[mac]: true
		print_refresh_time[mac]: 1
	CONFIG
	LD_LIBRARY_PATH=$kit/lib $kit/bin/pmacctd -f $out/conf >$out/log 2>&1 &
	first=$!
	wait_for "pmacctd" grep -q 'Purging cache - END' $out/log
}
# ran: print the nanoseconds (thus instructions) that pmacctd's processes have run.
# shellcheck disable=SC2016 # awk's
ran() { pgrep -f pmacctd | sed 's,.*,/proc/&/schedstat,' | xargs awk '{ sum += $1 } END { printf "%d\n", sum }'; }
counted() { awk -F, '/^02:/ { sum += $2 } END { print sum + 0 }' $out/csv 2>/dev/null || echo 0; }
# settled: wait until pmacctd writes no more, and print its count.
settled() {
	local was='' now
	now=$(counted)
	until [ "$was" = "$now" ]; do
		sleep 4
		was=$now
		now=$(counted)
	done
	echo "$now"
}

# try FRAMES DELAY: send frames with DELAY nanoseconds from one to the next.
try() {
	local begin ran rest
	load interface=eth0 reset_interval=0
	pmacct
	sleep 4
	begin=$(ran)
	sleep 8
	rest=$(($(ran) - begin))
	begin=$(ran)
	pktgen_thread 0 eth0 "$1" $stations 02:00:00:00:00:00 "delay $2"
	pktgen_run
	pktgen_clear
	has=$(settled)
	ran=$(($(ran) - begin))
	printf '%7d frames, one each %6d instructions: module %7d, pmacctd %7d\n' "$1" "$2" "$(total)" "$has"
	[ "$has" != "$1" ] || printf 'pmacctd takes %d instructions a frame (in 8 s without a frame %d million)\n' \
		$((ran / $1)) $((rest / 1000000))
	expect_equal "frames of the module" "$(total)" "$1"
	kill $first
	wait $first || :
	unload
}
try 20000 100000
try 200000 0
