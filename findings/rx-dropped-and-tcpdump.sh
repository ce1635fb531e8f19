#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Copyright (C) the l2packet_counter authors
# rx-dropped-and-tcpdump.sh: the statistic rx_dropped while a capture runs.
#
# Package    linux-image-6.12.117+deb12-cloud-amd64 6.12.117-1~deb12u1 (bookworm-security),
#            tcpdump 4.99.3-1
# Expected   linux/if_link.h on rx_dropped: "Number of packets received but not processed,
#            e.g. due to lack of resources or unsupported protocol". A capture does not change
#            what is supported: 10 frames of a protocol that the kernel lacks are 10.
# Seen       10 without a capture, 0 while tcpdump runs on the device, and 10 again when
#            tcpdump has ended. The filter of the capture does not matter: `tcpdump arp`, which
#            captures none of the frames, makes it 0, too.
# Follows    rx_packets minus rx_dropped is not what the stack received: it depends on the
#            packet sockets of all programs. A test of rx_dropped runs without captures.
#
# Status 0 while that is so. Downloads to a temporary directory, 45 MB. Needs
# qemu-system-x86_64, xz and cpio.
set -eu
version=6.12.117-1~deb12u1
release=6.12.117+deb12-cloud-amd64
packages=("linux-image-$release=$version" tcpdump=4.99.3-1 iproute2=6.1.0-3
	busybox-static=1:1.35.0-4+deb12u1+b1
	libbpf1 libbsd0 libc6 libcap2 libcap-ng0 libdbus-1-3 libelf1 libgcrypt20 libgpg-error0 liblz4-1 liblzma5 libmd0
	libmnl0 libpcap0.8 libssl3 libsystemd0 libxtables12 libzstd1 zlib1g)
modules="veth pktgen"

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
	echo root:x:0:0::/:/bin/sh >/etc/passwd
	echo root:x:0: >/etc/group
	ip link add eth0 type veth peer name eth1
	sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1 net.ipv6.conf.eth1.disable_ipv6=1
	ip link set eth0 up
	ip link set eth1 up
	echo add_device eth0 >/proc/net/pktgen/kpktgend_0
	for setting in "count 10" "pkt_size 100" "delay 0" "dst_mac $(cat /sys/class/net/eth1/address)" "mpls 0001000a"; do
		echo "$setting" >/proc/net/pktgen/eth0 || echo "@refused $setting"
	done
	statistic() { cat /sys/class/net/eth1/statistics/$1; }
	# frames NAME: 10 frames with an MPLS label, which no module of this kernel receives
	frames() {
		packets=$(statistic rx_packets)
		dropped=$(statistic rx_dropped)
		echo start >/proc/net/pktgen/pgctrl
		for try in $(seq 100); do
			[ $(statistic rx_packets) -lt $((packets + 10)) ] || break
			sleep 0.1
		done
		echo "@$1: $(($(statistic rx_packets) - packets)) received, $(($(statistic rx_dropped) - dropped)) dropped"
	}
	# capture NAME FILTER: the same while tcpdump runs
	capture() {
		tcpdump --immediate-mode -Z root -p -n -U -i eth1 -w /tmp/capture $2 2>/tmp/log &
		until grep -q '^tcpdump: listening' /tmp/log; do sleep 0.1; done
		frames "$1"
		# Until tcpdump has read what there is.
		sleep 2
		kill $!
		wait $!
		echo "@$1: captured $(awk '/ captured$/ { print $1 }' /tmp/log)"
	}
	frames before
	capture all
	frames between
	capture filter arp
	frames after
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
for name in before between after; do
	expect "$name a capture: all 10 frames are dropped frames" grep -q -x "@$name: 10 received, 10 dropped" results
done
for name in all filter; do
	expect "during tcpdump ($name): none of them is" grep -q -x "@$name: 10 received, 0 dropped" results
done
expect "tcpdump captured the 10 frames" grep -q -x "@all: captured 10" results
expect "tcpdump arp captured none of them" grep -q -x "@filter: captured 0" results
exit $status
