# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2030,SC2031 # $cache and $lab are the caller's
# Sourced, after say.sh, packages.sh, cache.sh, kernels.sh and archive.sh: root file systems
# of Debian suites, to install packages in.

# Build dependencies of our packages. dh_dkms is in dkms or in dh-dkms.
debian_build="build-essential,debhelper,pkg-config,libmnl-dev,libncurses-dev,libjson-c-dev,\
libmicrohttpd-dev,zlib1g-dev,libsqlite3-dev,libelf-dev"

# debian_root NAME SUITES PACKAGES: prints the path of a root's tar, which the first call
# makes. The root is of the first suite, and has the package lists of all; SUITES are
# separated by commas.
debian_root() (
	name=$1 suites=$2 packages=$3
	packages_need mmdebstrap:mmdebstrap tar:tar >&2
	[ "$(id -u)" = 0 ] || die "making a root with all its owners needs root"
	dir=$cache/debian
	mkdir -p "$dir"
	key=$(printf '%s\n' "$suites" "$packages" 1 | cksum | tr ' ' -)
	tar=$dir/$name-$key.tar
	cache_lock "debian-$name" >&2
	[ ! -e "$tar" ] || {
		echo "$tar"
		exit
	}
	say "making a Debian root, $name: $suites"
	rm -f "$dir/$name"-*.tar "$dir/.$name".tar
	sources=()
	for suite in ${suites//,/ }; do sources+=("$(archive_source "$suite")") || exit; done
	mmdebstrap --quiet --mode=root --variant=apt --format=tar --include="$packages" \
		--aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
		--aptopt='APT::Sandbox::User "root"' --dpkgopt='force-unsafe-io' \
		"${suites%%,*}" "$dir/.$name.tar" "${sources[@]}" >"$dir/$name.log" 2>&1 || {
		tail -n 10 "$dir/$name.log" >&2
		die "the root $name cannot be made" "check the network" "the whole log: $dir/$name.log"
	}
	mv "$dir/.$name.tar" "$tar"
	echo "$tar"
)

# debian_headers KERNEL: prints the packages with a kernel's headers, separated by commas,
# by the names that include the version.
debian_headers() (
	kernel_select "$1"
	archive_open "$suite" "$arch" >&2
	archive_linux "$headers" | sort -u | paste -s -d,
)

# debian_inside ROOT COMMAND...: runs COMMAND in a root, in new mount and pid namespaces, so
# that no mount and no process is left.
debian_inside() {
	local root=$1
	shift
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount --pid --net --fork --kill-child sh -eu -c '
		mount -t proc proc "$1/proc"
		mount --rbind /dev "$1/dev"
		root=$1
		shift
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
			DEBIAN_FRONTEND=noninteractive "$@"
	' sh "$root" "$@" </dev/null
}
