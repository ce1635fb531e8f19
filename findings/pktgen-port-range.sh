#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# pktgen-port-range.sh: the ranges of the kernel's packet generator.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   Documentation/networking/pktgen.rst: "src_max: Set the maximum source IP",
#            "udp_src_max: set UDP source port max", "cycle through the port range". The
#            maximum belongs to each range.
# Seen       It belongs to the ranges of addresses, not to those of ports: src_min 10.0.0.1
#            with src_max 10.0.0.4 gives 4 addresses, udp_src_min 9 with udp_src_max 12 gives
#            the 3 ports 9, 10 and 11. udp_dst_min and udp_dst_max do the same.
# Follows    A test that wants N ports sets the maximum to the minimum plus N. Addresses do not
#            need that.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2 busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libedit2 libelf1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11
	libtinfo6 libxtables12 zlib1g)
modules="libcrc32c nfnetlink nf_tables veth pktgen"

untried() {
	echo "$*" >&2
	exit 2
}
for tool in qemu-system-x86_64 xz cpio; do
	command -v $tool >/dev/null || untried "$tool is missing"
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# --- the packages, through a private apt state ---------------------------------

# private get|cache ARG...
private() {
	local tool=apt-$1
	shift
	"$tool" -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State::Lists="$dir/lists" -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" \
		-o Acquire::Languages=none -o APT::Sandbox::User= "$@"
}
# shellcheck disable=SC2016 # apt's own variables
apt-get indextargets --format '$(SITE)|$(LABEL)' 'Created-By: Packages' | awk -F'|' '
	$2 == "Debian" { suite["bookworm"] = $1 }
	$2 == "Debian-Security" { suite["bookworm-security"] = $1 }
	END { for (name in suite) print "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]", suite[name], name, "main" }
' >sources.list
[ "$(wc -l <sources.list)" = 2 ] || untried "this machine has no package lists of a Debian mirror"
mkdir -p lists/partial cache/archives/partial debs
: >status
{ private get update && cd debs && private get download "${packages[@]}"; } >"$dir/log" 2>&1 ||
	{ tail -n 3 "$dir/log" >&2 && untried "the packages cannot be downloaded"; }
cd "$dir"

# --- the guest -----------------------------------------------------------------

mkdir -p kernel root/usr/{bin,sbin,lib,lib64} root/{proc,sys,dev,tmp,run/netns,modules}
for link in bin sbin lib lib64; do ln -s usr/$link root/$link; done
ln -s busybox root/bin/sh
for deb in debs/*.deb; do
	case $deb in */linux-*) to=kernel ;; *) to=root ;; esac
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C $to --keep-directory-symlink --exclude='./usr/share/*'
done
for module in $modules; do
	xz -dc "$(find kernel -name "$module.ko.xz")" >"root/modules/$module.ko"
done
cat >root/init <<-INIT
	#!/bin/sh
	export PATH=/usr/sbin:/usr/bin
	/bin/busybox --install -s /bin 2>/dev/null
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs dev /dev
	for module in $modules; do insmod /modules/\$module.ko; done
	sh /guest
	echo @end
	poweroff -f
INIT
chmod 755 root/init
cat >root/guest <<-'GUEST'
	# busybox prefers its own commands.
	ip() { /sbin/ip "$@"; }
	ip link add eth0 type veth peer name eth1
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1 net.ipv6.conf.eth1.disable_ipv6=1
	ip link set eth0 up
	ip link set eth1 up
	nft -f - <<-RULES
		table netdev t {
			set macs { type ether_addr; flags dynamic; }
			set sources { type ipv4_addr; flags dynamic; }
			set destinations { type ipv4_addr; flags dynamic; }
			set from_ports { type inet_service; flags dynamic; }
			set to_ports { type inet_service; flags dynamic; }
			chain c {
				type filter hook ingress device "eth1" priority 0;
				update @macs { ether saddr }
				update @sources { ip saddr }
				update @destinations { ip daddr }
				update @from_ports { udp sport }
				update @to_ports { udp dport }
			}
		}
	RULES
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 240" "pkt_size 100" "delay 0" "dst_mac 02:00:00:00:00:01" \
		"src_mac 02:00:00:00:00:11" "src_mac_count 4" "src_min 10.0.0.1" "src_max 10.0.0.4" \
		"dst_min 10.0.1.1" "dst_max 10.0.1.4" "udp_src_min 9" "udp_src_max 12" \
		"udp_dst_min 20" "udp_dst_max 23"; do
		echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
	done
	echo start >/proc/net/pktgen/pgctrl
	for set in macs sources destinations from_ports to_ports; do
		echo "@$set" $(nft -nn list set netdev t $set | tr -d '\n' | sed -n 's/.*elements = {\([^}]*\)}.*/\1/p' | tr -d '\t ' |
			tr ',' '\n' | sort)
	done
GUEST
(cd root && find . | cpio -o -H newc --quiet | gzip -1) >initrd
timeout 900 qemu-system-x86_64 -M q35 -cpu max -accel tcg -smp 1 -m 512 -nodefaults -no-user-config -no-reboot \
	-display none -monitor none -serial file:console -kernel "$(find kernel -name 'vmlinuz*' -type f)" -initrd initrd \
	-append "console=ttyS0 quiet loglevel=1 panic=-1 no_timer_check cryptomgr.notests=1" >log 2>&1 </dev/null || :
tr -d '\r' <console | grep '^@' >results || :
grep -q -x '@end' results || { tail -n 15 log console >&2 && untried "the guest did not come to its end"; }

# --- the verdict ---------------------------------------------------------------

cat results
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
expect "src_mac_count 4 is 4 addresses" \
	grep -q -x "@macs 02:00:00:00:00:11 02:00:00:00:00:12 02:00:00:00:00:13 02:00:00:00:00:14" results
expect "the last address of src_max is used" grep -q -x "@sources 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4" results
expect "the last address of dst_max is used" grep -q -x "@destinations 10.0.1.1 10.0.1.2 10.0.1.3 10.0.1.4" results
expect "the port of udp_src_max is not used" grep -q -x "@from_ports 10 11 9" results
expect "the port of udp_dst_max is not used" grep -q -x "@to_ports 20 21 22" results
exit $status
