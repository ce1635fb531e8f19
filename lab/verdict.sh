# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced. Finds kernel messages that make a run fail.

# Patterns are anchored where plain words would match harmless lines ("DEBUG:", a
# command line with a stall timeout, the start message of kmemleak).
verdict_patterns=(
	'WARNING: ' '(^|[^A-Z])BUG[: ]' 'Oops' 'general protection' 'Call Trace' 'Kernel panic'
	'INFO: rcu' 'rcu.*(stall|starved)' 'INFO: task .* blocked' '[Ss]oft lockup' 'hard LOCKUP' 'workqueue lockup'
	'possible (recursive|circular|irq) lock' 'possible deadlock' 'inconsistent lock state'
	'lock inversion' 'Invalid wait context' 'suspicious RCU usage' 'bad unlock balance' 'held lock freed'
	'still held' 'DEBUG_LOCKS_WARN_ON' 'INFO: trying to register non-static key'
	'KASAN:' 'KCSAN:' 'UBSAN:' 'KFENCE:' 'ODEBUG:' 'kmemleak: [0-9]+ new suspected'
	'list_(add|del) corruption' 'refcount_t:' 'unregister_netdevice: waiting' 'stack guard page'
	'detected buffer overflow' 'unable to handle' 'scheduling while atomic' 'sleeping function called'
	'page allocation failure' 'Out of memory' 'nobody cared' 'double fault'
)

# verdict_races: remove the titles of KCSAN's reports without a function of the module,
# because the rest of the kernel has data races of its own. The other lines stay, because
# messages of other CPUs may be among them.
verdict_races() {
	awk '
	function flush() {
		if (held != "") printf "%s%s%s", frame, ours ? title : "", held
		else printf "%s", frame
		frame = title = held = ""; ours = 0
	}
	title != "" {
		held = held $0 "\n"
		if (/l2packet_counter/) ours = 1
		if (/====================/) flush()
		next
	}
	frame != "" && /BUG: KCSAN:/ { title = $0 "\n"; ours = /l2packet_counter/; next }
	{ flush() }
	/====================/ { frame = $0 "\n"; next }
	{ print }
	END { if (title != "" && held == "") held = "\n"; flush() }'
}

# verdict_splats LOG: print the offending lines with context; fail when there are none.
verdict_splats() {
	local IFS='|'
	tr -d '\r' <"$1" | verdict_races | grep -a -v -E 'ommand line:|stall warnings timeout|pktgen: WARNING: trying to remove a running' | grep -a -n -E -C 5 -e "${verdict_patterns[*]}" | head -n 120
	[ "${PIPESTATUS[3]}" = 0 ]
}

# verdict_emulator LOG: check whether a bug of the emulator ended the guest. QEMU 7.2,
# under load, executes a breakpoint that the kernel's text patching has already removed.
# The log then has an int3 oops at a byte other than int3, or all lockup reports of a CPU
# are at the same patched no-op. A real CPU cannot do either.
verdict_emulator() {
	tr -d '\r' <"$1" | awk '
		/Oops: / { if (oops++) next; int3 = /Oops: int3:/ }
		int3 && !code && /Code: / { code = 1; stale = !/<cc>/ && /<[0-9a-f][0-9a-f]>/ }
		/soft lockup - CPU#/ { cpu = $0; sub(/.*CPU#/, "", cpu); sub(/[^0-9].*/, "", cpu); reports[cpu]++ }
		/RIP: / && cpu != "" { if (reports[cpu] > 1 && at[cpu] != $NF) moves = 1; at[cpu] = $NF }
		/Code: / && cpu != "" { if (!/<0f> 1f 44 00 00/) moves = 1; cpu = "" }
		END {
			for (c in reports) { stuck = 1; if (reports[c] < 2) moves = 1 }
			exit !(stale || stuck && !moves)
		}'
}
