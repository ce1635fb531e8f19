// SPDX-License-Identifier: GPL-2.0
/*
 * What is exported as metrics: Prometheus' text format and OpenMetrics.
 * Copyright (C) the l2packet_counter authors
 *
 * Both are the same but for the names of families, two types, and the end. The
 * names are a contract: docs/metrics.md.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "export/export.h"
#include "names/names.h"
#include "util/text.h"

#ifndef L2PC_VERSION
#define L2PC_VERSION "unknown"
#endif

/**
 * struct page - the writing
 * @file: where
 * @form: how
 */
struct page {
	FILE *file;
	enum export_form form;
};

enum type { COUNTER, GAUGE, INFO };

/* The lines before a family. @name is that of the samples, which OpenMetrics cuts. */
static void family(const struct page *page, const char *name, enum type type, const char *help)
{
	static const char *const types[FORMS][3] = {
		[FORM_PROMETHEUS] = { "counter", "gauge", "gauge" },
		[FORM_OPENMETRICS] = { "counter", "gauge", "info" },
	};
	static const char *const suffix[] = { "_total", "", "_info" };
	int size = (int)strlen(name);

	if (page->form == FORM_OPENMETRICS)
		size -= (int)strlen(suffix[type]);
	fprintf(page->file, "# HELP %.*s %s\n# TYPE %.*s %s\n", size, name, help, size, name,
		types[page->form][type]);
}

/* A value in quotes. Both formats are UTF-8, and a scrape with anything else fails. */
static void quoted(FILE *file, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	fputc('"', file);
	while (*s) {
		size_t size = utf8_size(s);

		if (!size) {
			fputs(UTF8_REPLACEMENT, file);
			size = 1;
		} else if (*s == '\n') {
			fputs("\\n", file);
		} else if (*s == '"' || *s == '\\') {
			fputc('\\', file);
			fputc(*s, file);
		} else {
			fwrite(s, 1, size, file);
		}
		s += size;
	}
	fputc('"', file);
}

static void label(FILE *file, const char *name, const char *value)
{
	fprintf(file, "%s=", name);
	quoted(file, value);
}

static void device_sample(const struct page *page, const char *name, const char *ifname,
			  uint64_t value)
{
	fprintf(page->file, "%s{", name);
	label(page->file, "device", ifname);
	fprintf(page->file, "} %" PRIu64 "\n", value);
}

/* Totals of ports that are numbers as they are. */
static const struct {
	const char *name;
	const char *help;
	enum type type;
	unsigned int attr;
} totals[] = {
	{ "l2pc_device_receive_packets_total", "Frames counted on the port.", COUNTER,
	  L2PC_A_TOTALS_PACKETS },
	{ "l2pc_device_receive_bytes_total", "Bytes of these frames on the wire, without the FCS.",
	  COUNTER, L2PC_A_TOTALS_BYTES },
	{ "l2pc_device_untracked_packets_total",
	  "Frames of stations that had no cell, or were forgotten.", COUNTER,
	  L2PC_A_TOTALS_UNTRACKED_PACKETS },
	{ "l2pc_device_untracked_bytes_total", "Bytes of these frames.", COUNTER,
	  L2PC_A_TOTALS_UNTRACKED_BYTES },
	{ "l2pc_device_forgotten_packets_total",
	  "The untracked frames whose station was known once, and forgotten.", COUNTER,
	  L2PC_A_TOTALS_FORGOTTEN_PACKETS },
	{ "l2pc_device_forgotten_bytes_total", "Bytes of these frames.", COUNTER,
	  L2PC_A_TOTALS_FORGOTTEN_BYTES },
	{ "l2pc_device_malformed_packets_total",
	  "Frames whose offload header contradicts their contents. Each counts as one frame.",
	  COUNTER, L2PC_A_TOTALS_MALFORMED_PACKETS },
	{ "l2pc_device_stations", "Stations that are known on the port.", GAUGE,
	  L2PC_A_TOTALS_STATIONS },
};

static const struct {
	const char *reason;
	unsigned int attr;
} skipped[] = {
	{ "multicast", L2PC_A_TOTALS_SKIPPED_MULTICAST },
	{ "broadcast", L2PC_A_TOTALS_SKIPPED_BROADCAST },
	{ "invalid_source", L2PC_A_TOTALS_SKIPPED_INVALID },
};

static void write_skipped(const struct page *page, const struct export_snapshot *now)
{
	family(page, "l2pc_device_skipped_packets_total", COUNTER,
	       "Frames that are not counted: to groups, to all, or of no valid source.");
	for (size_t i = 0; i < now->count; i++) {
		const struct export_device *device = &now->device[i];

		for (size_t r = 0; r < ARRAY_SIZE(skipped); r++) {
			if (!totals_has(&device->totals, skipped[r].attr))
				continue;
			fputs("l2pc_device_skipped_packets_total{", page->file);
			label(page->file, "device", device->busiest.ifname);
			fprintf(page->file, ",reason=\"%s\"} %" PRIu64 "\n", skipped[r].reason,
				device->totals.value[skipped[r].attr]);
		}
	}
}

static void write_omitted(const struct page *page, const struct export_snapshot *now)
{
	family(page, "l2pc_device_stations_omitted", GAUGE, "Stations without series of their own.");
	for (size_t i = 0; i < now->count; i++)
		device_sample(page, "l2pc_device_stations_omitted", now->device[i].busiest.ifname,
			      now->device[i].omitted.stations);
	/* Less when one of them gets series, hence no counters. */
	family(page, "l2pc_device_omitted_packets", GAUGE, "Frames of the stations without series.");
	for (size_t i = 0; i < now->count; i++)
		device_sample(page, "l2pc_device_omitted_packets", now->device[i].busiest.ifname,
			      now->device[i].omitted.packets);
	family(page, "l2pc_device_omitted_bytes", GAUGE, "Bytes of these frames.");
	for (size_t i = 0; i < now->count; i++)
		device_sample(page, "l2pc_device_omitted_bytes", now->device[i].busiest.ifname,
			      now->device[i].omitted.bytes);
}

static void write_devices(const struct page *page, const struct export_snapshot *now)
{
	for (size_t t = 0; t < ARRAY_SIZE(totals); t++) {
		family(page, totals[t].name, totals[t].type, totals[t].help);
		for (size_t i = 0; i < now->count; i++)
			if (totals_has(&now->device[i].totals, totals[t].attr))
				device_sample(page, totals[t].name, now->device[i].busiest.ifname,
					      now->device[i].totals.value[totals[t].attr]);
	}
	write_skipped(page, now);
	family(page, "l2pc_device_stations_limit", GAUGE, "Stations that the port may have.");
	for (size_t i = 0; i < now->count; i++)
		if (now->device[i].has_limit)
			device_sample(page, "l2pc_device_stations_limit",
				      now->device[i].busiest.ifname, now->device[i].limit);
	write_omitted(page, now);
}

/* What begins a sample of a station, up to the number. */
static void station_begin(const struct page *page, const char *name, const char *ifname,
			  const struct station *station)
{
	char mac[MAC_SIZE];

	fprintf(page->file, "%s{", name);
	label(page->file, "device", ifname);
	fprintf(page->file, ",mac_address=\"%s\",vlan=\"", text_mac(station->mac, mac));
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		fprintf(page->file, "%u", station->vlan);
	fputs("\"} ", page->file);
}

static void station_moment(const struct page *page, const struct export_snapshot *now,
			   uint64_t moment)
{
	/* In milliseconds: the two clocks are read one after the other, and what is
	 * below that would change each time.
	 */
	int64_t wall = (int64_t)now->wall.tv_sec * 1000 + now->wall.tv_nsec / 1000000;
	int64_t then;

	/* A moment may be any number: the module's, or a recording's. */
	if (moment > now->boot)
		then = wall + (int64_t)((moment - now->boot) / 1000000);
	else
		then = wall - (int64_t)((now->boot - moment) / 1000000);
	if (then < 0)
		then = 0;
	fprintf(page->file, "%" PRId64 ".%03" PRId64 "\n", then / 1000, then % 1000);
}

enum station_value { PACKETS, BYTES, FIRST_SEEN, LAST_SEEN };

static const struct {
	const char *name;
	const char *help;
	enum type type;
	unsigned int attr;
} station_values[] = {
	[PACKETS] = { "l2pc_station_receive_packets_total", "Frames of the station.", COUNTER,
		      L2PC_A_STATION_PACKETS },
	[BYTES] = { "l2pc_station_receive_bytes_total",
		    "Bytes of these frames on the wire, without the FCS.", COUNTER,
		    L2PC_A_STATION_BYTES },
	[FIRST_SEEN] = { "l2pc_station_first_seen_timestamp_seconds",
			 "When the station was heard first.", GAUGE, L2PC_A_STATION_FIRST_SEEN },
	[LAST_SEEN] = { "l2pc_station_last_seen_timestamp_seconds",
			"When the station was heard last.", GAUGE, L2PC_A_STATION_LAST_SEEN },
};

static void station_value(const struct page *page, const struct export_snapshot *now,
			  const struct station *station, unsigned int which)
{
	switch (which) {
	case PACKETS:
		fprintf(page->file, "%" PRIu64 "\n", station->packets);
		break;
	case BYTES:
		fprintf(page->file, "%" PRIu64 "\n", station->bytes);
		break;
	case FIRST_SEEN:
		station_moment(page, now, station->first_seen);
		break;
	case LAST_SEEN:
		station_moment(page, now, station->last_seen);
		break;
	}
}

static void write_info(const struct page *page, const char *ifname, const struct station *station)
{
	const char *vendor = names_vendor(station->mac), *name = names_find(station->mac);
	char mac[MAC_SIZE];

	fputs("l2pc_station_info{", page->file);
	label(page->file, "device", ifname);
	fprintf(page->file, ",mac_address=\"%s\",", text_mac(station->mac, mac));
	label(page->file, "vendor", vendor ? vendor : "");
	fputc(',', page->file);
	label(page->file, "hostname", name ? name : "");
	fprintf(page->file, ",administration=\"%s\"} 1\n",
		names_local(station->mac) ? "local" : "global");
}

static void write_stations(const struct page *page, const struct export_snapshot *now)
{
	for (unsigned int v = 0; v < ARRAY_SIZE(station_values); v++) {
		family(page, station_values[v].name, station_values[v].type, station_values[v].help);
		for (size_t i = 0; i < now->count; i++) {
			const struct view *series = &now->device[i].series;

			for (size_t s = 0; s < series->count; s++) {
				const struct station *station = &series->stations[s];

				if (!(station->has & BIT(station_values[v].attr)))
					continue;
				station_begin(page, station_values[v].name, series->ifname, station);
				station_value(page, now, station, v);
			}
		}
	}
	family(page, "l2pc_station_info", INFO, "What is known of the address of a station.");
	for (size_t i = 0; i < now->count; i++) {
		const struct view *series = &now->device[i].series;

		/* Once an address, in however many VLANs it is: they stand together. */
		for (size_t s = 0; s < series->count; s++)
			if (!s || memcmp(series->stations[s].mac, series->stations[s - 1].mac, 6))
				write_info(page, series->ifname, &series->stations[s]);
	}
}

static void write_ipfix(const struct page *page, struct ipfix *ipfix)
{
	const struct ipfix_counts counts = ipfix_counts(ipfix);
	const struct {
		const char *name;
		const char *help;
		uint64_t value;
	} samples[] = {
		{ "l2pc_ipfix_messages_total", "IPFIX messages that the kernel took.", counts.messages },
		{ "l2pc_ipfix_records_total", "Data records in these.", counts.records },
		{ "l2pc_ipfix_bytes_total", "Bytes of these messages.", counts.bytes },
		{ "l2pc_ipfix_deferred_rounds_total",
		  "Rounds of which something was left for the next one.", counts.deferred },
		{ "l2pc_ipfix_unread_rounds_total", "Rounds in which the module did not answer.",
		  counts.unread },
		{ "l2pc_ipfix_lost_packets_total",
		  "Frames of ports that were gone before these were sent.", counts.lost },
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		family(page, samples[i].name, COUNTER, samples[i].help);
		fprintf(page->file, "%s %" PRIu64 "\n", samples[i].name, samples[i].value);
	}
	family(page, "l2pc_ipfix_send_errors_total", COUNTER,
	       "Messages that were refused, had no room, or failed otherwise.");
	fprintf(page->file,
		"l2pc_ipfix_send_errors_total{error=\"refused\"} %" PRIu64 "\n"
		"l2pc_ipfix_send_errors_total{error=\"no_buffers\"} %" PRIu64 "\n"
		"l2pc_ipfix_send_errors_total{error=\"other\"} %" PRIu64 "\n",
		counts.refused, counts.no_buffers, counts.failed);
}

void export_metrics(const struct export *export, enum export_form form, FILE *file)
{
	const struct page page = { .file = file, .form = form };
	const struct export_snapshot *now = &export->now;

	family(&page, "l2pc_build_info", INFO, "The version of the exporter.");
	fputs("l2pc_build_info{", file);
	label(file, "version", L2PC_VERSION);
	fputs("} 1\n", file);
	family(&page, "l2pc_up", GAUGE, "1 when the module answered, 0 when it did not: it is not loaded, or had no memory.");
	fprintf(file, "l2pc_up %d\n", now->up);
	family(&page, "l2pc_scrape_duration_seconds", GAUGE, "What asking the module took.");
	fprintf(file, "l2pc_scrape_duration_seconds %.6f\n", now->seconds);
	if (export->ipfix)
		write_ipfix(&page, export->ipfix);
	write_devices(&page, now);
	if (export->stations)
		write_stations(&page, now);
	if (form == FORM_OPENMETRICS)
		fputs("# EOF\n", file);
}
