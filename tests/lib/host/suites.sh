# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # $tests, $lab, $cache are the caller's
# Sourced, after say.sh, cache.sh and jobs.sh: the VM suites, tests/vm/suites/*.test.sh.

# suites_file NAME: prints the path of a suite.
suites_file() { echo "$tests/vm/suites/${1%.test.sh}.test.sh"; }

# suites_for NAME KERNEL: succeeds when the suite runs on this kernel. A `# kernels:` line
# lists the only kernels that have the features the suite needs, and `# because:` says why.
suites_for() {
	local only
	only=$(suites_line "$1" kernels)
	[[ " ${only:-$2} " == *" $2 "* ]]
}

# suites_line NAME WORD: prints the line `# WORD: ` of a suite's first comment.
suites_line() { sed -n "s/^# $2: *//p; /^[^#]/q" "$(suites_file "$1")"; }

# suites_names [KERNEL...]: prints all suites, or those for at least one of these kernels.
# shellcheck disable=SC2120 # without a kernel: all
suites_names() {
	local file name kernel
	for file in "$tests"/vm/suites/*.test.sh; do
		name=$(basename "$file" .test.sh)
		[ $# != 0 ] || echo "$name"
		for kernel; do
			! suites_for "$name" "$kernel" || { echo "$name" && break; }
		done
	done
}

# suites_of_engine ENGINE: prints those of stdin's suites that run with this engine: all with
# the module, with another those whose line `# engines:` names it.
suites_of_engine() {
	local name
	while IFS= read -r name; do
		if [ "$1" = module ] || sed -n '/^# engines:/p; /^[^#]/q' "$(suites_file "$name")" | grep -qw "$1"; then
			echo "$name"
		fi
	done
}

# suites_check NAME...: ends the program when one of these suites does not exist.
suites_check() {
	local name
	for name in "$@"; do
		[ -r "$(suites_file "$name")" ] || die "no suite $name in tests/vm/suites" \
			"there are: $(suites_names | tr '\n' ' ')"
	done
}

# suites_takes NAME: prints the suite's approximate seconds, from its `# takes:` line.
suites_takes() {
	local seconds
	seconds=$(sed -n 's/^# takes: *\([0-9][0-9]*\) s$/\1/p; /^[^#]/q' "$(suites_file "$1")")
	echo "${seconds:-60}"
}

# suites_add_unit KERNEL JOB AFTER: adds a job that compiles and runs the unit tests for the
# kernel's architecture, when that is not this machine's. The job's name is JOB followed by
# the architecture.
suites_add_unit() {
	local root
	# shellcheck disable=SC2154 # of the kernel's row
	root=$(kernel_select "$1" && [ -n "$arch" ] && echo "$built_in") || return 0
	jobs_add "$2-${root#*:}" 120 "$3" "$tests/unit/foreign.sh" "$root"
}

# suites_add KERNEL NAME JOB AFTER [ENGINE]: adds the job that boots the kernel with the options of
# the suite's `# lab:` lines. The logs of a failed job are saved. AFTER names the job that
# builds the module. The job that builds ynl is added when the first suite needs it. When
# $suites_coverage, a directory, is set, its NAME.tar gets the module's coverage. Suites divide
# large numbers of frames by $suites_scale.
suites_add() {
	local file options name dir after=$4 kept=''
	file=$(suites_file "$2")
	name=$(basename "$file" .test.sh)
	mapfile -t options < <(sed -n 's/^# lab: *//p' "$file" | xargs -r -n 1 printf '%s\n')
	[ "${5-module}" = module ] || { options+=(--no-module --env "L2PC_ENGINE=$5") && kept=-$5; }
	# An arena needs cmpxchg16b there. Without one, the test would be of tables in maps.
	case ${5-module}-$1 in bpf-7.*) options+=(--cx16) ;; esac
	[ -z "${suites_scale:-}" ] || options+=(--env "L2PC_SCALE=$suites_scale")
	[ -z "${suites_coverage:-}" ] || options+=(--coverage "$suites_coverage/$name.tar")
	# Captures to replay in addition to our own: L2PC_CAPTURES, or a folder next to the
	# checkout.
	local captures=${L2PC_CAPTURES:-$tests/../../shared/captures}
	[ "$name" != captures ] || [ ! -d "$captures" ] || options+=(--file "$captures:captures")
	# Files that are large, or that only one suite needs.
	case $name in
	docs | ynl) options+=(--file "$tests/../docs:docs") ;;
	export)
		"$lab/prometheus.sh" guest "$cache/prometheus-guest" >&2 &&
			options+=(--file "$cache/prometheus-guest:/opt/prometheus")
		;;
	ipfix)
		"$lab/collectors.sh" guest "$cache/collectors-guest" >&2 &&
			options+=(--file "$cache/collectors-guest:/opt/collectors")
		;;
	path-wifi)
		"$lab/wifi.sh" guest "$cache/wifi-guest" >&2 &&
			options+=(--file "$cache/wifi-guest:/opt/wifi")
		;;
	esac
	case " ${options[*]-} " in *' --ynl '*)
		after="$4 ynl-tool"
		[ -n "${jobs_state[ynl-tool]-}" ] || jobs_prepare ynl-tool 900 "" "$lab/ynl.sh"
		;;
	esac
	dir=$(jobs_dir "$3")
	jobs_keep[$3]=$cache/failed/$1-$name$kept
	jobs_add "$3" "$(suites_takes "$name")" "$after" \
		"$lab/run.sh" --kernel "$1" ${options[@]+"${options[@]}"} --out "$dir/out" "$file"
	jobs_lines[$3]=$dir/out/result
}
