#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# drivers.sh [--kernel NAME]: test that frames received by real drivers are counted as they
# were on the wire. QEMU's network interfaces are connected to taps in a namespace of this
# test. The tests in the guest (tests/lab/guest/drivers.test.sh) request frames over the
# control port, and send their counts to be compared (wire.sh).
# L2PC_OUT: directory for the VM's logs. L2PC_TEST selects tests by name.
# shellcheck source=tests/lib/host/suite.sh
. "$(dirname "$0")/../lib/host/suite.sh"
# shellcheck source=lab/nic.sh
. "$lab/nic.sh"
. "$here/wire.sh"
kernel=default
[ "${1:-}" != --kernel ] || kernel=$2
# The cloud kernels have no drivers for hardware.
case $kernel in
default | 6.12) kernel=6.12-generic ;;
6.1) kernel=6.1-generic ;;
esac

packages_need qemu-system-x86_64:qemu-system-x86 gcc:gcc /usr/include/stdio.h:libc6-dev ip:iproute2 modprobe:kmod
# shellcheck disable=SC2031 # the subshell in packages.sh is another matter
PATH=$PATH:/usr/sbin:/sbin
work=$scratch
ns=l2pc-drivers-$$
vm='' host=''
cleanup() {
	local pid
	for pid in $vm $host; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	ip netns del "$ns" 2>/dev/null
}

ip netns add $ns 2>/dev/null || skip "network namespaces need root"
gcc -O2 -Wall -o "$work/framesend" "$here/framesend.c" || exit

# tap NAME QUEUES: make a tap, into which this machine sends no frames of its own. Its queue
# is long enough until the guest reads the frames.
tap() {
	local queues=()
	[ "$2" = 1 ] || queues=(multi_queue)
	inside ip tuntap add dev "$1" mode tap ${queues[@]+"${queues[@]}"} &&
		inside ip link set "$1" addrgenmode none mtu 9000 txqueuelen 100000 up
}

inside() { ip netns exec $ns "$@"; }

# kernel_has DRIVER: true when the kernel has the driver.
kernel_has() { modprobe -C /dev/null -d "$entry" -S "$(cat "$entry/release")" -D "$1" >/dev/null 2>&1; }

entry=$("$lab/fetch.sh" "$kernel") || exit
nics=() options=()
# nic DRIVER MODEL QUEUES: add an interface, with a tap of the driver's name. Skip a driver or
# a model that a machine may lack.
nic() {
	if ! nic_have "$2" && [ "$2" = igb ]; then
		suite_report SKIP "$1" "this machine's QEMU $version has no $2"
	elif ! kernel_has "$1" && [ "$1" != virtio_net ]; then
		suite_report SKIP "$1" "kernel $kernel has no $1"
	else
		tap "$1" "$3" || exit
		nics+=("$1")
		options+=(--nic "$2:$1:$3")
	fi
}
version=$(qemu-system-x86_64 --version | awk '{ print $4; exit }')
nic virtio_net virtio-net-pci 2
nic e1000e e1000e 1
nic e1000 e1000 1
nic igb igb 1

mkfifo "$work/control.in" "$work/control.out"
wire_serve <"$work/control.out" >"$work/control.in" &
host=$!

out=${L2PC_OUT:-$work/out}
"$lab/run.sh" --kernel "$kernel" --timeout 900 --netns $ns --control "$work/control" "${options[@]}" \
	--modules "${nics[*]}" --env "L2PC_NICS=${nics[*]}" --out "$out" "$here/guest/drivers.test.sh" &
vm=$!
rc=0
wait $vm || rc=$?
vm=''
suite_relay "$out/result"
[ "$rc" = 0 ] || suite_failed || fail "the VM" "status 0" "$rc"
suite_end
