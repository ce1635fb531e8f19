#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The tool and the tests' C programs under cppcheck. What it is wrong about is excused
# below: an excuse that nothing needs any more has to go.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need cppcheck:cppcheck /usr/include/libmnl/libmnl.h:libmnl-dev make:make gcc:gcc /usr/include/stdio.h:libc6-dev

# FILE TYPE
excuses() {
	cat <<-'TABLE'
	# The kernel's style: variables stand at a function's head; `a & b ? c : d`; local
	# names need not differ from those of functions.
	* variableScope
	* clarifyCalculation
	* shadowFunction
	# What is called through a pointer has the type of the pointer.
	* constParameter
	# One thread, and calls that every libc has.
	* readdirCalled
	* strtokCalled
	* usleepCalled
	* getcontextCalled
	* makecontextCalled
	* swapcontextCalled
	# Descriptors 0 to 2 are there, and stay.
	tools/cmd/l2pc.c leakReturnValNotUsed
	# It is used until the end, as what it has found is.
	tools/names/vendor.c resourceLeak
	# libbpf's options are made by a macro.
	tools/run/program.c unknownMacro
	# accept4() need not be given an address.
	tools/run/server.c nullPointer
	# The program ends.
	tests/bpf/send.c resourceLeak
	tools/run/run.c resourceLeak
	tests/vm/helpers/procwrite.c resourceLeak
	tests/vm/helpers/netkit.c resourceLeak
	# Room for what the kernel writes, or reads.
	tests/vm/helpers/framecount.c unusedStructMember
	tests/vm/helpers/netkit.c unusedStructMember
	tests/vm/helpers/ovsport.c unusedStructMember
	# A packet ring is sent by sending nothing.
	tests/vm/helpers/usermem.c nullPointer
	# memcmp() comes after the question how much was read.
	tools/doctor/system.c legacyUninitvar
	# uint8_t * plus a number is not a char *.
	tests/lab/framesend.c invalidScanfArgType_int
	# It is written by a fiber.
	tests/unit/model.h knownConditionTrueFalse
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
# What no suite builds.
make -s -C tests/bench/native CC=gcc "B=$scratch/native" 2>"$scratch/log" >&2
expect_empty tests/bench/native "$scratch/log"
suite_end
