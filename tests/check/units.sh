#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# units.sh: check the systemd units: with systemd's own verification, with a limit of each
# service's exposure, and for ordering cycles where the network is set up early. They are
# checked in a separate root with the programs that they call.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need systemd-analyze:systemd

# exposure_limit UNIT: print the maximum exposure in tenths, of 0 to 100.
exposure_limit() {
	case $1 in
	# These services load the module, and give files an owner.
	l2pc@.service | l2pc-pattern@.service) echo 32 ;;
	*) echo 20 ;;
	esac
}

root=$scratch/root units=$scratch/root/usr/lib/systemd/system
mkdir -p "$units" "$root"/usr/{bin,lib/l2pc} "$root/etc"
ln -s usr/lib usr/bin "$root/"
# systemd's own units, with which these are ordered.
cp -a /lib/systemd/system/*.target /lib/systemd/system/{-.slice,system.slice} "$units/" 2>/dev/null
cp packaging/systemd/l2pc-port "$root/usr/lib/l2pc/"
install -m 755 /dev/stdin "$root/usr/bin/l2pc" <<<'#!/bin/sh'
mapfile -t files < <(check_files | grep -E '^packaging/systemd/.*\.(service|timer|target)$')
cp "${files[@]}" "$units/"

for file in "${files[@]}"; do
	name=${file##*/}
	unit=${name/@./@eth0.}
	# The man pages are not installed here.
	systemd-analyze verify --root="$root" --man=no "$unit" 2>&1 | grep -F "${name%@*}" >"$scratch/log"
	case $name in
	*.service)
		systemd-analyze security --root="$root" --offline=yes --threshold="$(exposure_limit "$name")" --no-pager "$unit" \
			>"$scratch/security" 2>&1 || {
			tail -n 1 "$scratch/security"
			echo "$name: the limit is $(exposure_limit "$name") tenths"
		} >>"$scratch/log"
		grep -q 'Overall exposure level' "$scratch/security" || cat "$scratch/security" >>"$scratch/log"
		;;
	esac
	# systemd adds these by default; without default dependencies a unit must have them.
	! grep -q -x 'DefaultDependencies=no' "$file" || for line in Conflicts=shutdown.target Before=shutdown.target; do
		grep -q -x "$line" "$file" || echo "$name has no $line: nothing stops it at shutdown"
	done >>"$scratch/log"
	# The tool asks adjtimex() whether the time of day is right when it saves.
	! grep -q -E '^Exec.*(l2pc save|l2pc-port stop)' "$file" || {
		! grep -q -x 'ProtectClock=yes' "$file" || echo "$name has ProtectClock: l2pc save is killed at adjtimex()"
		grep -q -E '^SystemCallFilter=.*\<adjtimex\>' "$file" || echo "$name does not allow adjtimex(): l2pc save is killed"
	} >>"$scratch/log"
	expect_empty "$name" "$scratch/log"
done

# stand_in NAME LINE...: make a service that systemd orders by these lines.
stand_in() {
	printf '%s\n' '[Unit]' 'DefaultDependencies=no' "${@:2}" '[Service]' 'Type=oneshot' 'ExecStart=/usr/bin/l2pc' >"$units/$1"
}

# Like cloud-init: it needs a network before sysinit.target, which needs network-pre.target.
stand_in network.service After=network-pre.target Before=network.target
stand_in cloud.service After=network.service Before=sysinit.target
mkdir -p "$units/multi-user.target.wants"
for unit in {network,cloud,l2pc-boot,l2pc-save-shutdown,l2pc@eth0}.service; do
	ln -s "../${unit/@*./@.}" "$units/multi-user.target.wants/$unit"
done
SYSTEMD_LOG_TARGET=console systemd-analyze verify --root="$root" --man=no multi-user.target 2>&1 |
	grep -F 'ordering cycle' >"$scratch/log"
expect_empty order "$scratch/log"

[ ${#files[@]} -ge 5 ] || echo "only ${#files[@]} units were found" >"$scratch/few"
[ -e "$scratch/few" ] || : >"$scratch/few"
expect_empty units "$scratch/few"
suite_end
