// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of the history for programs: JSON, and a record a line.
 * Copyright (C) the l2packet_counter authors
 *
 *   period  DEV BY START END PACKETS BYTES TX-PACKETS TX-BYTES LABEL
 *   station DEV MAC VLAN NAME VENDOR PACKETS BYTES TX-PACKETS TX-BYTES
 *   others  DEV PACKETS BYTES TX-PACKETS TX-BYTES
 *   total   DEV PACKETS BYTES TX-PACKETS TX-BYTES
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/print.h"

static const char *const count_keys[COUNTS] = { "packets", "bytes", "tx_packets", "tx_bytes" };

static void put_text(const char *value)
{
	char *shown = strdup(value && value[0] ? value : "-");

	if (!shown)
		out_of_memory();
	printf("\t%s", printable(shown));
	free(shown);
}

static void put_counts(const uint64_t count[COUNTS])
{
	for (int c = 0; c < COUNTS; c++)
		printf("\t%" PRIu64, count[c]);
}

static void print_sum(const char *what, const struct report *report, const uint64_t count[COUNTS])
{
	fputs(what, stdout);
	put_text(report->ifname);
	put_counts(count);
	putchar('\n');
}

static void print_station(const struct output *output, const struct report *report,
			  const struct report_station *station)
{
	char text[MAC_SIZE];

	fputs("station", stdout);
	put_text(report->ifname);
	put_text(text_mac(station->mac, text));
	snprintf(text, sizeof(text), "%u", station->vlan);
	put_text(station->vlan == NO_VLAN ? NULL : text);
	put_text(output->names ? station->name : NULL);
	put_text(output->names ? station->vendor : NULL);
	put_counts(station->count);
	putchar('\n');
}

void print_line(const struct output *output, const struct query *query, const struct report *report)
{
	char label[LABEL_SIZE];

	for (size_t i = 0; i < report->count; i++) {
		const struct report_period *period = &report->period[i];

		fputs("period", stdout);
		put_text(report->ifname);
		put_text(enum_name(&level_names, query->by));
		printf("\t%" PRId64 "\t%" PRId64, period->start, period->end);
		put_counts(period->count);
		put_text(label_period(query, period, label));
		putchar('\n');
	}
	for (size_t i = 0; i < report->stations; i++)
		print_station(output, report, &report->station[i]);
	if (query->top && !query->station)
		print_sum("others", report, report->others);
	print_sum("total", report, report->sum);
}

static void json_counts(struct json *json, const uint64_t count[COUNTS])
{
	for (int c = 0; c < COUNTS; c++)
		if (c < COUNT_TX_PACKETS || count[COUNT_TX_PACKETS] | count[COUNT_TX_BYTES])
			json_u64(json, count_keys[c], count[c]);
}

static void json_station(struct json *json, const struct report_station *station, bool names)
{
	char mac[MAC_SIZE];

	json_open(json, NULL, '{');
	json_string(json, "mac", text_mac(station->mac, mac));
	if (station->vlan != NO_VLAN)
		json_u64(json, "vlan", station->vlan);
	if (names && station->name)
		json_string(json, "name", station->name);
	if (names && station->vendor)
		json_string(json, "vendor", station->vendor);
	json_counts(json, station->count);
	json_close(json, '}');
}

static uint64_t edge_time(const struct query *query, int64_t edge)
{
	int64_t time = query_is_time(query->by) ? edge : calendar_time(LEVEL_DAY, edge);

	return time > 0 ? (uint64_t)time : 0;
}

void print_json(struct json *json, const struct query *query, const struct report *report, bool names)
{
	char label[LABEL_SIZE];

	json_open(json, NULL, '{');
	json_string(json, "ifname", report->ifname);
	json_string(json, "by", enum_name(&level_names, query->by));
	json_u64(json, "from", edge_time(query, query->from));
	json_u64(json, "to", edge_time(query, query->to));
	if (query->station)
		json_string(json, "station", query->station);
	json_open(json, "periods", '[');
	for (size_t i = 0; i < report->count; i++) {
		const struct report_period *period = &report->period[i];

		json_open(json, NULL, '{');
		json_string(json, "label", label_period(query, period, label));
		json_u64(json, "start", (uint64_t)period->start);
		json_u64(json, "end", (uint64_t)period->end);
		json_counts(json, period->count);
		json_close(json, '}');
	}
	json_close(json, ']');
	if (query->top && !query->station) {
		json_open(json, "stations", '[');
		for (size_t i = 0; i < report->stations; i++)
			json_station(json, &report->station[i], names);
		json_close(json, ']');
		json_open(json, "others", '{');
		json_counts(json, report->others);
		json_close(json, '}');
	}
	json_open(json, "total", '{');
	json_counts(json, report->sum);
	json_close(json, '}');
	json_close(json, '}');
}
