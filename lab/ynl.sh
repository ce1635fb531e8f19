#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ynl.sh: print a directory with what a guest needs to run `ynl`, the kernel's client for
# any netlink family with a YAML spec: the tool from Debian's linux-source, Python with
# jsonschema, and this project's spec. The directory is made once, and for the tests only.
# L2PC_GUEST names another architecture, as for image.sh.
# --source: print the directory of the tool and its schema instead.
# --packages: install the packages that this script needs, and stop.
set -eu -o pipefail
lab=$(cd "$(dirname "$0")" && pwd)
. "$lab/say.sh"
. "$lab/packages.sh"
. "$lab/cache.sh"
. "$lab/kernels.sh"
. "$lab/archive.sh"
. "$lab/source.sh"
. "$lab/cross.sh"
. "$lab/image.sh"

# The source package is that of the kernel `debug`.
kernel_select debug
packages_need python3:python3 /usr/lib/python3/dist-packages/yaml/__init__.py:python3-yaml \
	/usr/lib/python3/dist-packages/jsonschema:python3-jsonschema xz:xz-utils ldd:libc-bin
[ "${1-}" != --packages ] || exit 0

source=$(source_tools)
[ "${1-}" != --source ] || { echo "$source" && exit; }
cache_lock ynl

# An emulated guest's programs are in $image_root, and run in an emulator.
image_guest
root=$image_root
emulator=(env)
[ -z "$root" ] || emulator=("qemu-$cross_machine" -L "$root")

python=$("${emulator[@]}" "$root/usr/bin/python3" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
# This program prints the names of Debian's modules that an import of jsonschema loads, from
# the root of its argument.
imported='
import sys
before = set(sys.modules)
import jsonschema
top = sys.argv[1] + "/usr/lib/python3/dist-packages/"
files = (getattr(sys.modules[name], "__file__", None) or "" for name in set(sys.modules) - before)
print(*sorted({file[len(top):].split("/")[0] for file in files if file.startswith(top)}))'
schema=$("${emulator[@]}" "$root/usr/bin/python3" -B -c "$imported" "$root")
case " $schema " in *' jsonschema '*) ;; *) die "an import of jsonschema loads none of Debian's modules: $schema" ;; esac
key=$({ cat "$0" "$lab/../spec/l2packet_counter.yaml" && echo "$image_machine $schema" && stat -L -c '%s %Y' "$root/usr/bin/python3"; } |
	sha256sum | cut -c1-16)
tree=$cache/ynl/tree-$key
if [ ! -d "$tree" ]; then
	say "packing ynl and Python $python"
	# Delete trees that were not used since yesterday. Other checkouts have their own.
	mkdir -p "$cache/ynl"
	find "$cache/ynl" -maxdepth 1 -name 'tree-*' -mtime +1 -exec rm -rf {} +
	new=$tree.part
	rm -rf "$new"
	mkdir -p "$new/usr/bin" "$new/usr/lib/python$python" "$new/usr/lib/python3/dist-packages" "$new/usr/local/bin" "$new/usr/share/ynl"
	cp -L "$root/usr/bin/python3" "$new/usr/bin/"
	(cd "$root/usr/lib/python$python" && find . \( -name test -o -name idlelib -o -name lib2to3 -o -name ensurepip \
		-o -name pydoc_data -o -name __pycache__ -o -name tkinter -o -name 'config-*' \) -prune -o -type f -print | cpio -o -H newc --quiet) |
		(cd "$new/usr/lib/python$python" && cpio -i -d --quiet)
	for module in yaml _yaml $schema; do
		cp -aL "$root/usr/lib/python3/dist-packages/$module" "$new/usr/lib/python3/dist-packages/"
	done
	cp -a "$source/tools/net/ynl/." "$new/usr/share/ynl/"
	cp "$lab/../spec/l2packet_counter.yaml" "$new/usr/share/ynl/"
	find "$new" -name '*.so' -o -name python3 >"$new/programs"
	mapfile -t programs <"$new/programs"
	rm "$new/programs"
	image_libraries_copy "$new" "${programs[@]}"
	# The schema checks the spec when the header is generated, not at each call.
	printf '#!/bin/sh\nexec python3 /usr/share/ynl/cli.py --no-schema --spec /usr/share/ynl/l2packet_counter.yaml "$@"\n' \
		>"$new/usr/local/bin/ynl"
	chmod 755 "$new/usr/local/bin/ynl"
	mv "$new" "$tree"
fi
touch "$tree"
echo "$tree"
