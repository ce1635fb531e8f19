#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ynl-enum-with-a-gap.sh: the kernel's netlink code generator and an enum whose values
# have a gap.
#
# Package    linux-source-6.12 6.12.117-1~deb12u1 (Debian 12), tools/net/ynl/ynl-gen-c.py
# Expected   The schema of netlink specs has `value:` for an enum's entry, so an enum
#            {0, 1, 3} is valid, and the UAPI header can have it.
# Seen       The schema accepts the spec. The generator ends with "Can't get value range
#            for a noncontiguous enum" as soon as an attribute is of that enum, also for the
#            UAPI header, which has no ranges, and without any `checks:`. An enum that no
#            attribute names is written with its gap.
# Follows    A value that goes out of use cannot be left out of an enum of
#            spec/l2packet_counter.yaml: it is given to another entry, or kept.
#
# Status 0 while that is so. Downloads to a temporary directory, 150 MB.
set -eu
version=6.12.117-1~deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -q -o APT::Sandbox::User= download "linux-source-6.12=$version" python3-yaml python3-jsonschema python3-attr \
	python3-pyrsistent >log 2>&1 || { tail -n 3 log >&2 && echo "the packages cannot be downloaded" >&2 && exit 2; }
for deb in python3-*.deb; do dpkg -x "$deb" python; done
dpkg-deb --fsys-tarfile linux-source-*.deb | tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' |
	tar -x -J --strip-components=1 --wildcards '*/tools/net/ynl/*.py' '*/Documentation/netlink/genetlink.yaml'
export PYTHONPATH=$dir/python/usr/lib/python3/dist-packages
: >MAINTAINERS
mkdir -p Documentation/netlink/specs

# spec VALUE TYPE: a family with an enum whose third entry has VALUE, and an attribute
# of TYPE.
spec() {
	cat >Documentation/netlink/specs/probe.yaml <<-YAML
		# SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
		name: probe
		protocol: genetlink
		doc: A probe.
		definitions:
		  -
		    type: enum
		    name: kind
		    entries:
		      - none
		      - one
		      -
		        name: other
		        value: $1
		attribute-sets:
		  -
		    name: thing
		    attributes:
		      -
		        name: kind
		        type: u32
		        $2
		operations:
		  list:
		    -
		      name: get
		      doc: Get it.
		      attribute-set: thing
		      do:
		        request:
		          attributes: [ kind ]
	YAML
	/usr/bin/python3 - <<-PYTHON
		import jsonschema, yaml
		read = lambda name: yaml.safe_load(open(name))
		jsonschema.validate(read("Documentation/netlink/specs/probe.yaml"), read("Documentation/netlink/genetlink.yaml"))
	PYTHON
	/usr/bin/python3 tools/net/ynl/ynl-gen-c.py --spec Documentation/netlink/specs/probe.yaml --mode uapi --header \
		-o probe.h 2>error
}

status=0
# expect WHAT COMMAND...
expect() {
	local what=$1
	shift
	if "$@"; then echo "as seen before: $what"; else
		echo "CHANGED: not any more: $what"
		status=1
	fi
}
refused() { ! spec "$@" && grep -q "noncontiguous enum" error; }
written() { spec "$@" && grep -q '_KIND_OTHER' probe.h; }
expect "an attribute of an enum {0, 1, 2} is generated" written 2 "enum: kind"
expect "an attribute of an enum {0, 1, 3} is refused" refused 3 "enum: kind"
expect "an enum {0, 1, 3} that no attribute names is generated" written 3 ""
exit $status
