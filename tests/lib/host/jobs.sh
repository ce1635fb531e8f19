# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # $work is the caller's
# Sourced, after say.sh and count.sh: runs suites concurrently, at most L2PC_JOBS at a
# time, the longest first. Prints one line for each suite when it ends.
#
# Each job runs in a session of its own: a signal to its process group reaches only the
# processes of the job. Its directory, $work/jobs/NAME, has the files result (its lines
# PASS, FAIL and SKIP, through L2PC_RESULT) and log (its output), tmp (its TMPDIR), and
# the files that its command adds.

jobs_names=()
declare -A jobs_seconds jobs_after jobs_lines jobs_command jobs_keep jobs_state jobs_verdict jobs_skips jobs_start
declare -A jobs_pid=() # the job's name, by pid

# Seconds that a job has to clean up after SIGTERM.
jobs_grace=${jobs_grace:-60}

# jobs_limit: prints how many jobs may run at a time. A guest may take 2 GiB, and QEMU
# some more.
jobs_limit() {
	local n=${L2PC_JOBS:-} memory
	case $n in
	'')
		n=$(nproc)
		memory=$(awk '/^MemAvailable:/ { print int($2 / 2500000) }' /proc/meminfo)
		[ "${memory:-1}" -ge "$n" ] || n=$memory
		[ "$n" -gt 0 ] || n=1
		;;
	*[!0-9]* | 0) die "L2PC_JOBS=$n: say how many suites may run at a time, 1 or more" ;;
	esac
	echo "$n"
}

jobs_dir() { echo "$work/jobs/$1"; }

# jobs_add NAME SECONDS AFTER COMMAND...: adds a suite.
#   SECONDS  the suite's approximate duration
#   AFTER    the jobs that have to succeed before it, or an empty string
jobs_add() {
	local name=$1
	jobs_names+=("$name")
	jobs_seconds[$name]=$2 jobs_after[$name]=$3 jobs_state[$name]=waiting
	jobs_lines[$name]=$(jobs_dir "$name")/result
	shift 3
	printf -v "jobs_command[$name]" '%q ' "$@"
	[ ${#name} -le "$count_width" ] || count_width=${#name}
}

# jobs_prepare NAME SECONDS AFTER COMMAND...: adds a job that suites need and that has no
# results.
jobs_prepare() {
	jobs_add "$@"
	jobs_lines[$1]=-
}

# jobs_run: runs all jobs. $failed counts the failures.
jobs_run() {
	local limit pid rc
	[[ ${BASH_VERSINFO[0]}${BASH_VERSINFO[1]} -ge 51 ]] || die "bash is too old: ${BASH_VERSION}, 5.1 is needed"
	limit=$(jobs_limit) || exit
	while :; do
		while [ ${#jobs_pid[@]} -lt "$limit" ] && jobs_next; do jobs_begin "$jobs_name"; done
		[ ${#jobs_pid[@]} != 0 ] || break
		[ ! -t 1 ] || printf '… %s\033[K\r' "${jobs_pid[*]}"
		rc=0
		wait -n -p pid "${!jobs_pid[@]}" || rc=$?
		[ ! -t 1 ] || printf '\033[K'
		jobs_end "$pid" "$rc"
	done
	jobs_check
}

# jobs_check: counts each job that has not run as failed.
jobs_check() {
	local name why
	for name in ${jobs_names[@]+"${jobs_names[@]}"}; do
		why=
		case ${jobs_state[$name]} in
		passed | failed) continue ;;
		waiting) jobs_ready "$name" || why=", because $jobs_missing failed" ;;
		esac
		jobs_state[$name]=failed jobs_verdict[$name]=-
		count_failed "$name" "not run$why"
	done
}

# jobs_ready NAME: succeeds when all jobs that NAME depends on have passed. Otherwise sets
# jobs_missing to the first that has not.
jobs_ready() {
	for jobs_missing in ${jobs_after[$1]}; do
		[ "${jobs_state[$jobs_missing]-}" = passed ] || return
	done
}

# jobs_next: sets jobs_name to the longest job that can start; false when there is none.
jobs_next() {
	local name
	jobs_name=''
	for name in "${jobs_names[@]}"; do
		[ "${jobs_state[$name]}" = waiting ] || continue
		jobs_ready "$name" || continue
		if [ -z "$jobs_name" ] || [ "${jobs_seconds[$name]}" -gt "${jobs_seconds[$jobs_name]}" ]; then
			jobs_name=$name
		fi
	done
	[ -n "$jobs_name" ]
}

# The shell of a job. It survives the signals after which its command cleans up, and then
# writes the CPU time to a file.
# shellcheck disable=SC2016
jobs_shell='trap : INT TERM HUP; times=$1; shift; "$@"; rc=$?; times >"$times"; exit $rc'

jobs_begin() {
	local dir command
	dir=$(jobs_dir "$1")
	rm -rf "$dir"
	mkdir -p "$dir/tmp"
	eval "command=(${jobs_command[$1]})"
	jobs_start[$1]=$SECONDS jobs_state[$1]=running
	# A background job starts with SIGINT ignored, and a shell cannot trap a signal that was
	# ignored when it started.
	TMPDIR=$dir/tmp L2PC_RESULT=$dir/result setsid env --default-signal=INT,QUIT bash -c "$jobs_shell" "$1" "$dir/times" "${command[@]}" \
		>"$dir/log" 2>&1 </dev/null &
	jobs_pid[$!]=$1
}

# jobs_end PID STATUS: reports a job that has ended.
jobs_end() {
	local name=${jobs_pid[$1]} dir time ok=passed
	unset "jobs_pid[$1]"
	# End the processes that the job left behind.
	kill -KILL -- "-$1" 2>/dev/null
	dir=$(jobs_dir "$name")
	time="$((SECONDS - jobs_start[$name])) s$(jobs_cpu "$dir/times")"
	case ${jobs_lines[$name]} in
	-)
		jobs_verdict[$name]=ok
		if [ "$2" = 0 ]; then
			count_line "$name" ok
			printf ', %s\n' "$time"
		else
			ok=failed jobs_verdict[$name]=FAILED
			count_failed "$name" "status $2"
			sed 's/^/  /' "$dir/log"
		fi
		;;
	*)
		count_result "$name" "${jobs_lines[$name]}" "$dir/log" "$2" "$time" || ok=failed
		jobs_verdict[$name]=$count_verdict
		jobs_skips[$name]=$(grep -a -s '^SKIP ' "${jobs_lines[$name]}")
		;;
	esac
	jobs_state[$name]=$ok
	jobs_logs "$name" "$dir/out"
	rm -rf "$dir"
}

# jobs_cpu FILE: prints the CPU time of a job, when it is known. Concurrent jobs lengthen
# the elapsed time, but not the CPU time.
jobs_cpu() {
	sed -n '2s/,/./gp; 2p' "$1" 2>/dev/null |
		awk -F'[ms ]+' 'NF >= 4 { printf " (CPU %.0f s)", $1 * 60 + $2 + $3 * 60 + $4; exit }'
}

# jobs_logs NAME DIR: copies the logs of a failed job to the directory of jobs_keep.
jobs_logs() {
	local kept=${jobs_keep[$1]-}
	[ -n "$kept" ] || return 0
	rm -rf "$kept"
	if [ "${jobs_state[$1]}" = failed ] && [ -d "$2" ]; then
		mkdir -p "${kept%/*}"
		cp -a "$2" "$kept"
		echo "  the logs are in $kept"
	fi
}

# jobs_stop: ends the running jobs and returns when they have ended.
jobs_stop() {
	local pid until=$((SECONDS + jobs_grace))
	for pid in "${!jobs_pid[@]}"; do
		# The job may not have created its session yet.
		kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null
	done
	for pid in "${!jobs_pid[@]}"; do
		while kill -0 -- "-$pid" 2>/dev/null; do
			[ "$SECONDS" -lt "$until" ] || kill -KILL -- "-$pid" 2>/dev/null
			sleep 0.1
		done
	done
	jobs_pid=()
}
