# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2030,SC2031 # $cache and $lab are the caller's
# Sourced, after check.sh, kernels.sh and archive.sh: root file systems of Debian suites, to
# build and install packages in.

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
	# The digits are those of the key: another root's name may begin with this one.
	rm -f "$dir/$name"-[0-9]*.tar "$dir/.$name".tar
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

# debian_unpack TAR ROOT: unpack a root's tar into the new directory ROOT.
debian_unpack() {
	mkdir "$2" && tar -x -f "$1" -C "$2" --exclude='./dev/*'
}

# debian_sources ROOT: copy this checkout to /src in ROOT. After check.sh.
debian_sources() {
	mkdir -p "$1/src"
	check_files | tar -c -T - | tar -x -C "$1/src"
}

# debian_packages SUITE DIR: build the packages in a Debian of SUITE, with README's command,
# and copy them to DIR. Where the suite's libbpf is too old, `make deb` fetches one, for which
# the root has the network. Adds a test, SUITE/build.
debian_packages() {
	local suite=$1 root="$scratch/build-$1" tar libbpf=''
	if [ "$suite" = trixie ]; then libbpf='libbpf-dev,'; fi
	tar=$(debian_root "packages-$suite-tool" "$suite" "$debian_build,${libbpf}dh-dkms") || exit
	debian_unpack "$tar" "$root" || exit
	debian_sources "$root"
	: >"$scratch/log"
	debian_network=1 debian_inside "$root" make -s -C /src deb >"$scratch/said" 2>&1 || tail -n 30 "$scratch/said" >"$scratch/log"
	grep 'without l2pc run' "$scratch/said" >>"$scratch/log"
	expect_empty "$suite/build" "$scratch/log"
	mkdir -p "$2"
	cp "$root"/src/dist/*.deb "$2/" || exit
	rm -rf --one-file-system "$root"
}

# debian_download NAME ROOT DEB...: leave in ROOT the package lists and the packages that apt in
# ROOT needs to install these files, Recommends included, so that it needs no network. The
# settings of mmdebstrap are removed, so that ROOT's apt has its defaults. The cache keeps
# the packages by NAME.
debian_download() {
	local root=$2 kept=$cache/debian/archives-$1 to=$2/var/cache/apt/archives
	shift 2
	rm -f "$root"/etc/apt/apt.conf.d/99mmdebstrap
	mkdir -p "$kept" "$to/partial"
	cp "$kept"/*.deb "$to/" 2>/dev/null
	local options=(-q -y -o "Dir::Etc::sourcelist=$root/etc/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State=$root/var/lib/apt"
		-o "Dir::State::status=$root/var/lib/dpkg/status" -o "Dir::Cache=$root/var/cache/apt" -o APT::Sandbox::User=root
		-o Acquire::Languages=none -o APT::Install-Recommends=true)
	{
		apt-get "${options[@]}" update && apt-get "${options[@]}" --download-only install "$@" &&
			apt-get "${options[@]}" autoclean
	} >"$kept/log" 2>&1 || {
		tail -n 10 "$kept/log" >&2
		die "what the packages depend on cannot be downloaded" "the whole log: $kept/log"
	}
	rm -f "$kept"/*.deb
	cp "$to"/*.deb "$kept/"
}

# debian_headers KERNEL: prints the packages with a kernel's headers, separated by commas,
# by the names that include the version.
debian_headers() (
	kernel_select "$1"
	archive_open "$suite" "$arch" >&2
	archive_linux "$headers" | sort -u | paste -s -d,
)

# debian_inside ROOT COMMAND...: runs COMMAND in a root, in new mount and pid namespaces, so
# that no mount and no process is left. There is no network, unless $debian_network is set:
# then it is this machine's, with its mirror.
debian_inside() {
	local root=$1 environment=() namespaces=(--mount --pid --net)
	shift
	if [ -n "${debian_network-}" ]; then
		namespaces=(--mount --pid)
		cp /etc/resolv.conf "$root/etc/resolv.conf"
		environment=("L2PC_MIRROR=$(archive_source sid | cut -d ' ' -f 3)" "http_proxy=${http_proxy-}" "https_proxy=${https_proxy-}")
	fi
	# shellcheck disable=SC2016 # the inner shell's
	unshare "${namespaces[@]}" --fork --kill-child sh -eu -c '
		mount -t proc proc "$1/proc"
		mount --rbind /dev "$1/dev"
		root=$1
		shift
		exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
			DEBIAN_FRONTEND=noninteractive "$@"
	' sh "$root" "${environment[@]}" "$@" </dev/null
}
