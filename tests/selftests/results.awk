# SPDX-License-Identifier: GPL-2.0
# results.awk: convert the output of guest.sh to lines with tabs:
#   sub TEST WAY ATTEMPT NAME STATUS    a sub-test, in order: OK, FAIL, SKIP, XFAIL or ?
#   exit TEST WAY ATTEMPT STATUS        of the whole test
#   module TEST WAY ATTEMPT VERSION
#   ports TEST WAY ATTEMPT PORTS FRAMES SKIPPED    of a namespace
#   refused TEST WAY ATTEMPT NETNS DEV STATE
#   missed TEST WAY ATTEMPT NETNS NUMBER
#   failed TEST WAY ATTEMPT NETNS MESSAGE    counting did not start or end
#   left TEST WAY ATTEMPT WHAT          which the test has left behind
#   lacks TEST WAY ATTEMPT COMMAND      which the guest does not have
# The kernel's tests print different formats: "TEST: name [ OK ]", KTAP, "PASS: name". gro.sh
# prints the names of its tests first, and at the end those that have failed.
BEGIN { OFS = "\t" }

function sub_test(name, status) {
	gsub(/[ \t]+/, " ", name)
	sub(/^ /, "", name)
	sub(/[ :-]+$/, "", name)
	gsub(/\|/, "/", name)
	if (status == "PASS") status = "OK"
	if (status == "ERROR" || status == "FAILED") status = "FAIL"
	# A repeated name gets a number.
	if (times[run, name]++) name = name " (" times[run, name] ")"
	print "sub", run, name, status
	any = 1
}

# Report the tests named before, with those in the list as failed.
function named(list, done, i, key) {
	for (i = 1; i <= running; i++) {
		key = names[i]
		gsub(/ /, "_", key)
		sub_test(names[i], index(" " list " ", " " key " ") ? "FAIL" : done ? "OK" : "?")
	}
	running = 0
}

/^@test / { run = $2 OFS $3 OFS $4; running = 0; next }
/^@(ports|refused|missed|failed)\t/ { line = substr($0, 2); at = index(line, "\t"); print substr(line, 1, at - 1), run, substr(line, at + 1); next }
/^@module / { print "module", run, substr($0, 9); next }
/^@left / { print "left", run, substr($0, 7); next }
/^@exit / {
	named("", 0)
	# A test without sub-tests is one.
	if (!any) sub_test("the whole test", $2 ? "FAIL" : "OK")
	any = 0
	print "exit", run, $2
	next
}
!/^\| / { next }

{
	line = substr($0, 3)
	gsub(/\033\[[0-9;]*m/, "", line)
	sub(/^# /, "", line)
}
line ~ /: command not found$/ {
	name = line
	sub(/: command not found$/, "", name)
	sub(/.*: /, "", name)
	print "lacks", run, name
	next
}
match(line, /\[ *(OK|PASS|FAIL|FAILED|XFAIL|SKIP|ERROR) *\] *$/) {
	status = substr(line, RSTART)
	gsub(/[^A-Z]/, "", status)
	name = substr(line, 1, RSTART - 1)
	sub(/^TEST: /, "", name)
	sub_test(name, status)
	next
}
match(line, /^(not )?ok [0-9]+/) {
	status = line ~ /^not/ ? "FAIL" : "OK"
	name = substr(line, RLENGTH + 1)
	sub(/^ *- */, "", name)
	if (match(name, / *# *(SKIP|XFAIL)/)) {
		status = name ~ /# *SKIP/ ? "SKIP" : "XFAIL"
		name = substr(name, 1, RSTART - 1)
	}
	sub_test(name, status)
	next
}
match(line, /^(PASS|FAIL|XFAIL|SKIP|ERROR): /) {
	status = substr(line, 1, RLENGTH - 2)
	sub_test(substr(line, RLENGTH + 1), status)
	next
}
line ~ /^running test / { names[++running] = substr(line, 14); next }
line ~ /^failed tests: / {
	sub(/^failed tests: /, "", line)
	sub(/\. .*/, "", line)
	named(line, 1)
	next
}
line ~ /^All Tests Succeeded/ { named("", 1) }
