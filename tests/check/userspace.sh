#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# userspace.sh: check the tool and the tests' C programs with cppcheck. Wrong findings are
# excused below; an excuse without a finding is a failure.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need cppcheck:cppcheck /usr/include/libmnl/libmnl.h:libmnl-dev make:make gcc:gcc /usr/include/stdio.h:libc6-dev

# excuses: print FILE TYPE [varies]. Those that vary are not in each version of cppcheck, from
# Debian 12's 2.10 to Debian sid's 2.22.
excuses() {
	cat <<-'TABLE'
	# The kernel's style: variables are declared at a function's head; `a & b ? c : d`; local
	# names may equal those of functions.
	* variableScope
	* clarifyCalculation
	* shadowFunction
	# A function that is called through a pointer has the pointer's type.
	* constParameter varies
	* constParameterCallback varies
	# Not each variable that could be const is.
	* constParameterPointer varies
	* constVariablePointer varies
	# A parameter may have the name of a static variable in the file that includes a header.
	* shadowVariable varies
	# (void)first, (void)second: unused parameters.
	* constStatement varies
	# It concerns the effort of cppcheck.
	* normalCheckLevelMaxBranches varies
	# There is one thread, and every libc has these functions.
	* readdirCalled varies
	* strtokCalled
	* usleepCalled
	* getcontextCalled
	* makecontextCalled
	* swapcontextCalled
	# Descriptors 0 to 2 are open, and stay open.
	tools/cmd/l2pc.c leakReturnValNotUsed varies
	# The file is used until the program ends, and so are its entries.
	tools/names/vendor.c resourceLeak
	# libbpf's options are made by a macro.
	tools/run/attach.c unknownMacro
	tools/run/clsact.c unknownMacro
	tools/run/maps.c unknownMacro
	tools/run/program.c unknownMacro
	# accept4() takes no address here.
	tools/run/server.c nullPointer
	# list_add() sets the pointer, which it does not read.
	tools/export/fetch.c nullPointerRedundantCheck varies
	tools/names/labels.c nullPointerRedundantCheck varies
	# Without memory, the fuzzer ends.
	tests/fuzz/wire.c nullPointerOutOfMemory varies
	# The program ends, and closes them.
	tests/bpf/send.c resourceLeak
	tools/run/run.c resourceLeak
	tests/vm/helpers/procwrite.c resourceLeak
	tests/vm/helpers/netkit.c resourceLeak
	tests/vm/helpers/bypass.c resourceLeak
	# Members that the kernel writes or reads.
	tests/vm/helpers/framecount.c unusedStructMember
	tests/vm/helpers/portctl.c unusedStructMember
	tests/vm/helpers/portnl.c unusedStructMember varies
	tools/source/tcx.c constVariable varies
	tests/vm/helpers/halfdump.c uninitvar varies
	tests/vm/helpers/netkit.c unusedStructMember
	tests/vm/helpers/ovsport.c unusedStructMember
	# send() without data transmits a packet ring.
	tests/vm/helpers/usermem.c nullPointer
	# memcmp() comes after the check of the number of bytes read.
	tools/doctor/system.c legacyUninitvar
	# uint8_t * plus a number is not a char *.
	tests/lab/framesend.c invalidScanfArgType_int
	# A fiber writes the variable.
	tests/unit/model.h knownConditionTrueFalse varies
	# It counts the cells in use of a table, which may be empty.
	tests/unit/test_flood.c knownConditionTrueFalse varies
	TABLE
}

mapfile -t files < <(check_files | grep -E '^(tools/[a-z]+|tests/(bpf|fuzz|lab|tools|unit|vm/helpers))/[^/]*\.c$')
cppcheck -q -j "$(nproc)" --std=c11 --library=posix,gnu --enable=warning,style,performance,portability \
	-Iinclude/uapi -Itools -Itests/unit -Itests/tools -Itests/vm/helpers \
	--include=/usr/include/libmnl/libmnl.h \
	--template='{file}:{line}: {message} [{id}]' "${files[@]}" >"$scratch/said" 2>&1
sort -u -o "$scratch/said" "$scratch/said"
excuses | check_excuse "$scratch/said" >"$scratch/log"
mapfile -t headers < <(check_files | grep -E '^(tools/[a-z]+|tests/(bpf|fuzz|lab|tools|unit|vm/helpers))/[^/]*\.h$')
expect_no_findings "$scratch/log" "${files[@]}" "${headers[@]}"
# No suite builds this benchmark.
make -s -C tests/bench/native CC=gcc "B=$scratch/native" 2>"$scratch/log" >&2
expect_empty tests/bench/native "$scratch/log"
suite_end
