// SPDX-License-Identifier: GPL-2.0
/*
 * A view for people: a table, busiest station first. Its columns are in table.c.
 * Copyright (C) the l2packet_counter authors
 */
#include <inttypes.h>
#include <stdio.h>

#include "output/table.h"

/* A row of the sums of both directions; the attributes are those of received frames. */
static void print_totals_row(const struct table *table, enum color color, const char *title,
			     unsigned int packets, unsigned int bytes)
{
	const struct totals *totals = &table->view->totals;
	struct counts counts[DIRECTIONS];

	for (enum direction d = RX; d < DIRECTIONS; d++)
		counts[d] = (struct counts){ totals_value(totals, d, packets),
					     totals_value(totals, d, bytes), true, true };
	table_print_sums(table, color, title, counts);
}

/* "eth0: window 12, 10s, 4 stations" */
static void print_heading(const struct table *table)
{
	const struct view *view = table->view;
	const struct totals *totals = &view->totals;
	uint64_t stations = totals->value[L2PC_A_TOTALS_STATIONS];
	char buffer[TEXT_SIZE];

	color_print(COLOR_PORT, output_ifname(view->ifname));
	printf(": %s", view_name(view));
	if (!view->all_time && view->view == L2PC_VIEW_PREVIOUS && !totals->has && !view->count) {
		puts(", no window was closed yet");
		return;
	}
	if (totals_has(totals, L2PC_A_TOTALS_WINDOW_ID) && view->view != L2PC_VIEW_LIFETIME)
		printf(" %" PRIu64, totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	if (table->span)
		printf(", %s", text_span(table->span, buffer));
	if (totals_has(totals, L2PC_A_TOTALS_CLOSED))
		printf(", closed %s ago",
		       text_span(view->now > totals->value[L2PC_A_TOTALS_CLOSED] ?
					 view->now - totals->value[L2PC_A_TOTALS_CLOSED] : 0, buffer));
	if (totals_has(totals, L2PC_A_TOTALS_STATIONS))
		printf(", %" PRIu64 " station%s", stations, text_plural(stations));
	if (table->directions > 1 && table->output->swap)
		printf(", download and upload");
	putchar('\n');
}

/* "RX " before a line about a direction, where there are two. */
static void print_direction(const struct table *table, enum direction direction)
{
	if (table->directions > 1)
		printf("%s ", direction_label(direction, table->output->swap));
}

static void print_skipped(const struct table *table, enum direction direction)
{
	static const struct {
		unsigned int attr;
		const char *word;
	} kinds[] = {
		{ L2PC_A_TOTALS_SKIPPED_MULTICAST, "multicast" },
		{ L2PC_A_TOTALS_SKIPPED_BROADCAST, "broadcast" },
		{ L2PC_A_TOTALS_SKIPPED_INVALID, "invalid" },
	};
	const struct totals *totals = &table->view->totals;
	const char *comma = "skipped:";

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uint64_t value = totals_value(totals, direction, kinds[i].attr);
		char buffer[TEXT_SIZE];

		if (!totals_has(totals, totals_attr(direction, kinds[i].attr)) ||
		    !(value || table->output->statistics))
			continue;
		if (comma[0] != ',')
			print_direction(table, direction);
		printf("%s %s %s", comma, output_number(table->output, value, true, buffer),
		       kinds[i].word);
		comma = ",";
	}
	if (comma[0] == ',')
		putchar('\n');
}

/* They are in the total: each as one frame of its length. */
static void print_malformed(const struct table *table, enum direction direction)
{
	const struct totals *totals = &table->view->totals;
	unsigned int attr = totals_attr(direction, L2PC_A_TOTALS_MALFORMED_PACKETS);
	uint64_t count = totals->value[attr];
	char buffer[TEXT_SIZE];

	if (!count && !(table->output->statistics && totals_has(totals, attr)))
		return;
	print_direction(table, direction);
	printf("malformed: %s, each counted as one frame\n",
	       output_number(table->output, count, true, buffer));
}

/* Is there a count in any direction? The attribute is that of received frames. */
static bool has_any(const struct totals *totals, unsigned int attr)
{
	return totals_value(totals, RX, attr) || totals_value(totals, TX, attr);
}

static void print_sum_rows(const struct table *table)
{
	const struct totals *totals = &table->view->totals;
	const struct hidden *hidden = &table->view->hidden;
	const struct counts counts[DIRECTIONS] = {
		[RX] = { hidden->packets, hidden->bytes, true, true },
		[TX] = { hidden->tx_packets, hidden->tx_bytes, true, true },
	};
	bool all = table->output->statistics;
	char title[40];

	if (hidden->stations) {
		snprintf(title, sizeof(title), "(%" PRIu64 " not shown)", hidden->stations);
		table_print_sums(table, COLOR_FAINT, title, counts);
	}
	if (has_any(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS) ||
	    (all && totals_has(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS)))
		print_totals_row(table, COLOR_ALARM, "(untracked)",
				 L2PC_A_TOTALS_UNTRACKED_PACKETS, L2PC_A_TOTALS_UNTRACKED_BYTES);
	/* A part of the row above, which has a place of its own in the sum. */
	if (has_any(totals, L2PC_A_TOTALS_FORGOTTEN_PACKETS) && all)
		print_totals_row(table, COLOR_FAINT, "  of it forgotten",
				 L2PC_A_TOTALS_FORGOTTEN_PACKETS, L2PC_A_TOTALS_FORGOTTEN_BYTES);
	if (totals->has)
		print_totals_row(table, COLOR_TITLE, "total", L2PC_A_TOTALS_PACKETS,
				 L2PC_A_TOTALS_BYTES);
	for (int i = 0; i < table->directions; i++)
		print_skipped(table, table->order[i]);
	for (int i = 0; i < table->directions; i++)
		print_malformed(table, table->order[i]);
}

void output_view(struct output *output, const struct view *view)
{
	struct table table;

	table_init(&table, output, view);
	if (output->blocks++)
		putchar('\n');
	print_heading(&table);
	if (!view->totals.has && !view->count)
		return;
	table_print_stations(&table);
	print_sum_rows(&table);
}
