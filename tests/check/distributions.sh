#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# distributions.sh: check that only packaging/distributions has names of packages, and that
# their users agree: README has the same names, and install.sh and `l2pc doctor` propose the
# same headers on each distribution.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need awk:mawk gcc:gcc make:make /usr/include/stdio.h:libc6-dev

table=packaging/distributions

# --- no other list ---------------------------------------------------------------

# The lab and the tests install Debian's packages for themselves, or compare messages;
# packaging/debian and deb.sh are for Debian only, findings show what packages do. README is
# compared below.
exempt="^($table|README\.md|CHANGELOG\.md|packaging/deb\.sh|(docs|findings|lab|tests|packaging/debian)/.*)\$"
names='linux-headers-|kernel-devel|kernel-default-devel|build-essential|base-devel|build-base|-dev(el)?\b.*-dev(el)?\b'
names+='|lib(mnl|json-c|ncurses|microhttpd)[a-z0-9]*-dev|(apt(-get)?|dnf|zypper) install|pacman -S|apk add'

# find_lists FILE...: print the lines with names of packages that are not this project's.
find_lists() { grep -I -H -n -E -e "$names" -- "$@" | grep -v l2packet-counter-dkms; }

mapfile -t files < <(check_files | grep -v -E "$exempt")
[ ${#files[@]} -gt 50 ] || echo "only ${#files[@]} files were found" >"$scratch/log"
find_lists "${files[@]}" >>"$scratch/log"
expect_empty lists "$scratch/log"
printf '%s\n' 'echo "sudo apt install libmnl-dev"' 'echo "Fedora: kernel-devel"' 'sudo modprobe l2packet_counter' >"$scratch/planted"
expect_equal planted "$(find_lists "$scratch/planted" | wc -l)" 2

# --- README -----------------------------------------------------------------------

# distributions: print the distributions of the table, one a line.
distributions() { sed -n 's/^name *| *//p' "$table" | tr '|' '\n' | sed 's/ *$//; s/^ *//'; }

# ids DISTRIBUTION: print its IDs.
ids() {
	awk -F ' *[|] *' -v want="$1" '
		$1 == "name" { for (i = 2; i <= NF; i++) if ($i == want) column = i }
		$1 == "ids" { print $column }' "$table"
}

# kernel DISTRIBUTION: print a release of its kernel.
kernel() {
	case $1 in
	openSUSE) echo 6.4.0-150600.23-default ;;
	Alpine) echo 6.6.1-0-lts ;;
	*) echo 6.1.0-18-amd64 ;;
	esac
}

# proposes RELEASE ROOT WORD...: print the command that install.sh proposes.
proposes() {
	RELEASE=$1 ROOT=$2 DISTRIBUTIONS=$table bash -c '. packaging/install/distribution.sh
		find_distribution
		[ -z "$DISTRIBUTION" ] || packages_command "$@"' install.sh "${@:3}"
}

# system ID [ID_LIKE]: make a root of such a machine.
system() {
	root=$scratch/root
	rm -rf "$root"
	mkdir -p "$root/etc"
	printf 'NAME="x"\n%sID=%s\n' "${2:+ID_LIKE=\"$2\"$'\n'}" "$1" >"$root/etc/os-release"
}

while read -r distribution; do
	release=$(kernel "$distribution")
	read -r id _ < <(ids "$distribution")
	system "$id"
	command=$(proposes "$release" "$root" headers build)
	command=${command//$release/\$(uname -r)}
	grep -F -q "\`$command\`" README.md || echo "README.md: $distribution: missing \`$command\`" >>"$scratch/readme"
done < <(distributions)
touch "$scratch/readme"
expect_empty README.md "$scratch/readme"

# --- install.sh and doctor -----------------------------------------------------------

cat >"$scratch/main.c" <<-'C'
	#include <stdarg.h>
	#include <stdio.h>
	#include <stdlib.h>
	#include "doctor/doctor.h"
	#include "util/text.h"

	const char *doctor_mend(const char *format, ...)
	{
		static char text[512];
		va_list args;

		va_start(args, format);
		vsnprintf(text, sizeof(text), format, args);
		va_end(args);
		return text;
	}

	const char *text_shell(const char *word)
	{
		return word;
	}

	void out_of_memory(void)
	{
		abort();
	}

	int main(int argc, char **argv)
	{
		const char *command = argc > 1 ? doctor_install_headers(argv[1]) : NULL;

		if (command)
			puts(command);
		return 0;
	}
C
make -s -C tools "O=$scratch" PKG_CONFIG=true "$scratch/doctor/distributions.h" >"$scratch/log" 2>&1 &&
	gcc -std=gnu11 -D_GNU_SOURCE -Itools -Iinclude/uapi "-I$scratch" -o "$scratch/doctor-headers" "$scratch/main.c" \
		tools/doctor/packages.c tools/util/files.c >"$scratch/log" 2>&1
expect_empty build "$scratch/log"
[ -x "$scratch/doctor-headers" ] || suite_end

# agree RELEASE [PKGBASE]: fail unless both propose the same command on the machine $root.
agree() {
	local installer doctor
	if [ -n "${2-}" ]; then
		mkdir -p "$root/lib/modules/$1"
		echo "$2" >"$root/lib/modules/$1/pkgbase"
	fi
	installer=$(proposes "$1" "$root" headers)
	doctor=$(L2PC_ROOT=$root "$scratch/doctor-headers" "$1")
	[ "$installer" = "$doctor" ] || echo "$(tr '\n' ' ' <"$root/etc/os-release")$*: install.sh: $installer; doctor: $doctor"
}

compared=0
while read -r distribution; do
	: >"$scratch/log"
	for id in $(ids "$distribution"); do
		for like in '' "some-base $id-leap other"; do
			system "${like:+no}$id-spin" "$like"
			for release in "$(kernel "$distribution")" 5.15.0-200.el9uek.x86_64 6.1; do
				agree "$release"
				agree "$release" linux-zen
				compared=$((compared + 2))
			done
		done
	done >>"$scratch/log"
	expect_empty "$distribution" "$scratch/log"
done < <(distributions)
system nosuch 'also-not "either'
agree 6.1.0 >"$scratch/log"
expect_empty unknown "$scratch/log"
expect_number compared "$compared" -ge 100
suite_end
