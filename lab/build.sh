#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# build.sh NAME [SRCDIR]: build the module for a kernel of kernels.list, in the cache,
# and print the path of the .ko. A warning from the module's sources is an error.
# L2PC_DEBUG=1 builds with the debugging flags, L2PC_GCOV=1 with counters for gcov.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/cross.sh"

kernel_select "${1:?usage: lab/build.sh NAME [SRCDIR]}"
src=$(cd "${2:-$lab/..}" && pwd)
[ -e "$src/Kbuild" ] || die "no Kbuild in $src"
entry=$("$lab/fetch.sh" "$kernel")

# One build directory for each kernel and source tree, because checkouts share the cache.
place=build-$kernel-$(printf %s "$src" | cksum | cut -d' ' -f1)
dir=$cache/build/${place#build-}
cache_lock "$place"

new=$dir.new
rm -rf "$new"
mkdir -p "$new"
for f in Kbuild kmod compat include "$src"/*.[ch]; do
	f=$src/${f#"$src/"}
	[ ! -e "$f" ] || cp -a "$f" "$new/"
done
find "$new" \( -name '*.o' -o -name '*.cmd' -o -name '*.mod' -o -name '*.mod.c' \) -delete
stamp=$({
	echo "$(cat "$entry/release") $built_in ${L2PC_DEBUG:-} ${L2PC_GCOV:-} $(cksum <"$lab/build.sh")"
	cd "$new" && find . -type f | LC_ALL=C sort | xargs -r -d '\n' sha256sum
} | sha256sum | cut -d' ' -f1)
if [ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ]; then
	rm -rf "$new"
	ls "$dir"/*.ko
	exit
fi
rm -rf "$dir"
mv "$new" "$dir"

say "building the module for kernel $kernel ($(cat "$entry/release"))"
# Without pahole, modules have no BTF. The kernel's build tree was made for this compiler,
# or the module is built in a root that has the right one, or (5.10) this compiler works.
set -- make -j"$(nproc)" -C "$entry/build" M="$dir" CONFIG_DEBUG_INFO_BTF_MODULES= W=1 CC=gcc \
	${L2PC_DEBUG:+L2PC_DEBUG=y} ${L2PC_GCOV:+L2PC_GCOV=y} modules
if [ -n "$cross" ]; then
	cross_select "$arch" || die "lab/cross.sh has no architecture $arch"
	set -- "$@" "ARCH=$cross_linux" "CROSS_COMPILE=$cross_triplet-" "CC=$cross_triplet-gcc"
	cross_compiler_need
fi
if [ "$built_in" = host ] || [ -n "$cross" ]; then
	packages_need make:make gcc:gcc ld:binutils '/usr/lib/*/libelf.so.1:libelf1'
else
	# A root of another architecture has only the compiler of its suite.
	[ -n "$arch" ] || set -- "$@" CC=gcc-14
	set -- "$lab/root.sh" "$built_in" "$@"
fi
"$@" >"$dir/build.log" 2>&1 || {
	grep -E 'error|undefined|\*\*\*|No such' "$dir/build.log" >&2 || tail -n 20 "$dir/build.log" >&2
	die "the module does not build for kernel $kernel" "the whole log: $dir/build.log"
}
if grep -E "^($dir/|\./)?[^/ ][^ ]*:[0-9]+:.*warning:|WARNING: modpost" "$dir/build.log" >&2; then
	die "the module builds for kernel $kernel, but not without warnings" "the whole log: $dir/build.log"
fi
echo "$stamp" >"$dir/stamp"
ls "$dir"/*.ko
