#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The systemd units: what systemd itself finds wrong with them, how exposed each service
# is, and that they fit in where the network is set up early. In a root of its own, with
# the programs that they call.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need systemd-analyze:systemd

# The exposure that each may have, in tenths; systemd's scale goes to 100.
most() {
	case $1 in
	# It has to load the module, and to leave totals whose they are.
	l2pc@.service | l2pc-pattern@.service) echo 32 ;;
	*) echo 20 ;;
	esac
}

root=$scratch/root units=$scratch/root/usr/lib/systemd/system
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
	systemd-analyze verify --root="$root" --man=no "$unit" 2>&1 | grep -F "${name%@*}" >"$scratch/log"
	case $name in
	*.service)
		systemd-analyze security --root="$root" --offline=yes --threshold="$(most "$name")" --no-pager "$unit" \
			>"$scratch/security" 2>&1 || {
			tail -n 1 "$scratch/security"
			echo "$name may have $(most "$name") tenths"
		} >>"$scratch/log"
		grep -q 'Overall exposure level' "$scratch/security" || cat "$scratch/security" >>"$scratch/log"
		;;
	esac
	# What systemd adds by default, and nobody else does.
	! grep -q -x 'DefaultDependencies=no' "$file" || for line in Conflicts=shutdown.target Before=shutdown.target; do
		grep -q -x "$line" "$file" || echo "$name has no $line: nothing stops it at shutdown"
	done >>"$scratch/log"
	expect_empty "$name" "$scratch/log"
done

# stand_in NAME LINE...: a service that systemd orders as these lines say.
stand_in() {
	printf '%s\n' '[Unit]' 'DefaultDependencies=no' "${@:2}" '[Service]' 'Type=oneshot' 'ExecStart=/usr/bin/l2pc' >"$units/$1"
}

# As cloud-init does it: before sysinit.target it needs a network, and that network-pre.target.
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
