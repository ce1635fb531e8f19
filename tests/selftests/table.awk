# SPDX-License-Identifier: GPL-2.0
# usage: awk [-v format=markdown] -v ways="without module run" -f table.awk TESTS RESULTS
# TESTS has a line for each test: file, minimum number of interfaces that the module counts, part.
# RESULTS is the output of results.awk. The last attempt of a test counts. Prints a line for each
# test, and each sub-test of any attempt that has not passed with the same result in all ways.
# Status 1 when a test is not equal, did not run, did not pass, or was not counted. A test of the
# part "try" need not pass without counting.
BEGIN {
	FS = "\t"
	way_count = split(ways, way, " ")
	for (i = 1; i <= way_count; i++) uses[way[i]] = 1
}

FILENAME == ARGV[1] { split($0, words, " "); tests[++count] = words[1]; least[words[1]] = words[2]; try[words[1]] = words[3] == "try"; next }
$4 > attempts[$2] { attempts[$2] = $4 }
$1 == "sub" {
	if (!(($2, $4, $5) in known)) { known[$2, $4, $5] = 1; names[$2, $4, ++subs[$2, $4]] = $5 }
	status[$2, $3, $4, $5] = $6
	number[$2, $3, $4, $6]++
}
$1 == "exit" { exits[$2, $3, $4] = $5 }
$1 == "ports" { ports[$2, $3, $4] += $5; frames[$2, $3, $4] += $6 + $7 }
$1 == "refused" { wrong[$2, $4] = wrong[$2, $4] sprintf("  %s: %s in %s is not counted: %s\n", $3, $6, $5, $7) }
$1 == "missed" { wrong[$2, $4] = wrong[$2, $4] sprintf("  %s: %d interfaces of %s are not counted\n", $3, $6, $5) }
$1 == "failed" { wrong[$2, $4] = wrong[$2, $4] sprintf("  %s: %s: %s\n", $3, $5, $6) }
# Many tests leave interfaces. Report them only if they differ from those without the module.
$1 == "left" { what[$2, $3, $4] = what[$2, $3, $4] sprintf("  %s: it has left %s\n", $3, $5); left[$2, $3, $4] = left[$2, $3, $4] $5 "\n" }
$1 == "lacks" && !said[$2, $5]++ { remarks[$2] = remarks[$2] sprintf("  the guest has no %s\n", $5) }

function summary(test, side, at, text, i, words) {
	if (!((test, side, at) in exits)) return "did not run"
	text = ""
	split("OK FAIL SKIP XFAIL ?", words, " ")
	for (i = 1; i <= 5; i++)
		if (number[test, side, at, words[i]]) text = text (text ? ", " : "") number[test, side, at, words[i]] " " words[i]
	if (!text) text = "no sub-test"
	if (exits[test, side, at] == 124 || exits[test, side, at] == 137) return text ", timeout"
	return exits[test, side, at] ? text ", exit " exits[test, side, at] : text
}

# equal TEST ATTEMPT NAME: the sub-test has the same result in all ways.
function equal(test, at, name, i) {
	for (i = 2; i <= way_count; i++)
		if (status[test, way[i], at, name] != status[test, way[1], at, name]) return 0
	return 1
}

function failed(test, side, at) {
	return exits[test, side, at] || !number[test, side, at, "OK"] || number[test, side, at, "FAIL"] || number[test, side, at, "?"]
}

# verdict TEST ATTEMPT: return what is wrong, or the empty string.
function verdict(test, at, i) {
	# guest.sh does not go on then.
	if (((test, "without", at) in exits) && !((test, way[2], at) in exits) && failed(test, "without", at)) return "NOT PASSED"
	for (i = 1; i <= way_count; i++)
		if (!((test, way[i], at) in exits)) return "did not run"
	for (i = 2; i <= way_count; i++)
		if (exits[test, way[i], at] != exits[test, way[1], at]) return "NOT EQUAL"
	for (i = 1; i <= subs[test, at]; i++)
		if (!equal(test, at, names[test, at, i])) return "NOT EQUAL"
	if (failed(test, way[1], at)) return "equal, NOT PASSED"
	# l2pc run counts from some tenths of a second after a device appears: a test may be shorter.
	if (uses["module"] && (ports[test, "module", at] < least[test] || !frames[test, "module", at])) return "equal, NOT COUNTED"
	return wrong[test, at] == "" ? "" : "equal, NOT COUNTED"
}

function cell(text) { return text == "" ? "-" : text }
function shown(side) { return side == "run" ? "l2pc run" : side }

# row FIRST ...: print the cells, of a table's row or aligned.
function row(md, cells, n, i, line) {
	if (md) {
		for (i = 1; i <= n; i++) line = line "| " cells[i] " "
		print line "|"
		return
	}
	line = sprintf("%-44s", cells[1])
	for (i = 2; i <= n; i++) line = line sprintf(" %-22s", cells[i])
	sub(/ +$/, "", line)
	print line
}

# details TEST ATTEMPT: print the sub-tests that are not well.
function details(md, test, at, i, j, k, name) {
	for (i = 1; i <= subs[test, at]; i++) {
		name = names[test, at, i]
		if (equal(test, at, name) && status[test, way[1], at, name] ~ /^(OK|SKIP|XFAIL)$/) continue
		split("", cells)
		cells[1] = md ? test : "  " name
		k = 1
		if (md) cells[++k] = name
		if (md) cells[++k] = at
		for (j = 1; j <= way_count; j++) cells[++k] = cell(status[test, way[j], at, name])
		if (!md) cells[++k] = "attempt " at (equal(test, at, name) ? "" : " NOT EQUAL")
		row(md, cells, k)
	}
}

END {
	md = format == "markdown"
	cells[n = 1] = "test"
	for (i = 1; i <= way_count; i++) cells[++n] = shown(way[i])
	cells[++n] = "equal"
	for (i = 1; i <= way_count; i++) if (way[i] != "without") cells[++n] = "frames seen, " shown(way[i])
	row(md, cells, n)
	if (md) {
		for (i = 1; i <= n; i++) cells[i] = "---"
		row(md, cells, n)
	}
	for (t = 1; t <= count; t++) {
		test = tests[t]
		last = attempts[test]
		why = verdict(test, last)
		if (why == "") { well++; total += subs[test, last]; if (last > 1) again++ }
		else if (try[test] && why ~ /NOT (PASSED|COUNTED)/) { unfit++; why = why ~ /PASSED/ ? "fails without counting" : "nothing to count" }
		split("", cells)
		cells[n = 1] = test
		for (i = 1; i <= way_count; i++) cells[++n] = summary(test, way[i], last)
		cells[++n] = why != "" ? why : last > 1 ? "yes, attempt " last : "yes"
		for (i = 1; i <= way_count; i++) if (way[i] != "without") {
			cells[++n] = cell(frames[test, way[i], last])
			if (why != "") continue
			if (frames[test, way[i], last]) counted[i]++
			sum[i] += frames[test, way[i], last]
			sum_ports[i] += ports[test, way[i], last]
		}
		row(md, cells, n)
		if (md) continue
		for (at = 1; at <= last; at++) details(0, test, at)
		if (uses["module"] && ports[test, "module", last] < least[test])
			printf "  module: %d interfaces were counted, at least %d there are\n", ports[test, "module", last], least[test]
		for (i = 1; i <= way_count; i++)
			if (left[test, way[i], last] != left[test, way[1], last]) printf "%s", what[test, way[i], last] == "" ? sprintf("  %s: it has left nothing\n", way[i]) : what[test, way[i], last]
		printf "%s%s", wrong[test, last], remarks[test]
	}
	if (md) {
		print ""
		for (t = 1; t <= count; t++)
			for (at = 1; at <= attempts[tests[t]]; at++) {
				if (verdict(tests[t], at) == "") continue
				if (!titled++) {
					split("test sub-test attempt", cells, " ")
					n = 3
					for (i = 1; i <= way_count; i++) cells[++n] = shown(way[i])
					row(1, cells, n)
					for (i = 1; i <= n; i++) cells[i] = "---"
					row(1, cells, n)
				}
				details(1, tests[t], at)
			}
		if (titled) print ""
	}
	printf "%d tests, %d well with %d sub-tests", count, well, total
	if (again) printf ", %d of them in a later attempt", again
	if (unfit) printf ", %d no witnesses", unfit
	for (i = 1; i <= way_count; i++) if (way[i] != "without")
		printf "; %s: %d interfaces, %d frames in %d tests", shown(way[i]), sum_ports[i], sum[i], counted[i]
	print well + unfit == count ? "" : ": NOT ALL EQUAL"
	exit well + unfit != count
}
