# SPDX-License-Identifier: GPL-2.0
# awk -f table.awk LIMITS FIGURES: print FIGURES as one table, then whether LIMITS hold.
# -v name=KERNEL applies the limits of that kernel, -v most="NAME=N ..." changes limits. Exit status 1 when a limit is exceeded, or when a
# figure is impossible.
#
# A figure: part, row, column, number of stations (or devices), value. Values are
# tenths of instructions, thousands of instructions, or bytes.
BEGIN {
	FS = "\t"
	row("plain", "nothing: a frame's way, dummy")
	row("tagged", "nothing, 802.1Q tag")
	row("roomy", "nothing, room for XDP")
	row("cable", "nothing, veth")
	row("sent", "nothing: a sent frame, dummy")
	row("destined", "nothing: sent to many, dummy")
	row("noop", "RX handler that does nothing")
	row("rx_handler", "this module, RX handler")
	row("ready", "  tables that need not grow")
	row("default", "  65536, the default, after a reset")
	row("noop_tap", "packet tap that does nothing")
	row("tap", "this module, tap")
	row("capture", "capture socket, ring, 64 bytes")
	row("rx_handler_vlan", "RX handler, vlan=1, tag")
	row("tap_vlan", "tap, vlan=1, tag")
	row("noop_transmit", "sent: tap that does nothing")
	row("tap_transmit", "sent: this module, tap")
	row("capture_transmit", "sent: capture socket, ring")
	row("noop_egress", "sent: egress hook that does nothing")
	row("off_egress", "sent: this module, tx off")
	row("egress", "sent: this module, tx on")
	row("tap_egress", "sent: the same, and its tap")
	row("nft_egress", "sent: nftables, dynamic set")
	row("tcx_egress", "sent: BPF, tcx, PERCPU_HASH")
	row("nft", "nftables, dynamic set, counter")
	row("run", "l2pc run: BPF, tcx, arena")
	row("run_maps", "l2pc run: BPF, tcx, maps")
	row("tcx", "BPF, tcx, PERCPU_HASH")
	row("tcx_lru", "BPF, tcx, LRU_PERCPU_HASH")
	row("xdp_generic", "BPF, generic XDP, PERCPU_HASH")
	row("xdp_empty", "empty program, native XDP, veth")
	row("xdp", "BPF, native XDP, veth, PERCPU_HASH")
	row("rhashtable", "rhashtable, counters per CPU")
	row("classic", "shared hash, atomics, 2^8 chains")
	row("classic_20", "shared hash, atomics, 2^20 chains")
	row("l2pc", "  l2pc -j show")
	row("dump", "  netlink dump, the kernel's part")
	row("command", "true: a command that does nothing")
}

function row(name, title) {
	names[++rows] = name
	titles[name] = title
}

FILENAME == ARGV[1] {
	sub(/#.*/, "")
	if (/^\[/)
		others = $1 != "[" name "]"
	else if (!others && split($0, word, /[ \t]+/) > 1) {
		if (!(word[1] in limit)) {
			unit[word[1]] = $0
			sub(/^[^ \t]+[ \t]+[^ \t]+[ \t]+/, "", unit[word[1]])
			order[++limits] = word[1]
		}
		limit[word[1]] = word[2]
	}
	next
}

$1 == "kernel" { kernel = $5; next }
$3 == "ready" { value["ready", "first", $4] = $5; shown["ready"] = 1; next }
$1 == "path" {
	if (!(seen[$4]++))
		stations[++counts] = $4
	value[$2, $3, $4] = $5
	# Other programs ran during the measurement without a counter. What costs nothing is
	# measured as up to two instructions less.
	if ($5 < -20)
		impossible = impossible sprintf("%s takes less than nothing at %d stations\n", $2, $4)
	shown[$2] = 1
	if ($3 == "first")
		has_first[$4] = 1
}
$1 == "lost" { losses[++lost] = sprintf("%s: %d of %d frames were not counted", $2, $5, $4); next }
$1 == "read" { value[$2, "read"] = $5; shown[$2] = 1; reads = 1 }
$1 == "memory" { value[$2, $3] = $5 / $4; shown[$2] = 1; memories = 1 }
$1 == "cpus" { read_by[$3] = $5; many = $3 }
$1 == "hold" { held[$2, $3] = $5; holds = 1; if ($5 > worst[$3] && $2 ~ /^(first|second)$/) worst[$3] = $5 }

function cell(text, width) { printf "%*s", width, text == "" ? "-" : text }
function tenths(x) { return x == "" ? "" : sprintf("%.1f", x / 10) }
function million(x) { return x == "" ? "" : sprintf("%.1f", x / 1000) }
function whole(x) { return x == "" ? "" : sprintf("%d", x + (x < 0 ? -0.5 : 0.5)) }
function head(text, width) { printf "%-*s", width, text }

function table(	i, j, name, w, firsts, first) {
	w = 8
	for (j = 1; j <= counts; j++)
		if (has_first[stations[j]])
			first[++firsts] = stations[j]
	printf "instructions added to a frame (of `nothing`: its whole way), kernel %s\n\n", kernel
	head("", 35)
	if (counts) head("  steady, number of stations", w * counts)
	if (firsts) head("  first sight of a station", w * firsts)
	if (reads) head("  read all", 10)
	if (memories) head("  bytes a station", 16)
	if (memories) head("  idle port", 10)
	printf "\n"
	head("", 35)
	for (j = 1; j <= counts; j++)
		cell(stations[j], w)
	for (j = 1; j <= firsts; j++)
		cell(first[j], w)
	if (reads) cell("million", 10)
	if (memories) { cell("1 CPU", 8); cell("more", 8); cell("bytes", 10) }
	printf "\n"
	for (i = 1; i <= rows; i++) {
		name = names[i]
		if (!shown[name])
			continue
		head(titles[name], 35)
		for (j = 1; j <= counts; j++)
			cell(tenths(value[name, "steady", stations[j]]), w)
		for (j = 1; j <= firsts; j++)
			cell(tenths(value[name, "first", first[j]]), w)
		if (reads) cell(million(value[name, "read"]), 10)
		if (memories) {
			cell(whole(value[name, "station"]), 8)
			cell(whole(value[name, "cpu"]), 8)
			cell(whole(value[name, "idle"]), 10)
		}
		printf "\n"
	}
	for (i = 1; i <= lost; i++)
		printf "%s%s\n", i == 1 ? "\n" : "", losses[i]
	if (many) {
		printf "\nthe dump of 100,000 stations, million instructions\n"
		printf "  of 1 CPU                              %10.1f\n", read_by[1] / 1000
		printf "  of %d CPUs, the same stations         %10.1f\n", many, read_by[many] / 1000
	}
	if (holds) {
		printf "\na reset of 300,000 stations, instructions\n"
		printf "  a frame waits at most                %10d   without a reset %d\n", worst["late"], held["idle", "late"]
		printf "  while they are read it waits at most %10d\n", held["reading", "late"]
		printf "  a frame takes at most                %10d   without a reset %d\n", worst["frame"], held["idle", "frame"]
		printf "  the write to /proc takes             %10.1f million\n", held["first", "whole"] / 1000
	}
}

# verdict NAME VALUE: print whether a limit holds.
function verdict(name, got) {
	if (got == "") {
		printf "  %-13s %8s   at most %-6s not measured    %s\n", name, "-", limit[name], unit[name]
		return
	}
	printf "  %-13s %8.1f   at most %-6s %-15s %s\n", name, got, limit[name],
		got <= limit[name] ? "holds" : "EXCEEDED", unit[name]
	if (got > limit[name])
		failed = 1
}

function greatest(name, column,	j, max, v) {
	max = ""
	for (j = 1; j <= counts; j++) {
		v = value[name, column, stations[j]]
		if (v != "" && (max == "" || v > max))
			max = v
	}
	return max == "" ? "" : max / 10
}

# mean NAME: average over all numbers of stations, which make no difference.
function mean(name,	j, n, sum, v) {
	for (j = 1; j <= counts; j++) {
		v = value[name, "steady", stations[j]]
		if (v != "") {
			sum += v
			n++
		}
	}
	return n ? sum / n / 10 : ""
}

function one(name, stations,	v) {
	v = value[name, "steady", stations]
	return v == "" ? "" : v / 10
}

END {
	n = split(most, word, " ")
	for (i = 1; i <= n; i++) {
		split(word[i], part, "=")
		if (!(part[1] in limit)) {
			printf "no limit is called %s\n", part[1] >"/dev/stderr"
			exit 2
		}
		limit[part[1]] = part[2]
	}
	if (!counts && !reads && !memories && !holds && !many) {
		print "no figures" >"/dev/stderr"
		exit 2
	}
	table()
	got["steady"] = greatest("rx_handler", "steady")
	got["first"] = greatest("ready", "first")
	got["growing"] = greatest("rx_handler", "first")
	got["steady_1"] = one("rx_handler", 1)
	got["steady_100000"] = one("rx_handler", 100000)
	got["tap"] = greatest("tap", "steady")
	got["tap_1"] = one("tap", 1)
	got["tap_100000"] = one("tap", 100000)
	got["transmit"] = ""
	if (mean("tap_transmit") != "" && mean("noop_transmit") != "")
		got["transmit"] = mean("tap_transmit") - mean("noop_transmit")
	got["tx_off"] = mean("off_egress")
	got["tx"] = greatest("egress", "steady")
	got["run_1"] = one("run", 1)
	got["run_100000"] = one("run", 100000)
	if (value["run", "read"] != "" && value["tcx", "read"])
		got["run_read"] = 100 * value["run", "read"] / value["tcx", "read"]
	got["proc"] = value["rx_handler", "read"] == "" ? "" : value["rx_handler", "read"] / 1000
	got["dump"] = value["dump", "read"] == "" ? "" : value["dump", "read"] / 1000
	got["station"] = value["default", "cpu"]
	if (holds)
		got["reset"] = worst["frame"] - held["idle", "frame"]
	if (holds && held["idle", "late"]) {
		got["reset_wait"] = 100 * worst["late"] / held["idle", "late"]
		got["read_wait"] = 100 * held["reading", "late"] / held["idle", "late"]
	}
	if (many)
		got["cpus"] = 100 * read_by[many] / read_by[1]
	printf "\nlimits\n"
	for (i = 1; i <= limits; i++)
		verdict(order[i], got[order[i]])
	if (impossible) {
		printf "\n%s", impossible
		exit 1
	}
	exit failed
}
