// SPDX-License-Identifier: GPL-2.0
/*
 * What is exported: asked of the module, with the stations that have series.
 * Copyright (C) the l2packet_counter authors
 *
 * A port may have a million stations. They come one by one, and only those that
 * are exported are kept: the ones that had series before, and the busiest of the
 * others in a heap. So memory depends on what is exported, not on what there is.
 *
 * Who has series keeps them while the station exists, however quiet it becomes:
 * series that come and go with each change of the order would say nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "names/names.h"
#include "output/select.h"
#include "util/clock.h"

/**
 * struct heap - the busiest of those that were offered; the least busy is on top
 * @station: @count of them
 * @count: how many
 * @room: how many there is room for
 * @most: how many it may have
 */
struct heap {
	struct station *station;
	size_t count;
	size_t room;
	size_t most;
};

/**
 * struct taking - a snapshot under way
 * @export: the exporter
 * @device: the port whose stations come
 * @others: stations that had none
 * @busiest: for people
 * @candidates: for series
 */
struct taking {
	struct export *export;
	struct export_device *device;
	struct hidden hidden;
	struct heap busiest;
	struct heap candidates;
};

/* Above 0 where @x is less busy than @y; never 0 for two stations. */
static int less_busy(const struct station *x, const struct station *y)
{
	if (x->packets != y->packets)
		return x->packets < y->packets ? 1 : -1;
	return station_order(x, y);
}

static void heap_down(struct heap *heap, size_t i)
{
	struct station moved = heap->station[i];
	size_t child;

	for (; (child = 2 * i + 1) < heap->count; i = child) {
		if (child + 1 < heap->count &&
		    less_busy(&heap->station[child + 1], &heap->station[child]) > 0)
			child++;
		if (less_busy(&moved, &heap->station[child]) > 0)
			break;
		heap->station[i] = heap->station[child];
	}
	heap->station[i] = moved;
}

static void heap_offer(struct heap *heap, const struct station *station)
{
	size_t i, parent;

	if (!heap->most)
		return;
	if (heap->count == heap->most) {
		if (less_busy(station, &heap->station[0]) > 0)
			return;
		heap->station[0] = *station;
		heap_down(heap, 0);
		return;
	}
	heap->station = array_grow(heap->station, &heap->room, heap->count, sizeof(*heap->station));
	for (i = heap->count++; i; i = parent) {
		parent = (i - 1) / 2;
		if (less_busy(station, &heap->station[parent]) < 0)
			break;
		heap->station[i] = heap->station[parent];
	}
	heap->station[i] = *station;
}

static int by_frames(const void *a, const void *b)
{
	return less_busy(a, b);
}

/* Busiest first; it is no heap afterwards. */
static void heap_sort(struct heap *heap)
{
	if (heap->count)
		qsort(heap->station, heap->count, sizeof(*heap->station), by_frames);
}

static int by_address(const void *a, const void *b)
{
	return station_order(a, b);
}

static void append(struct view *view, const struct station *station)
{
	*view_station(view) = *station;
}

static void others_add(struct hidden *others, const struct station *station)
{
	others->stations++;
	others->packets += station->packets;
	others->bytes += station->bytes;
}

static void others_take(struct hidden *others, const struct station *station)
{
	others->stations--;
	others->packets -= station->packets;
	others->bytes -= station->bytes;
}

static void device_free(struct export_device *device)
{
	view_free(&device->series);
	view_free(&device->busiest);
}

static void snapshot_free(struct export_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		device_free(&snapshot->device[i]);
	free(snapshot->device);
	*snapshot = (struct export_snapshot){ 0 };
}

static void device_begin(struct export_device *device, const char *ifname)
{
	device_free(device);
	memset(device, 0, sizeof(*device));
	memcpy(device->busiest.ifname, ifname, sizeof(device->busiest.ifname));
	memcpy(device->series.ifname, ifname, sizeof(device->series.ifname));
}

static struct export_device *device_new(struct export_snapshot *snapshot, const char *ifname)
{
	struct export_device *device;

	snapshot->device = array_grow(snapshot->device, &snapshot->room, snapshot->count,
				      sizeof(*snapshot->device));
	device = memset(&snapshot->device[snapshot->count++], 0, sizeof(*device));
	device_begin(device, ifname);
	return device;
}

static struct export_device *device_of(const struct export_snapshot *snapshot, const char *ifname)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (!strcmp(snapshot->device[i].busiest.ifname, ifname))
			return &snapshot->device[i];
	return NULL;
}

/* All stations of a port have come: places that are free go to the busiest. */
static void device_end(struct taking *taking)
{
	struct export_device *device = taking->device;
	struct heap *heap = &taking->candidates;
	struct view *shown;
	size_t places;

	if (!device)
		return;
	places = taking->export->stations - device->series.count;
	heap_sort(heap);
	for (size_t i = 0; i < heap->count && i < places; i++) {
		append(&device->series, &heap->station[i]);
		others_take(&device->omitted, &heap->station[i]);
	}
	if (device->series.count)
		qsort(device->series.stations, device->series.count, sizeof(*heap->station), by_address);

	shown = &device->busiest;
	shown->hidden = taking->hidden;
	heap = &taking->busiest;
	heap_sort(heap);
	for (size_t i = 0; i < heap->count; i++) {
		append(shown, &heap->station[i]);
		others_take(&shown->hidden, &heap->station[i]);
	}
	taking->device = NULL;
}

static void take_begin(void *data)
{
	struct taking *taking = data;

	snapshot_free(&taking->export->now);
	delta_rewind(&taking->export->members);
	taking->device = NULL;
}

static void take_port(const struct view *view, void *data)
{
	struct taking *taking = data;
	struct export_device *device = device_of(&taking->export->now, view->ifname);

	device_end(taking);
	/* One is gone, and another has its name: of those the one that has a device. */
	if (device && !view->ifindex)
		return;
	if (device)
		device_begin(device, view->ifname);
	else
		device = device_new(&taking->export->now, view->ifname);
	taking->device = device;
	taking->device->busiest = *view;
	taking->device->totals = view->totals;
	delta_assign(&taking->export->members, view, 1, &device->slot);
	delta_enter(&taking->export->members, device->slot, view);
	taking->hidden = (struct hidden){ 0 };
	taking->busiest.count = taking->candidates.count = 0;
}

static void take_station(const struct station *station, void *data)
{
	struct taking *taking = data;
	struct export_device *device = taking->device;

	if (!device)
		return;
	others_add(&taking->hidden, station);
	heap_offer(&taking->busiest, station);
	if (device->series.count < taking->export->stations &&
	    delta_find(&taking->export->members, station)) {
		append(&device->series, station);
		return;
	}
	others_add(&device->omitted, station);
	heap_offer(&taking->candidates, station);
}

static const struct walker walker = {
	.reset = take_begin,
	.port = take_port,
	.station = take_station,
};

/* Their bounds; and where stations were not asked for, the ports themselves. */
static void take_ports(struct export_snapshot *now, const struct ports *ports)
{
	for (size_t i = 0; i < ports->count; i++) {
		const struct port *port = &ports->port[i];
		struct export_device *device = device_of(now, port->ifname);

		/* As take_port() does. */
		if (device && !port->value[L2PC_A_PORT_IFINDEX])
			continue;
		if (!now->walked) {
			if (!device)
				device = device_new(now, port->ifname);
			device->totals = port->lifetime;
			device->omitted.stations = port->lifetime.value[L2PC_A_TOTALS_STATIONS];
			device->omitted.packets = port->lifetime.value[L2PC_A_TOTALS_PACKETS] -
						  port->lifetime.value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
			device->omitted.bytes = port->lifetime.value[L2PC_A_TOTALS_BYTES] -
						port->lifetime.value[L2PC_A_TOTALS_UNTRACKED_BYTES];
		}
		if (device && port->has & BIT(L2PC_A_PORT_MAX_STATIONS)) {
			device->has_limit = true;
			device->limit = port->value[L2PC_A_PORT_MAX_STATIONS];
		}
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

static int ask_stations(struct export *export)
{
	struct taking taking = {
		.export = export,
		.busiest.most = EXPORT_BUSIEST,
		.candidates.most = export->stations,
	};
	int error;

	delta_scan(&export->members);
	error = source_walk(&export->source, NULL, L2PC_VIEW_LIFETIME, &walker, &taking);
	device_end(&taking);
	free(taking.busiest.station);
	free(taking.candidates.station);
	return error;
}

static int ask(struct export *export, bool walk)
{
	/* A recording need not have ports; its stations say enough. */
	bool stations = walk || export->stations || source_is_recorded(&export->source);
	struct ports ports = { 0 };
	int error = 0;

	snapshot_free(&export->now);
	if (stations)
		error = ask_stations(export);
	export->now.walked = stations;
	if (!error && source_ports(&export->source, NULL, &ports) && !source_is_recorded(&export->source))
		error = -1;
	if (!error)
		take_ports(&export->now, &ports);
	ports_free(&ports);
	return error;
}

/* A new connection each time: the module may have been loaded anew, and its family
 * is another one then.
 */
void export_take(struct export *export, bool walk)
{
	uint64_t begun = clock_boot();
	bool up = false;

	if (!source_connect(&export->source)) {
		up = !ask(export, walk);
		source_disconnect(&export->source);
	}
	if (!up)
		snapshot_free(&export->now);
	else if (export->stations)
		members_keep(export);
	export->now.up = up;
	export->now.boot = clock_boot();
	export->now.wall = clock_wall();
	export->now.took = (double)(export->now.boot - begun) / 1e9;
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
