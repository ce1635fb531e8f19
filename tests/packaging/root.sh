#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# root.sh [KERNEL]...: test in a Debian of the kernel's suite, with its headers: the module and
# the packages build with README's commands, the packages install, DKMS builds the module,
# and purging removes everything but the history. The default is the oldest and the newest
# kernel. Needs root.
# shellcheck disable=SC2030,SC2031 # a subshell selects a kernel of its own
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=tests/lib/host/debian.sh
. "$top/tests/lib/host/debian.sh"
# shellcheck source=tests/lib/documents.sh
. "$top/tests/lib/documents.sh"
check_need mmdebstrap:mmdebstrap tar:tar unshare:util-linux apt-get:apt

version=$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' packet-counter.c)
packages=(l2packet-counter-dkms l2pc prometheus-l2pc-exporter)

inside() { debian_inside "$root" "$@"; }

# run_printed NAME COMMAND: run a command that README prints, in the sources in the root.
run_printed() { document_runs "$2" && suite_run "$kernel-$1" inside sh -c "cd /src && $2"; }

# listing: print all files, users and groups, without the records of dpkg and apt, the indexes
# that depmod makes again, and DKMS's own files: its key and its log.
listing() {
	(cd "$root" && find . -xdev \( -path ./src -o -path ./proc -o -path ./dev -o -path ./tmp \
		-o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log -o -path './var/lib/dkms/mok.*' \
		-o -path '*/lib/modules/*/modules.*' \) -prune -o -printf '%p %y %l\n' | sort
	cat etc/passwd etc/group)
}

modules() { find "$root/lib/modules/$release" -name 'l2packet_counter.ko*'; }

expect_built() {
	local file
	modules
	expect_equal "modules" "$(modules | wc -l)" 1
	# Name the file: modinfo cannot use an index without an installed kernel.
	file=$(modules)
	expect_equal "its version" "$(inside modinfo -F version "${file#"$root"}")" "$version"
	expect_equal "its kernel" "$(inside modinfo -F vermagic "${file#"$root"}" | cut -d " " -f 1)" "$release"
}

expect_enabled() {
	local unit missing=''
	for unit in timers.target.wants/l2pc-save.timer multi-user.target.wants/l2pc-save-shutdown.service multi-user.target.wants/l2pc-boot.service \
		multi-user.target.wants/prometheus-l2pc-exporter.service; do
		[ -L "$root/etc/systemd/system/$unit" ] || missing+=" $unit"
	done
	expect_equal "missing units" "$missing" ''
}

# expect_run SUITE: l2pc run is there with the libbpf of Debian 13. In older suites it is not:
# the root has no network, from which lab/libbpf.sh takes one. In both cases it is one line.
expect_run() {
	local said
	said=$(inside l2pc run no-such-device 2>&1) || :
	case $1 in
	trixie)
		expect_match "the libraries" "$(inside ldd /usr/bin/l2pc)" 'libbpf\.so\.1'
		expect_match "l2pc run" "$said" '^l2pc: (run: needs CAP_|no-such-device: no such interface|run: this kernel)'
		;;
	*) expect_equal "l2pc run" "$said" "l2pc: run: not available (l2pc was built without libbpf 1.5)" ;;
	esac
}

# Purging keeps the history unchanged.
expect_purged() {
	expect_equal "the history" "$(cat "$root/var/lib/l2pc/history.db")" history
	rm -r "$root/var/lib/l2pc"
	listing >"$scratch/after"
	expect_same "all files" "$scratch/after" "$scratch/before"
}

try() {
	kernel_select "$1"
	local base=${suite%%-*} tar
	kernel=$1 root=$scratch/root
	tar=$(debian_root "packages-$base" "$base$([ "$base" = "$suite" ] || echo ",$suite")" \
		"$debian_build,dkms,systemd,kmod,$([ "$base" = bullseye ] || echo dh-dkms,)$([ "$base" != trixie ] || echo libbpf-dev,)$(debian_headers "$kernel")") || exit
	debian_unpack "$tar" "$root" || exit
	debian_sources "$root"
	# Debian's headers for one release: the packages for the flavour and the common part.
	release=$(basename "$(ls -d "$root"/lib/modules/*/build)" 2>/dev/null)
	release=$(cd "$root/lib/modules" && echo *)
	[ -d "$root/lib/modules/$release" ] || die "not one kernel's headers: $release"

	printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/bin/sudo"
	chmod 755 "$root/usr/bin/sudo"
	# uname reports the kernel of this machine.
	ln -s "$release" "$root/lib/modules/$(uname -r)"
	run_printed module 'make build'
	suite_run "$kernel-module-built" expect_present "$root/src/l2packet_counter.ko"
	rm -f "$root/lib/modules/$(uname -r)"
	inside make -s -C /src clean

	listing >"$scratch/before"
	run_printed build 'make deb'
	run_printed install 'sudo apt install ./dist/*.deb'
	suite_run "$kernel-dkms" expect_built
	suite_run "$kernel-units" expect_enabled
	suite_run "$kernel-run" expect_run "$base"
	suite_run "$kernel-tool" expect_match "its version" "$(inside l2pc --version)" "${version//./\\.}"
	mkdir -p "$root/var/lib/l2pc"
	echo history >"$root/var/lib/l2pc/history.db"
	suite_run "$kernel-purge" inside dpkg -P "${packages[@]}"
	suite_run "$kernel-nothing-left" expect_purged
	rm -rf --one-file-system "$root"
}

documents_begin tests/packaging/root.sh
# The list is not sorted by version.
if [ $# = 0 ]; then
	set -- "$(kernel_stock_names | grep -x '[0-9.]*' | sort -V | head -n 1)" \
		"$(kernel_stock_names | grep -x '[0-9.]*' | sort -V | tail -n 1)"
fi
for name; do try "$name"; done
suite_end
