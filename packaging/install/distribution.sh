#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Commands that install packages on this distribution, from packaging/distributions.
#
# usage: distribution.sh WORD...
# Prints the command that installs the packages of these words. On an unknown distribution,
# prints the commands of all distributions. install.sh sources this file, and sets ROOT,
# RELEASE and DISTRIBUTIONS (the table).

# find_distribution: set DISTRIBUTION, a column of the table or nothing, and
# DISTRIBUTION_ID.
find_distribution()
{
	DISTRIBUTION_ID=unknown
	DISTRIBUTION=
	[ -r "${ROOT-}/etc/os-release" ] || return 0
	DISTRIBUTION_ID=$(sed -n "s/^ID=//p" "${ROOT-}/etc/os-release" | tr -d "\"'")
	DISTRIBUTION=$({
		printf '%s\n' "$DISTRIBUTION_ID"
		sed -n "s/^ID_LIKE=//p" "${ROOT-}/etc/os-release" | tr -d "\"'"
	} | awk -F ' *[|] *' '
		NR == FNR { n = split($0, word, / +/); for (i = 1; i <= n; i++) { sub(/-.*/, "", word[i]); like[++likes] = word[i] } next }
		$1 == "name" { for (i = 2; i <= NF; i++) name[i] = $i }
		$1 == "ids" { for (i = 2; i <= NF; i++) { n = split($i, word, / +/); while (n) column[word[n--]] = i } }
		END { for (i = 1; i <= likes; i++) if (like[i] in column) { print name[column[like[i]]]; exit } }
	' - "$DISTRIBUTIONS")
}

# packages_command WORD...: print the command that installs the packages of the words.
packages_command()
{
	packages_command_of "$DISTRIBUTION" "$@"
}

packages_command_of() # <distribution> <word>...
{
	_base=linux
	_release=${RELEASE:-$(uname -r)}
	[ ! -r "${ROOT-}/lib/modules/$_release/pkgbase" ] || read -r _base <"${ROOT-}/lib/modules/$_release/pkgbase"
	_distribution=$1
	shift
	printf '%s\n' "$@" | awk -F ' *[|] *' -v want="$_distribution" -v release="$_release" -v base="$_base" '
		NR == FNR { word[++words] = $0; next }
		/^#/ { next }
		$1 == "name" { for (i = 2; i <= NF; i++) if ($i == want) column = i }
		column { text[$1] = $column }
		END {
			flavour = release
			sub(/.*-/, "", flavour)
			for (i = 1; i <= words; i++) {
				name = column && word[i] in text ? text[word[i]] : word[i] == "headers" ? "the headers of kernel " release : word[i]
				gsub(/%r/, release, name); gsub(/%f/, flavour, name); gsub(/%b/, base, name)
				gsub(/%u/, release ~ /uek/ ? "uek-" : "", name)
				n = split(name, part, / +/)
				for (j = 1; j <= n; j++) if (!seen[part[j]]++ || !column) line = line " " part[j]
			}
			if (column) print "sudo " text["install"] line
			else print "install from your distribution:" line
		}' - "$DISTRIBUTIONS"
}

case ${0##*/} in
distribution.sh)
	DISTRIBUTIONS=$(dirname "$0")/../distributions
	find_distribution
	if [ -n "$DISTRIBUTION" ]; then
		packages_command "$@"
	else
		sed -n 's/^name *| *//p' "$DISTRIBUTIONS" | tr '|' '\n' | while read -r distribution; do
			printf '%-9s %s\n' "$distribution:" "$(packages_command_of "$distribution" "$@")"
		done
	fi
	;;
esac
