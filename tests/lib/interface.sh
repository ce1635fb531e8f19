# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Copyright (C) the l2packet_counter authors
# Sourced by the scripts that test the module on a user's machine.

# interface_name NAME: prints the own name of the interface that has this name, or this
# alternative name; NAME if there is none. ip may print an @ behind an own name, so that the
# index is compared.
interface_name() {
	local index file
	if [ ! -d "/sys/class/net/$1" ]; then
		index=$(ip -o link show dev "$1" 2>/dev/null | sed -n '1s/^\([0-9][0-9]*\):.*/\1/p')
		for file in /sys/class/net/*/ifindex; do
			[ "$(cat "$file" 2>/dev/null)" != "$index" ] || { file=${file%/ifindex} && echo "${file##*/}" && return; }
		done
	fi
	echo "$1"
}
