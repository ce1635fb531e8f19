# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # nic_args is the caller's
# Sourced. Adds network interfaces to the VM, each at a tap of the host. The emulator is
# $qemu_program, by default that of x86_64.

# nic_check MODEL:TAP[:QUEUES]...: set the array nic_args to QEMU's arguments. MODEL is a
# device of QEMU, optionally with properties after commas. The address of the Nth interface
# ends in N, which identifies the interface in the guest.
nic_check() {
	local n=0 spec model tap queues more backend device
	nic_args=()
	for spec in "$@"; do
		IFS=: read -r model tap queues more <<<"$spec"
		queues=${queues:-1}
		if [ -z "$model" ] || [ -z "$tap" ] || [ -n "$more" ] || [[ ! $queues =~ ^[1-9][0-9]*$ ]]; then
			die "--nic $spec is not MODEL:TAP[:QUEUES]" "for example: --nic virtio-net-pci:tap0:2"
		fi
		nic_have "$model" || die "this machine's QEMU has no device ${model%%,*}" \
			"there are: $(nic_models | tr '\n' ' ')"
		n=$((n + 1))
		printf -v device "%s,netdev=nic%d,mac=02:4c:32:50:43:%02x" "$model" $n $n
		backend=tap,id=nic$n,ifname=$tap,script=no,downscript=no
		# A model with a single queue has no property mq.
		if [ "$queues" != 1 ]; then
			backend=$backend,queues=$queues
			device=$device,mq=on,vectors=$((2 * queues + 2))
		fi
		nic_args+=(-netdev "$backend" -device "$device")
	done
}

# nic_have MODEL[,PROPERTY...]: check that this machine's QEMU has the model.
nic_have() { [[ $'\n'$(nic_models)$'\n' == *$'\n'"${1%%,*}"$'\n'* ]]; }

nic_models() {
	"${qemu_program:-qemu-system-x86_64}" -device help 2>/dev/null |
		awk -F'"' '/^[A-Z].* devices:$/ { network = /^Network/ } network && /^name "/ { print $2 }'
}
