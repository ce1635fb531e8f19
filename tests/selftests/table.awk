# SPDX-License-Identifier: GPL-2.0
# usage: awk [-v format=markdown] -f table.awk TESTS WITHOUT WITH
# TESTS has a line for each test: file and minimum number of ports. WITHOUT and WITH are the
# output of results.awk. Prints a line for each test and each sub-test that is not equal; with
# markdown, for all. Status 1 when a test is not equal, did not run, did not pass, or was not
# counted.
BEGIN { FS = "\t" }

FILENAME == ARGV[1] { split($0, words, " "); tests[++count] = words[1]; least[words[1]] = words[2]; next }
{ side = FILENAME == ARGV[2] ? 1 : 2 }
$1 == "sub" {
	if (!(($2, $3) in known)) { known[$2, $3] = 1; names[$2, ++subs[$2]] = $3 }
	status[side, $2, $3] = $4
	number[side, $2, $4]++
	all[side, $2]++
}
$1 == "exit" { exits[side, $2] = $3 }
side == 2 && $1 == "ports" { ports[$2] = $3; gone[$2] = $4; frames[$2] = $5; skipped[$2] = $6 }
# Devices without a wire of their own may be refused: their ports are counted.
side == 2 && $1 == "refused" && $5 != "vrf" && $5 != "ifb" { refused[$2] = refused[$2] sprintf("  not counted: %s in %s (%s): %s\n", $4, $3, $5, $6) }
# Many tests leave interfaces. Report them only if they differ from those without the module.
$1 == "left" { left[side, $2] = left[side, $2] "  " (side == 1 ? "without" : "with") " the module it has left " $3 "\n"; what[side, $2] = what[side, $2] $3 "\n" }
$1 == "watcher" { remarks[$2] = remarks[$2] sprintf("  the counting ended: %s\n", $3) }
$1 == "missing" && !said[$2, $3]++ { remarks[$2] = remarks[$2] sprintf("  the guest has no %s\n", $3) }

function summary(side, test, text, i, words) {
	if (!((side, test) in exits)) return "did not run"
	text = ""
	split("OK FAIL SKIP XFAIL ?", words, " ")
	for (i = 1; i <= 5; i++)
		if (number[side, test, words[i]]) text = text (text ? ", " : "") number[side, test, words[i]] " " words[i]
	if (!text) text = "no sub-test"
	if (exits[side, test] == 124 || exits[side, test] == 137) return text ", timeout"
	return exits[side, test] ? text ", exit " exits[side, test] : text
}
# verdict TEST: return what is wrong, or the empty string.
function verdict(test, i, name) {
	for (side = 1; side <= 2; side++)
		if (!((side, test) in exits)) return "did not run"
	if (exits[1, test] != exits[2, test]) return "NOT EQUAL"
	for (i = 1; i <= subs[test]; i++) {
		name = names[test, i]
		if (status[1, test, name] != status[2, test, name]) return "NOT EQUAL"
	}
	if (exits[1, test] || !number[1, test, "OK"] || number[1, test, "FAIL"] || number[1, test, "?"]) return "equal, NOT PASSED"
	if (ports[test] < least[test] || !frames[test] || refused[test] != "") return "equal, NOT COUNTED"
	return ""
}
function cell(text) { return text == "" ? "-" : text }

END {
	md = format == "markdown"
	if (md) print "| test | without | with | equal | interfaces counted | frames counted |\n| --- | --- | --- | --- | --- | --- |"
	else printf "%-44s %-22s %-22s %-18s %5s %9s\n", "test", "without", "with", "equal", "ports", "frames"
	for (t = 1; t <= count; t++) {
		test = tests[t]
		why = verdict(test)
		if (why != "") bad++
		printf md ? "| %s | %s | %s | %s | %s | %s |\n" : "%-44s %-22s %-22s %-18s %5s %9s\n",
			test, summary(1, test), summary(2, test), why == "" ? "yes" : why, cell(ports[test]), cell(frames[test])
		if (md) continue
		for (i = 1; i <= subs[test]; i++) {
			name = names[test, i]
			a = cell(status[1, test, name])
			b = cell(status[2, test, name])
			if (a != b || a !~ /^(OK|SKIP|XFAIL)$/) printf "  %-60s %-10s %-10s%s\n", name, a, b, a == b ? "" : " NOT EQUAL"
		}
		if (ports[test] != "" && ports[test] < least[test]) printf "  only %d interfaces were counted, at least %d there are\n", ports[test], least[test]
		printf "%s%s%s", refused[test], remarks[test], what[1, test] == what[2, test] ? "" : left[1, test] left[2, test]
	}
	if (md) {
		print "\n| test | sub-test | without | with | equal |\n| --- | --- | --- | --- | --- |"
		for (t = 1; t <= count; t++)
			for (i = 1; i <= subs[tests[t]]; i++) {
				name = names[tests[t], i]
				a = cell(status[1, tests[t], name])
				b = cell(status[2, tests[t], name])
				shown = tests[t]
				sub(/.*\//, "", shown)
				printf "| %s | %s | %s | %s | %s |\n", shown, name, a, b, a == b ? "yes" : "**no**"
				total++
			}
	} else {
		for (t = 1; t <= count; t++) total += subs[tests[t]]
		printf "%d tests, %d sub-tests: %s\n", count, total, bad ? bad " not well" : "all equal, all passed"
	}
	exit bad > 0
}
