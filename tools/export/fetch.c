// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots of the module for the exporter, with the stations that have series.
 * Copyright (C) the l2packet_counter authors
 *
 * A port may have a million stations. They are read one by one, and only those that are
 * exported are kept: the stations that had series before, and the busiest of the others.
 *
 * Series are sticky: a station keeps its series until it expires. Series that come and go
 * with each change of the order would be useless.
 */
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "names/names.h"
#include "util/clock.h"
#include "util/rank.h"

/* A snapshot that is being read. */
struct fetching {
	struct export *export;
	struct export_device *device;	/* whose stations are read, or NULL */
	struct view candidates;		/* the busiest stations that had no series */
};

/* By frames of both directions. Never 0 for two stations. */
static int compare_busy(const void *a, const void *b)
{
	const struct station *x = a, *y = b;
	uint64_t packets_x = add_counts(x->packets, x->tx_packets);
	uint64_t packets_y = add_counts(y->packets, y->tx_packets);

	if (packets_x != packets_y)
		return packets_x > packets_y ? -1 : 1;
	return station_order(x, y);
}

/* Keep a station if it is among the busiest @most of the view. */
static void offer_station(struct view *view, size_t most, const struct station *station)
{
	if (view->count < most)
		view->stations = array_grow(view->stations, &view->room, view->count, sizeof(*station));
	rank_offer(view->stations, &view->count, most, sizeof(*station), station, compare_busy);
}

static void hidden_remove(struct hidden *hidden, const struct station *station)
{
	hidden->stations--;
	hidden->packets -= station->packets;
	hidden->bytes -= station->bytes;
	hidden->tx_packets -= station->tx_packets;
	hidden->tx_bytes -= station->tx_bytes;
}

static void snapshot_free(struct export_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++) {
		view_free(&snapshot->device[i].series);
		view_free(&snapshot->device[i].busiest);
	}
	free(snapshot->device);
	index_free(&snapshot->names);
	ports_free(&snapshot->patterns);
	*snapshot = (struct export_snapshot){ 0 };
}

static struct export_device *device_find(const struct export_snapshot *snapshot, const char *ifname)
{
	const struct index *names = &snapshot->names;

	for (uint32_t at = index_first(names, index_text(ifname)); at; at = index_next(names, at)) {
		struct export_device *device = &snapshot->device[index_element(names, at)];

		if (!strcmp(device->busiest.ifname, ifname))
			return device;
	}
	return NULL;
}

bool export_has_device(const struct export *export, const char *ifname)
{
	return device_find(&export->now, ifname);
}

/*
 * Start a device, or start it again. Return NULL for a port without an interface, whose
 * name another port has by now.
 */
static struct export_device *device_start(struct export_snapshot *snapshot, const char *ifname,
					  bool has_interface)
{
	struct export_device *device = device_find(snapshot, ifname);

	if (device && !has_interface)
		return NULL;
	if (device) {
		view_free(&device->series);
		view_free(&device->busiest);
		*device = (struct export_device){ 0 };
	} else {
		device = list_add(snapshot, device);
		index_add(&snapshot->names, index_text(ifname), snapshot->count - 1);
	}
	strcpy(device->busiest.ifname, ifname);
	strcpy(device->series.ifname, ifname);
	return device;
}

/* All stations of a port were read: the busiest candidates get the series that are left. */
static void device_end(struct fetching *f)
{
	struct export_device *device = f->device;
	struct view *busiest, *series;

	if (!device)
		return;
	busiest = &device->busiest;
	series = &device->series;
	rank_first(f->candidates.stations, f->candidates.count, sizeof(struct station),
		   f->candidates.count, compare_busy);
	for (size_t i = 0; i < f->candidates.count && series->count < f->export->stations; i++) {
		view_append(&f->candidates.stations[i], series);
		hidden_remove(&device->omitted, &f->candidates.stations[i]);
	}
	rank_first(series->stations, series->count, sizeof(struct station), series->count,
		   station_order);
	rank_first(busiest->stations, busiest->count, sizeof(struct station), busiest->count,
		   compare_busy);
	for (size_t i = 0; i < busiest->count; i++)
		hidden_remove(&busiest->hidden, &busiest->stations[i]);
	f->device = NULL;
}

static void on_reset(void *data)
{
	struct fetching *f = data;

	snapshot_free(&f->export->now);
	delta_rewind(&f->export->members);
	f->device = NULL;
}

static void on_port(const struct view *view, void *data)
{
	struct fetching *f = data;

	device_end(f);
	f->device = device_start(&f->export->now, view->ifname, view->ifindex);
	if (!f->device)
		return;
	f->device->busiest = *view;
	f->device->totals = view->totals;
	delta_assign(&f->export->members, view, 1, &f->device->slot);
	delta_enter(&f->export->members, f->device->slot, view);
	f->candidates.count = 0;
}

static void on_station(const struct station *station, void *data)
{
	struct fetching *f = data;
	struct export_device *device = f->device;

	if (!device)
		return;
	hidden_add(&device->busiest.hidden, station);
	offer_station(&device->busiest, EXPORT_BUSIEST, station);
	if (device->series.count < f->export->stations && delta_find(&f->export->members, station)) {
		view_append(station, &device->series);
		return;
	}
	hidden_add(&device->omitted, station);
	offer_station(&f->candidates, f->export->stations, station);
}

static int stations_fetch(struct export *export)
{
	static const struct walker walker = { on_reset, on_port, on_station };
	struct fetching fetching = { .export = export };
	int error;

	delta_scan(&export->members);
	error = source_walk(&export->source, NULL, L2PC_VIEW_LIFETIME, &walker, &fetching);
	device_end(&fetching);
	view_free(&fetching.candidates);
	return error;
}

/* Add the limits of ports; without stations, the ports themselves. */
static void ports_add(struct export_snapshot *now, const struct ports *ports)
{
	for (size_t i = 0; i < ports->count; i++) {
		const struct port *port = &ports->port[i];
		const uint64_t *sums = port->lifetime.value;
		bool has_interface = port->value[L2PC_A_PORT_IFINDEX];
		struct export_device *device = device_find(now, port->ifname);

		if (device && !has_interface)
			continue;
		if (!now->walked) {
			device = device_start(now, port->ifname, has_interface);
			device->totals = port->lifetime;
			device->omitted.stations = sums[L2PC_A_TOTALS_STATIONS];
			device->omitted.packets = sums[L2PC_A_TOTALS_PACKETS] -
						  sums[L2PC_A_TOTALS_UNTRACKED_PACKETS];
			device->omitted.bytes = sums[L2PC_A_TOTALS_BYTES] -
						sums[L2PC_A_TOTALS_UNTRACKED_BYTES];
			device->omitted.tx_packets = sums[L2PC_A_TOTALS_TX_PACKETS] -
						     sums[L2PC_A_TOTALS_TX_UNTRACKED_PACKETS];
			device->omitted.tx_bytes = sums[L2PC_A_TOTALS_TX_BYTES] -
						   sums[L2PC_A_TOTALS_TX_UNTRACKED_BYTES];
		}
		if (device)
			device->limit = port->value[L2PC_A_PORT_MAX_STATIONS];
	}
}

/* Remember the stations that have series. */
static void members_keep(struct export *export)
{
	struct delta *members = &export->members;

	for (size_t i = 0; i < export->now.count; i++) {
		const struct export_device *device = &export->now.device[i];
		enum delta_start start;

		members->current = device->slot;
		for (size_t s = 0; s < device->series.count; s++)
			delta_station(members, &device->series.stations[s], &start);
	}
	for (size_t i = 0; i < members->ports; i++)
		if (((struct delta_port *)delta_port_at(members, i))->scan != members->scan)
			delta_release(members, i);
	delta_sweep(members);
}

static int snapshot_fetch(struct export *export, bool walk)
{
	/* A recording need not have ports: its stations are enough. */
	bool recorded = source_is_recorded(&export->source);
	struct ports ports = { 0 };
	int error = 0;

	snapshot_free(&export->now);
	export->now.walked = walk || export->stations || recorded;
	if (export->now.walked) {
		error = stations_fetch(export);
		export->now.walked = true;
	}
	if (!error && source_ports(&export->source, NULL, &ports) && !recorded)
		error = -1;
	if (!error)
		ports_add(&export->now, &ports);
	if (!error && source_patterns(&export->source, &export->now.patterns) && !recorded)
		error = -1;
	ports_free(&ports);
	return error;
}

/* Connect each time: a module that was loaded again is another netlink family. */
void export_fetch(struct export *export, bool walk)
{
	uint64_t start = clock_boot();
	bool up = false;

	if (!source_connect(&export->source)) {
		up = !snapshot_fetch(export, walk);
		source_disconnect(&export->source);
	}
	if (!up)
		snapshot_free(&export->now);
	else if (export->stations)
		members_keep(export);
	export->now.up = up;
	export->now.boot = clock_boot();
	export->now.wall = clock_wall();
	export->now.seconds = (double)(export->now.boot - start) / 1e9;
	names_refresh();
}

void export_init(struct export *export, size_t stations)
{
	*export = (struct export){ .stations = stations };
	delta_init(&export->members, sizeof(struct delta_port), sizeof(struct delta_station));
}

void export_free(struct export *export)
{
	snapshot_free(&export->now);
	delta_free(&export->members);
}
