#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# herd.sh: print the path of a program that runs herd7 with the kernel's memory model, on the
# litmus tests that are its arguments. herd7 is from Debian sid, with sid's C library; nothing
# is installed. The model is that of the kernel `debug`.
# --versions: print the versions of herd7 and of the kernel's source instead.
# --packages: install the packages that this script needs, and stop.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/archive.sh"
. "$lab/source.sh"

case ${1-}:$# in
:0 | --versions:1 | --packages:1) ;;
*) die "unknown argument $1" "usage: lab/herd.sh [--versions|--packages]" ;;
esac
packages_need dpkg-deb:dpkg apt-get:apt xz:xz-utils
[ "${1-}" != --packages ] || exit 0

tree=$cache/herd

# herd_fetch: download herd7 and the libraries that it needs, and unpack what is used.
herd_fetch() (
	archive_open sid
	rm -rf "$tree" "$tree.part"
	mkdir -p "$tree.part/get"
	cd "$tree.part/get"
	say "fetching herdtools7 of Debian sid"
	archive_apt get -q download herdtools7 libc6 libgmp10 >../log 2>&1 || {
		tail -n 5 ../log >&2
		die "cannot fetch the packages herdtools7, libc6 and libgmp10 of sid" "check the network, and run it again"
	}
	for package in *.deb; do dpkg-deb -x "$package" ../root; done
	dpkg-deb -f herdtools7_*.deb Version >../version
	cd ..
	mv root/usr/bin/herd7 root/usr/share/herdtools7/herd .
	mkdir lib
	# Of the loader there are links.
	cp -L root/usr/lib*/ld*.so.? root/usr/lib/*/{libc,libm,libgmp}.so.* lib/
	echo "$key" >complete
	rm -rf get root log
	mv "$tree.part" "$tree"
)

# Two runs at once must not both fetch. The lists have a lock of their own.
cache_lock herd 6
key=$(cksum <"$lab/herd.sh")
[ "$(cat "$tree/complete" 2>/dev/null)" = "$key" ] || herd_fetch

kernel_select debug
model=$(source_memory_model)/tools/memory-model
if [ "${1-}" = --versions ]; then
	echo "herd7 $(cat "$tree/version"), the memory model of $image $(dpkg-deb -f "$(source_get)" Version)"
	exit
fi
# A test is found from here, but the model's files include each other by name.
cat >"$tree/run.new" <<SCRIPT
#!/bin/sh
for file; do
	shift
	case \$file in /* | -*) ;; *) file=\$PWD/\$file ;; esac
	set -- "\$@" "\$file"
done
cd '$model' && exec $(printf "'%s'" "$tree"/lib/ld*.so.?) --library-path '$tree/lib' '$tree/herd7' \\
	-set-libdir '$tree/herd' -conf linux-kernel.cfg "\$@"
SCRIPT
chmod 755 "$tree/run.new"
mv "$tree/run.new" "$tree/run"
echo "$tree/run"
