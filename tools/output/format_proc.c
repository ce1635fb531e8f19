// SPDX-License-Identifier: GPL-2.0
/*
 * The format of /proc/l2packet_counter, byte for byte: l2pc run has no such file.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "output/output.h"

static void proc_view(struct output *output, const struct view *view)
{
	uint64_t untracked = view->totals.value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
	char mac[MAC_SIZE];

	/* An empty line between two ports. */
	printf("%sInterface: %s\n", output->blocks++ ? "\n" : "", view->ifname);
	printf("Total packets: %" PRIu64 "\n", view->totals.value[L2PC_A_TOTALS_PACKETS]);
	puts("MAC Address Statistics:\n"
	     "MAC Address        Packet Count\n"
	     "------------------ ------------");
	for (size_t i = 0; i < view->count; i++)
		printf("%s %12" PRIu64 "\n", text_mac(view->stations[i].mac, mac),
		       view->stations[i].packets);
	if (untracked)
		printf("(untracked)       %12" PRIu64 "\n", untracked);
}

/* The verb show only, which prints views. */
const struct format format_proc = {
	.view = proc_view,
};
