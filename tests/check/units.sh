#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The systemd units: what systemd itself finds wrong with them, and how exposed each
# service is. In a root of its own, with the programs that they call.
# shellcheck source=tests/lib/check.sh
. "$(dirname "$0")/../lib/check.sh"
check_need systemd-analyze:systemd

# The exposure that each may have, in tenths; systemd's scale goes to 100.
most() {
	case $1 in
	# It has to load the module.
	l2pc@.service) echo 30 ;;
	*) echo 20 ;;
	esac
}

root=$check_work/root units=$check_work/root/usr/lib/systemd/system
mkdir -p "$units" "$root"/usr/{bin,lib/l2pc} "$root/etc"
ln -s usr/lib usr/bin "$root/"
# What ours are ordered with: systemd's own, which have sections of their own.
cp -a /lib/systemd/system/*.target /lib/systemd/system/{-.slice,system.slice} "$units/" 2>/dev/null
cp packaging/systemd/l2pc-port "$root/usr/lib/l2pc/"
install -m 755 /dev/stdin "$root/usr/bin/l2pc" <<<'#!/bin/sh'
mapfile -t files < <(check_files | grep -E '^packaging/systemd/.*\.(service|timer|target)$')
cp "${files[@]}" "$units/"

for file in "${files[@]}"; do
	name=${file##*/}
	unit=${name/@./@eth0.}
	# Pages of ours are not installed here.
	systemd-analyze verify --root="$root" --man=no "$unit" 2>&1 | grep -F "${name%@*}" >"$check_work/log"
	case $name in
	*.service)
		systemd-analyze security --root="$root" --offline=yes --threshold="$(most "$name")" --no-pager "$unit" \
			>"$check_work/security" 2>&1 || {
			tail -n 1 "$check_work/security"
			echo "$name may have $(most "$name") tenths"
		} >>"$check_work/log"
		grep -q 'Overall exposure level' "$check_work/security" || cat "$check_work/security" >>"$check_work/log"
		;;
	esac
	check_result "$name" "$check_work/log"
done
[ ${#files[@]} -ge 5 ] || echo "only ${#files[@]} units were found" >"$check_work/few"
[ -e "$check_work/few" ] || : >"$check_work/few"
check_result units "$check_work/few"
check_end
