// SPDX-License-Identifier: GPL-2.0
/*
 * What is exported as metrics: Prometheus' text format and OpenMetrics.
 * Copyright (C) the l2packet_counter authors
 *
 * Both are the same but for the names of families, two types, and the end. The
 * names are a contract: docs/metrics.md.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "export/export.h"
#include "names/names.h"
#include "util/text.h"
#include "util/utf8.h"

struct page {
	FILE *file;
	enum export_form form;
};

/* The lines before a family. @name is that of the samples: its end is the type. */
static void family(const struct page *page, const char *name, const char *help)
{
	static const struct {
		const char *end;
		const char *type[FORMS];	/* OpenMetrics cuts the end off */
	} kinds[] = {
		{ "_total", { "counter", "counter" } },
		{ "_info", { "gauge", "info" } },
		{ "", { "gauge", "gauge" } },
	};
	size_t size = strlen(name), k = 0;

	while (strcmp(name + size - strlen(kinds[k].end), kinds[k].end))
		k++;
	if (page->form == FORM_OPENMETRICS)
		size -= strlen(kinds[k].end);
	fprintf(page->file, "# HELP %.*s %s\n# TYPE %.*s %s\n", (int)size, name, help, (int)size, name,
		kinds[k].type[page->form]);
}

/*
 * Both formats are UTF-8, and a scrape with anything else fails. Names of interfaces may be any
 * bytes: those that are not UTF-8 are escaped one by one, so that two names never share a series.
 */
static void label(FILE *file, const char *name, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	fprintf(file, "%s=\"", name);
	while (*s) {
		size_t size = utf8_size(s);

		if (utf8_is_escaped(s)) {
			fprintf(file, "\\\\x%02x", *s);
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

struct metric {
	const char *name;
	const char *help;	/* NULL: a further sample of the family above */
	const char *label;	/* further label, or NULL */
	uint16_t offset;	/* of its value, a uint64_t */
	uint8_t attr;		/* that has to be there, 0 for none */
};

static void number_sample(const struct page *page, const struct metric *metric, const char *ifname,
			  const void *values)
{
	fputs(metric->name, page->file);
	if (ifname || metric->label)
		fputc('{', page->file);
	if (ifname)
		label(page->file, "device", ifname);
	if (metric->label)
		fprintf(page->file, "%s%s", ifname ? "," : "", metric->label);
	if (ifname || metric->label)
		fputc('}', page->file);
	fprintf(page->file, " %" PRIu64 "\n",
		*(const uint64_t *)((const char *)values + metric->offset));
}

#define TOTAL(attr, name, label, help) \
	{ name, help, label, offsetof(struct export_device, totals.value[attr]), attr }
#define OTHER(member, name, help) \
	{ name, help, NULL, offsetof(struct export_device, member), 0 }

static const struct metric devices[] = {
	TOTAL(L2PC_A_TOTALS_PACKETS, "l2pc_device_receive_packets_total", NULL,
	      "Frames counted on the port."),
	TOTAL(L2PC_A_TOTALS_BYTES, "l2pc_device_receive_bytes_total", NULL,
	      "Bytes of these frames on the wire, without the FCS."),
	TOTAL(L2PC_A_TOTALS_UNTRACKED_PACKETS, "l2pc_device_untracked_packets_total", NULL,
	      "Frames of stations that had no cell, or were forgotten."),
	TOTAL(L2PC_A_TOTALS_UNTRACKED_BYTES, "l2pc_device_untracked_bytes_total", NULL,
	      "Bytes of these frames."),
	TOTAL(L2PC_A_TOTALS_FORGOTTEN_PACKETS, "l2pc_device_forgotten_packets_total", NULL,
	      "The untracked frames whose station was known once, and forgotten."),
	TOTAL(L2PC_A_TOTALS_FORGOTTEN_BYTES, "l2pc_device_forgotten_bytes_total", NULL,
	      "Bytes of these frames."),
	TOTAL(L2PC_A_TOTALS_MALFORMED_PACKETS, "l2pc_device_malformed_packets_total", NULL,
	      "Frames whose offload header contradicts their contents. Each counts as one frame."),
	TOTAL(L2PC_A_TOTALS_STATIONS, "l2pc_device_stations", NULL,
	      "Stations that are known on the port."),
	TOTAL(L2PC_A_TOTALS_SKIPPED_MULTICAST, "l2pc_device_skipped_packets_total",
	      "reason=\"multicast\"",
	      "Frames that are not counted: to groups, to all, or of no valid source."),
	TOTAL(L2PC_A_TOTALS_SKIPPED_BROADCAST, "l2pc_device_skipped_packets_total",
	      "reason=\"broadcast\"", NULL),
	TOTAL(L2PC_A_TOTALS_SKIPPED_INVALID, "l2pc_device_skipped_packets_total",
	      "reason=\"invalid_source\"", NULL),
	OTHER(limit, "l2pc_device_stations_limit", "Stations that the port may have."),
	OTHER(omitted.stations, "l2pc_device_stations_omitted",
	      "Stations without series of their own."),
	/* Less when one of them gets series, hence no counters. */
	OTHER(omitted.packets, "l2pc_device_omitted_packets", "Frames of the stations without series."),
	OTHER(omitted.bytes, "l2pc_device_omitted_bytes", "Bytes of these frames."),
};

#define PATTERN(attr, name, help) \
	{ name, help, NULL, offsetof(struct port, value[attr]), attr }

static const struct metric pattern_metrics[] = {
	PATTERN(L2PC_A_PORT_PORTS, "l2pc_pattern_devices", "Ports of the pattern."),
	PATTERN(L2PC_A_PORT_MISSED, "l2pc_pattern_missed_devices_total",
		"Interfaces that matched and are not counted, because there were too many ports."),
};

static void write_patterns(const struct page *page, const struct ports *patterns)
{
	for (size_t m = 0; m < ARRAY_SIZE(pattern_metrics) && patterns->count; m++) {
		const struct metric *metric = &pattern_metrics[m];

		family(page, metric->name, metric->help);
		for (size_t i = 0; i < patterns->count; i++) {
			const struct port *pattern = &patterns->port[i];

			if (!(pattern->has & BIT(metric->attr)))
				continue;
			fprintf(page->file, "%s{", metric->name);
			label(page->file, "pattern", pattern->pattern);
			fprintf(page->file, "} %" PRIu64 "\n", pattern->value[metric->attr]);
		}
	}
}

/* Of ports that count sent frames. Without one their families are left out. */
static const struct metric tx_devices[] = {
	TOTAL(L2PC_A_TOTALS_TX_PACKETS, "l2pc_device_transmit_packets_total", NULL,
	      "Sent frames counted on the port."),
	TOTAL(L2PC_A_TOTALS_TX_BYTES, "l2pc_device_transmit_bytes_total", NULL,
	      "Bytes of these frames on the wire, without the FCS."),
	TOTAL(L2PC_A_TOTALS_TX_UNTRACKED_PACKETS, "l2pc_device_transmit_untracked_packets_total", NULL,
	      "Sent frames to stations that had no cell, or were forgotten."),
	TOTAL(L2PC_A_TOTALS_TX_UNTRACKED_BYTES, "l2pc_device_transmit_untracked_bytes_total", NULL,
	      "Bytes of these frames."),
	TOTAL(L2PC_A_TOTALS_TX_FORGOTTEN_PACKETS, "l2pc_device_transmit_forgotten_packets_total", NULL,
	      "The untracked sent frames whose station was known once, and forgotten."),
	TOTAL(L2PC_A_TOTALS_TX_FORGOTTEN_BYTES, "l2pc_device_transmit_forgotten_bytes_total", NULL,
	      "Bytes of these frames."),
	TOTAL(L2PC_A_TOTALS_TX_MALFORMED_PACKETS, "l2pc_device_transmit_malformed_packets_total", NULL,
	      "Sent frames whose offload header contradicts their contents. Each counts as one frame."),
	TOTAL(L2PC_A_TOTALS_TX_SKIPPED_MULTICAST, "l2pc_device_transmit_skipped_packets_total",
	      "reason=\"multicast\"",
	      "Sent frames that are not counted: to groups, to all, or to no valid destination."),
	TOTAL(L2PC_A_TOTALS_TX_SKIPPED_BROADCAST, "l2pc_device_transmit_skipped_packets_total",
	      "reason=\"broadcast\"", NULL),
	TOTAL(L2PC_A_TOTALS_TX_SKIPPED_INVALID, "l2pc_device_transmit_skipped_packets_total",
	      "reason=\"invalid_destination\"", NULL),
	{ "l2pc_device_transmit_omitted_packets", "Sent frames to the stations without series.", NULL,
	  offsetof(struct export_device, omitted.tx_packets), L2PC_A_TOTALS_TX_PACKETS },
	{ "l2pc_device_transmit_omitted_bytes", "Bytes of these frames.", NULL,
	  offsetof(struct export_device, omitted.tx_bytes), L2PC_A_TOTALS_TX_PACKETS },
};

static bool device_has(const struct export_device *device, const struct metric *metric)
{
	if (metric->attr)
		return totals_has(&device->totals, metric->attr);
	return metric->offset != offsetof(struct export_device, limit) || device->limit;
}

static bool any_has_tx(const struct export_snapshot *now)
{
	for (size_t i = 0; i < now->count; i++)
		if (totals_has_tx(&now->device[i].totals))
			return true;
	return false;
}

static void station_moment(const struct page *page, const struct export_snapshot *now,
			   uint64_t moment)
{
	/* In milliseconds: the two clocks are read one after the other, and what is
	 * below that would change each time.
	 */
	int64_t wall = (int64_t)(now->wall / 1000000);
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

/* The start of lifetime: a station that was first seen soon after it need not be new. */
static void write_counted_since(const struct page *page, const struct export_snapshot *now)
{
	static const char name[] = "l2pc_device_counted_since_timestamp_seconds";

	family(page, name, "When the counters of the port started at 0.");
	for (size_t i = 0; i < now->count; i++) {
		const struct totals *totals = &now->device[i].totals;

		if (!totals_has(totals, L2PC_A_TOTALS_OPENED))
			continue;
		fprintf(page->file, "%s{", name);
		label(page->file, "device", now->device[i].busiest.ifname);
		fputs("} ", page->file);
		station_moment(page, now, totals->value[L2PC_A_TOTALS_OPENED]);
	}
}

static void write_devices(const struct page *page, const struct export_snapshot *now,
			  const struct metric *metrics, size_t count)
{
	size_t end;

	for (size_t first = 0; first < count; first = end) {
		family(page, metrics[first].name, metrics[first].help);
		for (end = first + 1; end < count && !metrics[end].help; end++)
			;
		for (size_t i = 0; i < now->count; i++)
			for (size_t m = first; m < end; m++)
				if (device_has(&now->device[i], &metrics[m]))
					number_sample(page, &metrics[m], now->device[i].busiest.ifname,
						      &now->device[i]);
	}
}

#define STATION(attr, member, name, help) \
	{ name, help, NULL, offsetof(struct station, member), attr }

static const struct metric station_metrics[] = {
	STATION(L2PC_A_STATION_PACKETS, packets, "l2pc_station_receive_packets_total",
		"Frames of the station."),
	STATION(L2PC_A_STATION_BYTES, bytes, "l2pc_station_receive_bytes_total",
		"Bytes of these frames on the wire, without the FCS."),
	STATION(L2PC_A_STATION_FIRST_SEEN, first_seen, "l2pc_station_first_seen_timestamp_seconds",
		"When the station was heard first."),
	STATION(L2PC_A_STATION_LAST_SEEN, last_seen, "l2pc_station_last_seen_timestamp_seconds",
		"When the station was heard last."),
};

static const struct metric tx_station_metrics[] = {
	STATION(L2PC_A_STATION_TX_PACKETS, tx_packets, "l2pc_station_transmit_packets_total",
		"Frames sent to the station."),
	STATION(L2PC_A_STATION_TX_BYTES, tx_bytes, "l2pc_station_transmit_bytes_total",
		"Bytes of these frames on the wire, without the FCS."),
};

static void station_sample(const struct page *page, const struct export_snapshot *now,
			   const struct metric *metric, const char *ifname,
			   const struct station *station)
{
	uint64_t value = *(const uint64_t *)((const char *)station + metric->offset);
	char mac[MAC_SIZE];

	fprintf(page->file, "%s{", metric->name);
	label(page->file, "device", ifname);
	fprintf(page->file, ",mac_address=\"%s\",vlan=\"", text_mac(station->mac, mac));
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		fprintf(page->file, "%u", station->vlan);
	fputs("\"} ", page->file);
	if (metric->attr == L2PC_A_STATION_FIRST_SEEN || metric->attr == L2PC_A_STATION_LAST_SEEN)
		station_moment(page, now, value);
	else
		fprintf(page->file, "%" PRIu64 "\n", value);
}

/* A count of sent frames that is 0 is not sent. */
static bool station_has(const struct export_device *device, const struct station *station,
			const struct metric *metric)
{
	if (metric->attr == L2PC_A_STATION_TX_PACKETS || metric->attr == L2PC_A_STATION_TX_BYTES)
		return totals_has_tx(&device->totals);
	return station->has & BIT(metric->attr);
}

static void write_station_metric(const struct page *page, const struct export_snapshot *now,
				 const struct metric *metric)
{
	family(page, metric->name, metric->help);
	for (size_t i = 0; i < now->count; i++) {
		const struct view *series = &now->device[i].series;

		for (size_t s = 0; s < series->count; s++)
			if (station_has(&now->device[i], &series->stations[s], metric))
				station_sample(page, now, metric, series->ifname,
					       &series->stations[s]);
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
	for (size_t m = 0; m < ARRAY_SIZE(station_metrics); m++)
		write_station_metric(page, now, &station_metrics[m]);
	for (size_t m = 0; m < ARRAY_SIZE(tx_station_metrics) && any_has_tx(now); m++)
		write_station_metric(page, now, &tx_station_metrics[m]);
	family(page, "l2pc_station_info", "What is known of the address of a station.");
	for (size_t i = 0; i < now->count; i++) {
		const struct view *series = &now->device[i].series;

		/* Once an address, in however many VLANs it is: they stand together. */
		for (size_t s = 0; s < series->count; s++)
			if (!s || memcmp(series->stations[s].mac, series->stations[s - 1].mac, 6))
				write_info(page, series->ifname, &series->stations[s]);
	}
}

#define IPFIX(member, name, label, help) \
	{ name, help, label, offsetof(struct ipfix_counts, member), 0 }

static const struct metric ipfix_metrics[] = {
	IPFIX(messages, "l2pc_ipfix_messages_total", NULL, "IPFIX messages that the kernel took."),
	IPFIX(records, "l2pc_ipfix_records_total", NULL, "Data records in these."),
	IPFIX(bytes, "l2pc_ipfix_bytes_total", NULL, "Bytes of these messages."),
	IPFIX(deferred, "l2pc_ipfix_deferred_rounds_total", NULL,
	      "Rounds of which something was left for the next one."),
	IPFIX(reconnects, "l2pc_ipfix_reconnects_total", NULL,
	      "Times the exporter connected again, because an address had changed."),
	IPFIX(unread, "l2pc_ipfix_unread_rounds_total", NULL,
	      "Rounds in which the module did not answer."),
	IPFIX(lost, "l2pc_ipfix_lost_packets_total", NULL,
	      "Frames of ports that were gone before these were sent."),
	IPFIX(refused, "l2pc_ipfix_send_errors_total", "error=\"refused\"",
	      "Messages that were refused, had no room, or failed otherwise."),
	IPFIX(no_buffers, "l2pc_ipfix_send_errors_total", "error=\"no_buffers\"", NULL),
	IPFIX(failed, "l2pc_ipfix_send_errors_total", "error=\"other\"", NULL),
};

static void write_ipfix(const struct page *page, struct ipfix *ipfix)
{
	const struct ipfix_counts counts = ipfix_counts(ipfix);

	for (size_t m = 0; m < ARRAY_SIZE(ipfix_metrics); m++) {
		if (ipfix_metrics[m].help)
			family(page, ipfix_metrics[m].name, ipfix_metrics[m].help);
		number_sample(page, &ipfix_metrics[m], NULL, &counts);
	}
}

void export_metrics(const struct export *export, enum export_form form, FILE *file)
{
	const struct page page = { .file = file, .form = form };
	const struct export_snapshot *now = &export->now;

	family(&page, "l2pc_build_info", "The version of the exporter.");
	fputs("l2pc_build_info{", file);
	label(file, "version", L2PC_VERSION);
	fputs("} 1\n", file);
	family(&page, "l2pc_up", "1 when the module answered, 0 when it did not: it is not loaded, or had no memory.");
	fprintf(file, "l2pc_up %d\n", now->up);
	family(&page, "l2pc_scrape_duration_seconds", "What asking the module took.");
	fprintf(file, "l2pc_scrape_duration_seconds %.6f\n", now->seconds);
	if (export->ipfix)
		write_ipfix(&page, export->ipfix);
	write_devices(&page, now, devices, ARRAY_SIZE(devices));
	write_counted_since(&page, now);
	if (any_has_tx(now))
		write_devices(&page, now, tx_devices, ARRAY_SIZE(tx_devices));
	write_patterns(&page, &now->patterns);
	if (export->stations)
		write_stations(&page, now);
	if (form == FORM_OPENMETRICS)
		fputs("# EOF\n", file);
}
