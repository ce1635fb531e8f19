# SPDX-License-Identifier: GPL-2.0
# results.awk: convert the output of guest.sh to lines with tabs:
#   sub TEST NAME STATUS    a sub-test, in order: OK, FAIL, SKIP, XFAIL or ?
#   exit TEST STATUS        of the whole test
#   module TEST VERSION, HOOK
#   ports TEST PORTS GONE FRAMES SKIPPED
#   refused TEST NETNS DEV KIND REASON
#   left TEST WHAT          which the test has left behind
#   watcher TEST WHY        why the watcher ended early
#   missing TEST COMMAND    which the guest does not have
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
	if (times[test, name]++) name = name " (" times[test, name] ")"
	print "sub", test, name, status
}

# Report the tests named before, with those in the list as failed.
function named(list, done, i, key) {
	for (i = 1; i <= running; i++) {
		key = run[i]
		gsub(/ /, "_", key)
		sub_test(run[i], index(" " list " ", " " key " ") ? "FAIL" : done ? "OK" : "?")
	}
	running = 0
}

/^@test / { test = $2; running = 0; next }
/^@(ports|refused)\t/ { line = substr($0, 2); at = index(line, "\t"); print substr(line, 1, at - 1), test, substr(line, at + 1); next }
/^@module / { print "module", test, substr($0, 9); next }
/^@count-all: / { print "watcher", test, substr($0, 13); next }
/^@left / { print "left", test, substr($0, 7); next }
/^@exit / { named("", 0); print "exit", test, $2; next }
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
	print "missing", test, name
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
line ~ /^running test / { run[++running] = substr(line, 14); next }
line ~ /^failed tests: / {
	sub(/^failed tests: /, "", line)
	sub(/\. .*/, "", line)
	named(line, 1)
	next
}
line ~ /^All Tests Succeeded/ { named("", 1) }
