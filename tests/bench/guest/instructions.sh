#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest, under -icount: count the instructions of the packet path and of a read, and
# measure how long a reset delays the packet path. MACS, ROWS and PARTS are in the
# environment. table.awk reads the lines that start with `figure`.
# shellcheck disable=SC2034,SC2154 # what is shared with rows.sh and track.sh
set -eu
. /l2pc/tests/lib/guest/module.sh
. /l2pc/tests/lib/guest/pktgen.sh
. /l2pc/tests/bench/guest/rows.sh
. /l2pc/tests/bench/guest/track.sh

many=100000		# stations that are read
held=300000		# stations that are reset

fail() {
	echo "$*" >&2
	exit 1
}

figure() {
	local IFS=$'\t'
	echo "figure	$*"
}

# tenths FRAMES ROUNDS THOUSANDS: print tenths of instructions per frame.
tenths() { echo $(($3 * 10000 / ($1 * $2))); }

# rounds FRAMES: print how many times to send. The clock has microseconds, so a few frames
# are sent several times. A single frame is too short to be measured anyway.
rounds() { [ "$1" -gt 1 ] && [ "$1" -lt 1000 ] && echo 10 || echo 1; }

# row_up TRACK: set up the track, and send frames: the first run after boot and the first
# one on a new device are slower.
row_up() {
	track_up "$1"
	track_send "$1" 2000 1
}

# row_down ROW: stop counting, and wait until its memory is freed in the background, which
# takes seconds for a map of a million entries. Under -icount an idle VM's clock jumps, so
# the wait costs nothing.
row_down() {
	"$1_off"
	sleep 20
}

# --- the packet path -------------------------------------------------------------

declare -A alone=()

# without TRACK FRAMES MACS: set $base, tenths of instructions per frame without a counter.
# More than 100,000 frames give the same result.
without() {
	local key i sum=0
	if [ "$2" -gt 100000 ]; then set -- "$1" 100000 "$3"; fi
	key="$1 $2 $3"
	if [ -z "${alone[$key]:-}" ]; then
		row_up "$1"
		for ((i = 0; i < $(rounds "$2"); i++)); do
			track_send "$1" "$2" "$3"
			sum=$((sum + spent))
		done
		track_down "$1"
		alone[$key]=$(tenths "$2" "$i" $sum)
	fi
	base=${alone[$key]}
}

# steady_frames ROW STATIONS: print the number of frames: 100,000, or one for each station if
# there are more.
steady_frames() { if [ "$2" -lt 100000 ] || row_idle "$1"; then echo 100000; else echo "$2"; fi; }

# With 256 chains and a million stations, a frame takes 26,000 instructions: an hour in all.
row_skips() { [ "$1" = classic ] && [ "$2" -gt 100000 ]; }

# row_idle ROW: true for a row that counts nothing, and so has no first frames or counts.
row_idle() { case $1 in noop* | capture* | *_transmit | off_egress | xdp_empty) ;; *) false ;; esac; }

# path_first ROW STATIONS: measure frames of new stations only. The row continues to count.
path_first() {
	local row=$1 n=$2 track rounds i sum=0
	track=$(row_track "$row")
	rounds=$(rounds "$n")
	without "$track" "$n" "$n"
	for ((i = 1; ; i++)); do
		"${row}_on" eth0
		track_send "$track" "$n" "$n"
		sum=$((sum + spent))
		[ $i -lt "$rounds" ] || break
		row_down "$row"
	done
	sent=$n
	[ "$n" -lt 100 ] || figure path "$row" first "$n" $(($(tenths "$n" "$rounds" $sum) - base))
}

# module_row ROW: print 1 for this module and l2pc run, whose newest table gets the stations seen again.
module_row() { case $1 in rx_handler* | tap* | egress | run*) echo 1 ;; *) echo 0 ;; esac; }

# path_steady ROW STATIONS: measure frames of known stations only.
path_steady() {
	local row=$1 n=$2 track frames warm
	track=$(row_track "$row")
	frames=$(steady_frames "$row" "$n")
	warm=$((n < 20000 || $(module_row "$row") == 0 ? 20000 : n))
	without "$track" "$frames" "$n"
	# Wait for background work.
	sleep 2
	track_send "$track" $warm "$n"
	sleep 2
	track_send "$track" "$frames" "$n"
	sent=$((sent + warm + frames))
	figure path "$row" steady "$n" $(($(tenths "$frames" 1 "$spent") - base))
}

check_path() {
	row_check "$@"
	[ "$lost" = 0 ] || figure lost "$1" "of" "$3" "$lost"
}

path_row() {
	local row=$1 n=$2 track listed
	track=$(row_track "$row")
	# Measure this first: it uses other devices than the row.
	without "$track" "$n" "$n"
	without "$track" "$(steady_frames "$row" "$n")" "$n"
	figure path "$track" steady "$n" "$base"
	row_up "$track"
	bpf_size "$n"
	sent=0
	if row_idle "$row"; then
		"${row}_on" eth0
	else
		path_first "$row" "$n"
	fi
	path_steady "$row" "$n"
	# Listing many stations takes too long in these rows.
	case $row in nft* | tcx* | xdp* | *egress) listed=10000 ;; *) listed=$n ;; esac
	row_idle "$row" || [ "$n" -gt "$listed" ] || check_path "$row" "$n" $sent
	row_down "$row"
	track_down "$track"
}

# path_ready STATIONS: measure first frames in this module with a table that need not grow.
# A reset leaves a table that is large enough for the known stations; here they are so many
# that the table has the maximum size. Placeholder cells take half of max_stations, and the
# new stations get the other half. The frames are sent with real-time priority, so that the
# module's background work on this only CPU runs afterwards.
path_ready() {
	local n=$1 half=$(($1 / 2)) known=$(($1 * 17 / 20)) module_settings
	module_settings="max_stations=$n"
	without plain $half $half
	row_up plain
	rx_handler_on eth0
	# Put all stations into the largest table: it gets them when they are seen again.
	track_send plain $known $known
	sleep 2
	track_send plain $known $known
	sleep 2
	echo reset >$proc
	sleep 2
	chrt -f -p 1 "$(pgrep -x kpktgend_0)"
	track_send plain $half $half "$(station_address $known)"
	chrt -o -p 0 "$(pgrep -x kpktgend_0)"
	row_check rx_handler $half $half
	row_down rx_handler
	track_down plain
	figure path rx_handler ready "$n" $(($(tenths $half 1 "$spent") - base))
}

path() {
	local row n
	# shellcheck disable=SC2153 # of the environment
	for n in $MACS; do
		for row in $ROWS; do
			if row_skips "$row" "$n"; then continue; fi
			echo "path: $row, $n stations"
			path_row "$row" "$n"
			# With fewer frames, the first one, which wakes the worker, weighs too much.
			if [ "$row" = rx_handler ] && [ "$n" -ge 10000 ]; then path_ready "$n"; fi
		done
	done
}

# --- reading everything once -------------------------------------------------------

# cost ROW COMMAND...: print the thousands of instructions of a whole command.
cost() {
	local row=$1 begin end
	shift
	begin=${EPOCHREALTIME/./}
	"$@" >/dev/null
	end=${EPOCHREALTIME/./}
	figure read "$row" list $many $((end - begin))
}

read_all() {
	local row bytes ns
	cost command /usr/bin/true
	for row in $ROWS; do
		case $row in noop* | *_vlan | tap* | *_transmit | *egress | capture* | xdp* | classic_20) continue ;; esac
		echo "read: $row"
		row_up plain
		bpf_size $many
		"${row}_on" eth0
		track_send plain $((2 * many)) $many
		sleep 2
		cost "$row" "${row}_list"
		if [ "$row" = rx_handler ]; then
			cost l2pc l2pc -j show
			read -r bytes ns < <($kit/bin/nldump)
			[ "$bytes" -gt $((many * 50)) ] || fail "a dump of $bytes bytes only"
			figure read dump list $many $((ns / 1000))
		fi
		check_path "$row" $many $((2 * many))
		row_down "$row"
		track_down plain
	done
}

# --- a reset -----------------------------------------------------------------------

# held_since WHAT: print the maxima of modules/hold.c since the last call.
held_since() {
	local p=/sys/module/hold/parameters
	[ "$(cat $p/frames)" -gt 100 ] || fail "$(cat $p/frames) frames were measured (more than 100 needed)"
	figure hold "$1" late $held "$(cat $p/late)"
	figure hold "$1" frame $held "$(cat $p/frame)"
	for what in late frame frames; do echo 0 >$p/$what; done
}

hold() {
	local begin round
	row_up plain
	rx_handler_on eth0
	track_send plain $held $held
	sleep 2
	track_send plain $held $held
	sleep 2
	insmod $kit/modules/hold.ko stations=$held
	sleep 0.3
	held_since boot
	sleep 3
	held_since idle
	echo "hold: a read"
	cat $proc >/dev/null
	held_since cat
	$kit/bin/nldump >/dev/null
	sleep 0.3
	held_since reading
	for round in first second; do
		echo "hold: $round reset"
		begin=${EPOCHREALTIME/./}
		echo reset >$proc
		figure hold "$round" whole $held $((${EPOCHREALTIME/./} - begin))
		# Wait for the background work.
		sleep 0.3
		held_since "$round"
		track_send plain $held $held
		sleep 0.3
		held_since traffic
	done
	rmmod hold
	row_down rx_handler
	track_down plain
}

# Allow real-time threads all of the CPU time.
echo -1 >/proc/sys/kernel/sched_rt_runtime_us
ROWS=${ROWS:-$rows_all}
figure kernel - - - "$(uname -r)"
for part in $PARTS; do
	case $part in
	path) path ;;
	read) read_all ;;
	hold) hold ;;
	esac
done
