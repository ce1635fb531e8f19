#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# simulation.sh [--sanitize | --valgrind] [DAYS [SEED]]: let l2pc save what a simulated machine
# counts, and compare its history with the simulation, to the frame (simulation.py). By default
# 40 days; a month with fewer saves under a sanitizer or valgrind. A year takes minutes:
# tests/tools/simulation.sh 365
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=tests/tools/needs.sh
. "$here/needs.sh"
# shellcheck source=tests/tools/program.sh
. "$here/program.sh"
kind=''
case ${1:-} in --sanitize | --valgrind) kind=${1#--} && shift ;; esac
tools_need
packages_need /usr/share/zoneinfo/Europe/Berlin:tzdata
program_make "$kind" "$scratch/simulation-bin" || exit 1
days=${1:-$([ -n "$kind" ] && echo 31 || echo 40)} seed=${2:-1} a_day=5 kill=0.02
[ -z "$kind" ] || a_day=1 kill=1
PATH="$scratch/simulation-bin:$PATH" SIMULATION_KILL=$kill nice python3 "$here/simulation.py" \
	"$scratch/machine" "$days" "$seed" "$a_day" >"$scratch/log" 2>&1 || echo "status $?" >>"$scratch/log"
program_found "$scratch/simulation-bin" >>"$scratch/log"
cat "$scratch/log"
expect_match "simulation" "$(tail -n 1 "$scratch/log")" 'bytes: equal$'
suite_end
