#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# spdx.sh: check that each file names its licence in its first two lines, and that copyright
# notices name the same holder.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need awk:mawk

# These cannot have an additional line: the licence itself, JSON, pictures, captures, Debian's
# formats without comments, and files that tests compare or read literally.
exempt='^(COPYING|tools/l2pc\.schema\.json|packaging/prometheus/l2pc-dashboard\.json|packaging/debian/(changelog|source/format)|docs/page\.png|tests/(captures|lab)/.*\.(pcap|expected)|tests/fuzz/(corpus|wire)\.txt)$'
exempt+='|^tests/(tools/(expected|screens|totals|worlds|root)|vm/screens)/'

mapfile -t files < <(check_files | grep -v -E "$exempt")
# The netlink header, spec and policy have the kernel's UAPI licence or BSD.
awk -v shared='((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)' '
	FNR == 1 { said = "" }
	FNR <= 2 && sub(/.*SPDX-License-Identifier: */, "") { sub(/ *(\*\/|-->)$/, ""); said = $0 }
	FNR <= 2 { licence[FILENAME] = said }
	END {
		for (i = 1; i < ARGC; i++) {
			want = ARGV[i] ~ /^(include\/uapi\/|spec\/.*\.yaml|kmod\/iface\/netlink_policy\.h)/ ? shared : "GPL-2.0"
			if (licence[ARGV[i]] != want) print ARGV[i] ": " (licence[ARGV[i]] ? licence[ARGV[i]] : "no licence")
		}
	}' "${files[@]}" >"$scratch/log"
[ ${#files[@]} -gt 100 ] || echo "only ${#files[@]} files were found" >>"$scratch/log"
expect_empty licences "$scratch/log"

grep -I -H -n -i -E 'copyright( \(c\)|:|=)? *[0-9]' "${files[@]}" | grep -v 'the l2packet_counter authors' >"$scratch/log"
expect_empty copyrights "$scratch/log"
suite_end
