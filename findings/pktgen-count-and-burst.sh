#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# pktgen-count-and-burst.sh: how many packets the kernel's packet generator sends.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security)
# Expected   Documentation/networking/pktgen.rst: "count: sets number of packets to send".
#            `count 10` sends 10 packets.
# Seen       With `burst` pktgen ends after the burst that reaches the count, so the number of
#            packets is a multiple of the burst: `count 10` with bursts of 3, 4 and 7 sends 12,
#            12 and 14 packets, in both modes, start_xmit and netif_receive. pktgen reports
#            what it sent: pkts-sofar says 12 next to a count of 10.
# Follows    Tests that compare a count with the count of pktgen use `burst 1`, or a multiple of
#            the burst, or read pkts-sofar.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" iproute2=6.1.0-3 nftables=1.0.6-2+deb12u2 busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libedit2 libelf1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11
	libtinfo6 libxtables12 zlib1g)
modules="libcrc32c nfnetlink nf_tables dummy pktgen"

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
	ip link add eth0 type dummy
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
	ip link set eth0 up
	nft -f - <<-RULES
		table netdev t {
			chain c {
				type filter hook ingress device "eth0" priority 0;
				counter
			}
		}
	RULES
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	counted() {
		case $1 in
		start_xmit) cat /sys/class/net/eth0/statistics/tx_packets ;;
		netif_receive) nft list ruleset | awk '$1 == "counter" { print $3 }' ;;
		esac
	}
	for mode in start_xmit netif_receive; do
		for burst in 1 2 3 4 7; do
			for setting in "xmit_mode $mode" "count 10" "burst $burst" "pkt_size 100" "delay 0" "dst 10.0.0.9"; do
				echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
			done
			before=$(counted $mode)
			echo start >/proc/net/pktgen/pgctrl
			echo "@$mode burst $burst: $(($(counted $mode) - before)) packets," $(grep -o 'pkts-sofar: [0-9]*' /proc/net/pktgen/eth0)
		done
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
for mode in start_xmit netif_receive; do
	for pair in 1:10 2:10 3:12 4:12 7:14; do
		expect "$mode: a count of 10 in bursts of ${pair%:*} sends and reports ${pair#*:} packets" \
			grep -q -x "@$mode burst ${pair%:*}: ${pair#*:} packets, pkts-sofar: ${pair#*:}" results
	done
done
exit $status
