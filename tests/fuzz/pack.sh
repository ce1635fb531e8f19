#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# pack.sh pack DIR FILE: write the inputs in DIR as sorted lines of hexadecimal digits.
# pack.sh unpack FILE DIR: write each line of FILE as an input, named by line number.
set -eu
case ${1-} in
pack)
	for f in "$2"/*; do
		text=$(od -An -v -tx1 "$f")
		echo "${text//[[:space:]]/}"
	done | LC_ALL=C sort -u >"$3.part"
	mv "$3.part" "$3"
	;;
unpack)
	n=0
	while read -r line; do
		n=$((n + 1)) text=''
		for ((i = 0; i < ${#line}; i += 2)); do text+="\\x${line:i:2}"; done
		printf %b "$text" >"$3/packed-$n"
	done <"$2"
	;;
*)
	echo "usage: pack.sh pack DIR FILE, or pack.sh unpack FILE DIR" >&2
	exit 2
	;;
esac
