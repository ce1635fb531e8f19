#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [--unit] [--vm] [--host] [--check] [--rest] [--kernel NAME] [--engine ENGINE]
#        [SUITE...]:
# run all tests, or some, with as many suites at a time as there are CPUs (or L2PC_JOBS).
# --host: the installer, the packages, the tests with a host outside the guest, the lab,
# and this program. --check: all checks of the sources in tests/check. Neither runs by
# default, except for the quick checks. --rest: what the default leaves, the host tests,
# the slow checks, and the suite exact on 6.12-arm64. --engine bpf: the VM suites that have a line
# `# engines: module bpf`, with l2pc run in place of the module.
# Print a line for each suite, failures in full, and at last `N passed, N failed`. Status 0
# only when nothing failed and each suite ran at least one test.

tests=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/host/runner.sh
. "$tests/lib/host/runner.sh"

unit='' vm='' host='' check='' rest='' kernel=default engine=module all='' suites=()
while [ $# -gt 0 ]; do
	case $1 in
	--unit) unit=1 ;;
	--vm) vm=1 ;;
	--host) host=1 ;;
	--check) check=1 ;;
	--rest) rest=1 host=1 ;;
	--kernel) kernel=${2:?--kernel wants a name} && shift ;;
	--engine) engine=${2:?--engine wants module or bpf} && vm=1 && shift ;;
	-*) die "unknown option $1" "usage: tests/run.sh [--unit] [--vm] [--host] [--check] [--rest] [--kernel NAME] [--engine ENGINE] [SUITE...]" ;;
	*) suites+=("$1") ;;
	esac
	shift
done
case $engine in module | bpf) ;; *) die "unknown engine $engine" "--engine module or --engine bpf" ;; esac
suites_check ${suites[@]+"${suites[@]}"}
[ ${#suites[@]} = 0 ] || vm=1
[ -n "$unit$vm$host$check" ] || unit=1 vm=1
checks=()
[ -z "$unit$check" ] || checks+=(spdx shell userspace layers version distributions kernels links commands manual words)
[ -z "$check" ] && { [ -z "$unit" ] || [ -z "$vm" ]; } || checks+=(generated kernel-doc symbols)
[ -z "$check$rest" ] || checks+=(units checkpatch module release bpf)
runner_begin

# The jobs that the suites in the VM wait for: they take seconds, and show most mistakes. When
# one of them fails, no VM boots.
first=''

# Tests on this machine, without a VM: the engine, the tool, and l2pc run.
add_unit() {
	first='unit tools bpf '
	jobs_add unit 40 '' make -s -j"$(nproc)" -C "$tests/unit" check
	jobs_add tools 60 '' "$tests/tools/run.sh"
	jobs_add bpf 40 '' "$tests/bpf/run.sh"
}

# The build runs first: it downloads, and the other jobs need no network.
add_build() {
	local program=build
	# l2pc run needs the kernel only.
	[ "$engine" = module ] || program=fetch
	jobs_prepare build 1000 '' "$lab/$program.sh" "$kernel"
}

add_vm() {
	local name
	add_build
	[ ${#suites[@]} != 0 ] || {
		all=1
		mapfile -t suites < <(suites_names "$kernel" | suites_of_engine "$engine")
		[ "$engine" = bpf ] || suites_add_unit "$kernel" unit "${first}build"
	}
	for name in "${suites[@]}"; do
		[ -n "$(suites_of_engine "$engine" <<<"${name%.test.sh}")" ] ||
			die "the suite $name is not for l2pc run" "there are: $(suites_names | suites_of_engine bpf | tr '\n' ' ')"
		suites_add "$kernel" "$name" "${name%.test.sh}" "${first}build" "$engine"
	done
	# One of them with l2pc run, and fewer frames; all: make -C tests vm-bpf.
	[ "$engine$kernel$all" != moduledefault1 ] ||
		suites_scale=8 suites_add "$kernel" exact exact-bpf "${first}build" bpf
}

# A check waits for the job that provides the same module or kernel source.
add_checks() {
	local name
	for name in ${checks[@]+"${checks[@]}"}; do
		case $name in
		symbols) jobs_add "$name" 1 "${jobs_state[build]+build}" "$tests/check/$name.sh" "$kernel" ;;
		generated | kernel-doc) jobs_add "$name" 1 "${jobs_state[ynl-tool]+ynl-tool}" "$tests/check/$name.sh" ;;
		*) jobs_add "$name" 10 '' "$tests/check/$name.sh" ;;
		esac
	done
}

add_host() {
	local name
	jobs_prepare build 1000 '' "$lab/build.sh" "$kernel"
	jobs_add mirror 40 build "$tests/lab/mirror.sh" --kernel "$kernel"
	jobs_add drivers 66 build "$tests/lab/drivers.sh" --kernel "$kernel"
	jobs_add lab 70 build "$tests/lab/selftest.sh" --kernel "$kernel"
	# The engine on a 32-bit architecture.
	suites_add_unit 6.1-686 unit ''
	# The engine on a big-endian architecture.
	jobs_add big-endian 60 '' "$tests/unit/foreign.sh" --part s390x
	jobs_add runner 20 '' "$tests/lab/runner.sh"
	jobs_add selftests 5 '' "$tests/selftests/tables.sh"
	jobs_add tables 1 '' "$tests/lab/tables.sh"
	# Other kernels have other selftests.
	[ "$kernel" != default ] || jobs_add selftests-quick 40 build "$tests/selftests/quick.sh"
	jobs_add tools-sanitize 90 '' "$tests/tools/run.sh" --sanitize
	jobs_add bpf-sanitize 60 '' "$tests/bpf/run.sh" --sanitize
	# A part: all transcripts in valgrind are `make -C tests valgrind`.
	jobs_add tools-valgrind 60 '' "$tests/tools/run.sh" --valgrind show directions port monitor proc
	jobs_add page 40 '' "$tests/tools/page.sh"
	jobs_add ipfix 60 '' "$tests/tools/ipfix.sh"
	jobs_add path 20 '' "$tests/tools/path.sh"
	jobs_add fleet 60 '' env L2PC_MOMENTS=3 "$tests/tools/fleet.sh" 5 50
	jobs_add install 84 '' "$tests/install/run.sh"
	for name in conf dkms; do jobs_add "$name" 30 '' "$tests/packaging/$name.sh"; done
}

# The module on another architecture, whose memory order is weaker: each frame is counted.
add_arm64() {
	jobs_prepare build-arm64 1000 '' "$lab/build.sh" 6.12-arm64
	suites_add 6.12-arm64 exact exact-arm64 build-arm64
}

# Install all packages first: suites that run concurrently have no terminal on which sudo
# could prompt.
[ -z "$unit$host" ] || { "$tests/tools/run.sh" --packages && "$tests/bpf/run.sh" --packages; } || exit
for name in ${checks[@]+"${checks[@]}"}; do "$tests/check/$name.sh" --packages || exit; done
[ -z "$host" ] || { "$tests/unit/foreign.sh" --packages s390x && "$tests/tools/page.sh" --packages && "$tests/tools/ipfix.sh" --packages && "$tests/tools/path.sh" --packages; } || exit
for name in conf dkms; do [ -z "$host" ] || "$tests/packaging/$name.sh" --packages || exit; done
[ -z "$vm$host" ] || { "$lab/run.sh" --kernel "$kernel" --packages && "$lab/ynl.sh" --packages; } || exit
[ -z "$rest" ] || "$lab/run.sh" --kernel 6.12-arm64 --packages || exit

[ -z "$unit" ] || add_unit
[ -z "$vm" ] || add_vm
[ -z "$host" ] || add_host
[ -z "$rest" ] || add_arm64
add_checks
jobs_run
runner_end
