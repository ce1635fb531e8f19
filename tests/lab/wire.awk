# SPDX-License-Identifier: GPL-2.0
# wire.awk -v dev=DEV TRACE: count packets in a kernel's trace of the events
# napi_gro_receive_entry (a driver passes a packet on) and netif_receive_skb (the stack gets
# one). Prints assignments:
#   handed            packets that the driver passed on
#   tagged            of these, with a tag stripped by hardware
#   dodgy             of these, super-packets from outside, which set the segment size
#   threads           of these, by a NAPI thread of the interface
#   queues            RX queues of these; 0 where the driver does not record it
#   received          packets that the stack got, after GRO
#   cpus              CPUs of these
#   moved             of these, on another CPU than the driver's
#   merged_tagged, merged_untagged
#                     of these, merged by GRO
#   merged            lengths without Ethernet header of the first frame of each merged
#                     packet
function list(set, max,   i, text) {
	for (i = 0; i <= max; i++)
		if (i in set)
			text = text (text == "" ? "" : " ") i
	return "\"" text "\""
}

# TASK-PID [CPU] FLAGS TIME: EVENT: KEY=VALUE...
!match($0, /\[[0-9]+\]/) { next }

{
	cpu = substr($0, RSTART + 1, RLENGTH - 2) + 0
	for (i = 4; i <= NF; i++)
		if (split($i, pair, "=") == 2)
			value[pair[1]] = pair[2]
	skb = value["skbaddr"]
}

/ napi_gro_receive_entry: / {
	handed++
	threads += index($1, "napi/" dev "-") == 1
	tagged += value["vlan_tagged"]
	# SKB_GSO_DODGY
	dodgy += value["gso_size"] && value["gso_type"] ~ /[2367abef]$/
	queues[value["queue_mapping"] + 0] = 1
	cpu_of[skb] = cpu
	length_of[skb] = value["len"] + 0
	tag_of[skb] = value["vlan_tagged"] + 0 || value["protocol"] == "0x8100"
}

/ netif_receive_skb: / {
	received++
	cpus[cpu] = 1
	moved += cpu != cpu_of[skb]
	if (value["len"] + 0 > length_of[skb]) {
		if (tag_of[skb])
			merged_tagged++
		else
			merged_untagged++
		merged[length_of[skb]] = 1
	}
}

END {
	printf "handed=%d tagged=%d dodgy=%d threads=%d queues=%s ", handed, tagged, dodgy, threads, list(queues, 64)
	printf "received=%d cpus=%s moved=%d ", received, list(cpus, 64), moved
	printf "merged_tagged=%d merged_untagged=%d merged=%s\n", merged_tagged, merged_untagged, list(merged, 9100)
}
