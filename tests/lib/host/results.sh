# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $top is the caller's
# Sourced by programs that measure: with --write they write their table to docs/results.

# results_command PROGRAM ARG...: prints the command line as it would be typed. --out DIR is
# left out, because DIR is a local directory that does not affect the result.
results_command() {
	local word before=''
	printf '%s' "$1"
	shift
	for word; do
		case $before,$word in
		--out,* | *,--out)
			before=$word
			continue
			;;
		esac
		before=$word
		case $word in
		*[!A-Za-z0-9_.,:=/-]* | '') printf ' "%s"' "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
}

# results_options PROGRAM ARG...: sets $kernel and $write from --kernel NAME and --write. For
# any other option prints PROGRAM's usage, the comment at its top, and exits.
# shellcheck disable=SC2034 # the caller's
results_options() {
	local program=$1
	shift
	kernel=default write=''
	while [ $# -gt 0 ]; do
		case $1 in
		--kernel) kernel=${2:?--kernel wants a name} && shift ;;
		--write) write=1 ;;
		*) awk 'NR > 2 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$program" >&2 && exit 2 ;;
		esac
		shift
	done
}

# results_kernel NAME: prints the release of a kernel of lab/kernels.list.
results_kernel() { cat "$("$top/lab/fetch.sh" "$1")/release"; }

results_version() { sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$top/packet-counter.c"; }

# results_qemu: prints what QEMU emulates: the architecture of the selected kernel (kernel_select),
# or this machine's.
results_qemu() { echo "${arch:-$(uname -m)} emulated by QEMU $(results_qemu_version)"; }
results_qemu_version() { qemu-system-x86_64 --version | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p'; }

# results_block: prints stdin as a markdown code block.
results_block() {
	echo '```'
	cat
	echo '```'
}

# results_write NAME TITLE COMMAND CONDITIONS: writes docs/results/NAME.md. CONDITIONS name
# the kernel and the machine; stdin is the table, in markdown.
results_write() {
	local file=$top/docs/results/$1.md
	mkdir -p "${file%/*}"
	{
		cat <<-TEXT
			<!-- SPDX-License-Identifier: GPL-2.0 -->
			# $2

			This file is made by

			\`\`\`sh
			$3
			\`\`\`

			$4

		TEXT
		cat
	} >"$file.new"
	mv "$file.new" "$file"
	echo "written: docs/results/$1.md" >&2
}
