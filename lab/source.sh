# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # $suite, $image, $cache are the caller's
# Sourced, after say.sh, cache.sh, kernels.sh (with a kernel selected) and
# archive.sh. Downloads and unpacks the package with a kernel's source.

# Tools of the source that are used here.
source_wanted='tools/net/ynl/*.py Documentation/netlink/genetlink.yaml scripts/checkpatch.pl scripts/spelling.txt
scripts/const_structs.checkpatch scripts/kernel-doc'

# source_get: print the path of the source package, which is downloaded once for all of
# its kernels. It runs in a subshell, because it holds a lock and changes directories.
source_get() (
	cache_lock "source-$suite-$image" >&2
	_deb=$cache/sources/$suite-$image.deb
	if [ ! -e "$_deb" ]; then
		mkdir -p "$cache/sources"
		say "$image: reading the package lists of $suite"
		archive_open "$suite"
		rm -rf "$cache/sources/.$suite-$image"
		mkdir "$cache/sources/.$suite-$image"
		cd "$cache/sources/.$suite-$image" || exit
		say "$image: downloading"
		archive_apt get -q download "$image" >download.log 2>&1 || {
			tail -n 5 download.log >&2
			die "the download of $image failed" "run it again"
		}
		mv ./*.deb "$_deb"
		rm -rf "$cache/sources/.$suite-$image"
	fi
	echo "$_deb"
)

# source_of RELEASE: set image to the source package of the selected kernel. Debian names
# it by the first two numbers of the release.
source_of() {
	[ -n "$suite" ] || die "kernel $kernel: no suite of Debian's archive has its source" \
		"name a kernel of lab/kernels.list: $(kernel_names | tr '\n' ' ')"
	image=linux-source-$(echo "$1" | cut -d. -f1,2)
}

# source_unpack NAME PATTERNS: print a directory with the files that match the
# patterns, as in the kernel's tree. They are unpacked once.
source_unpack() (
	_deb=$(source_get) || exit
	_tree=$cache/sources/$1-$suite-$image
	_key=$({ echo "$2" && stat -c '%s %Y' "$_deb"; } | cksum)
	cache_lock "$1-$suite-$image" >&2
	if [ "$(cat "$_tree/complete" 2>/dev/null)" != "$_key" ]; then
		say "unpacking the $1 of $image"
		rm -rf "$_tree" "$_tree.part"
		mkdir "$_tree.part"
		set -f
		# shellcheck disable=SC2086,SC2046 # a list; the patterns are tar's
		dpkg-deb --fsys-tarfile "$_deb" | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' |
			tar -x -J -C "$_tree.part" --strip-components=1 --wildcards $(printf '*/%s ' $2) || exit
		echo "$_key" >"$_tree.part/complete"
		mv "$_tree.part" "$_tree"
	fi
	echo "$_tree"
)

# source_tools: print a directory with $source_wanted.
source_tools() { source_unpack tools "$source_wanted"; }

# source_selftests: print a directory with the kernel's selftests.
source_selftests() { source_unpack selftests 'tools/testing/selftests/*'; }

# source_memory_model: print a directory with the kernel's memory model, for herd7.
source_memory_model() { source_unpack memory-model 'tools/memory-model/*'; }
