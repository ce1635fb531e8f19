# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # $suite, $image, $cache are the caller's
# Sourced, after say.sh, cache.sh, kernels.sh (with a kernel selected) and
# archive.sh: the package with a kernel's source.

# source_get: prints the source package, downloaded once for all kernels of it. In
# a subshell: it holds a lock, and changes directories.
source_get() (
	cache_lock "source-$suite-$image" >&2
	deb=$cache/sources/$suite-$image.deb
	if [ ! -e "$deb" ]; then
		mkdir -p "$cache/sources"
		say "$image: reading the package lists of $suite"
		archive_open "$suite"
		rm -rf "$cache/sources/.$suite-$image"
		mkdir "$cache/sources/.$suite-$image"
		cd "$cache/sources/.$suite-$image"
		say "$image: downloading"
		archive_apt get -q download "$image" >download.log 2>&1 || {
			tail -n 5 download.log >&2
			die "the download of $image failed" "run it again"
		}
		mv ./*.deb "$deb"
		rm -rf "$cache/sources/.$suite-$image"
	fi
	echo "$deb"
)
