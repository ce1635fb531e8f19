// SPDX-License-Identifier: GPL-2.0
/*
 * Background work of ports: tables, scans, closing and expiry by time.
 * Copyright (C) the l2packet_counter authors
 *
 * One thread does everything but count. So a table that a CPU requests waits for a
 * snapshot that is being read, 25 ms for 100,000 stations. Meanwhile the CPU goes on in
 * what is left of its table.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include "discover.h"
#include "window.h"
#include "run/clock.h"
#include "run/devices.h"
#include "run/events.h"
#include "run/list.h"
#include "run/port.h"
#include "run/schedule.h"
#include "run/server.h"
#include "run/watch.h"
#include "run/work.h"

/* Delay of a scan, so that many new stations are reported together. */
#define SCAN_DELAY		(SECOND / 4)

/* Report what the last scan has found. */
static void events_found(struct port_run *port)
{
	struct l2pc_station_list new;
	bool untracked;

	l2pc_discovery_fetch(&port->counts, &new, &untracked);
	events_stations(port, L2PC_CMD_STATION_NEW_NTF, &new);
	l2pc_station_list_free(&new);
	if (untracked)
		events_port(port, L2PC_CMD_UNTRACKED_NTF);
}

/* Before a change: what is new is reported first. */
static bool change_begin(struct port_run *port)
{
	bool listening = server_listening();

	if (listening)
		l2pc_discovery_scan(&port->counts, true);
	return listening;
}

/* A station that came back during the change found its cell, which requests no scan. */
static void change_end(struct port_run *port, bool rescan)
{
	if (!rescan)
		return;
	l2pc_discovery_scan(&port->counts, true);
	events_found(port);
}

void port_reset(struct port_run *port, struct l2pc_totals *closed)
{
	bool listening = change_begin(port);
	bool evicted = l2pc_window_close(&port->counts, closed);

	events_found(port);
	events_closed(port, closed);
	change_end(port, listening && evicted);
}

static void port_expire(struct port_run *port)
{
	struct l2pc_station_list expired = { 0 };
	bool listening = change_begin(port);
	bool any = l2pc_counts_expire(&port->counts, port->settings.station_timeout * SECOND,
				      listening ? &expired : NULL);

	events_found(port);
	events_stations(port, L2PC_CMD_STATION_EXPIRE_NTF, &expired);
	l2pc_station_list_free(&expired);
	change_end(port, listening && any);
}

void ports_listen(void)
{
	for (struct port_run *port = run_ports; port; port = port->next) {
		l2pc_discovery_scan(&port->counts, false);
		l2pc_discovery_scan(&port->counts, true);
	}
}

/* What the programs of a port request, on any CPU. */
static void port_requests(const struct port_run *port, bool *spare, bool *scan)
{
	const struct l2pc_writer *writer;
	int cpu;

	*spare = *scan = false;
	for_each_possible_cpu(cpu) {
		writer = per_cpu_ptr(port->counts.writers.percpu, cpu);
		*spare |= READ_ONCE(writer->spare_wanted);
		*scan |= READ_ONCE(writer->scan_pending);
	}
}

void ports_serve(void)
{
	bool listening = server_listening(), spare, scan;

	for (struct port_run *port = run_ports; port; port = port->next) {
		port_requests(port, &spare, &scan);
		if (spare)
			port_grow(port);
		/* Without a listener nothing is searched for, see ports_listen(). */
		if (scan && listening && !port->next_scan)
			port->next_scan = run_monotonic() + SCAN_DELAY;
	}
}

void ports_serve_waiting(void)
{
	bool spare, scan;

	/* Another grace period, if one is due, comes after this one. */
	(void)program_woken();
	for (struct port_run *port = run_ports; port; port = port->next) {
		port_requests(port, &spare, &scan);
		if (spare)
			port_grow_waiting(port);
	}
}

/* In a flood of new stations scans take at most a twentieth of a CPU. */
static void port_scan(struct port_run *port)
{
	uint64_t duration = l2pc_discovery_scan(&port->counts, server_listening());
	bool spare, scan;

	events_found(port);
	port_requests(port, &spare, &scan);
	port->next_scan = scan ? run_monotonic() + SCAN_DELAY + 20 * duration : 0;
}

static void port_timers(struct port_run *port, uint64_t now)
{
	uint64_t interval = port->settings.reset_interval * SECOND;
	bool close = interval && port->next_close <= now;
	bool expire = port->settings.station_timeout && port->next_expire <= now;
	struct l2pc_totals closed;

	if (port->next_scan && port->next_scan <= now)
		port_scan(port);
	if (!close && !expire && port->next_rotate > now)
		return;
	if (close) {
		/* In step with the clock, unless a whole interval was missed. */
		port->next_close += interval;
		if (port->next_close <= now)
			port->next_close = now + interval;
		port_reset(port, &closed);
	}
	if (expire) {
		port->next_expire = now + port_expire_interval(port);
		port_expire(port);
	}
	if (!close && !expire)
		l2pc_counts_rotate(&port->counts);
	port->next_rotate = now + ROTATE_INTERVAL;
}

/* When a port without a device is deleted; UINT64_MAX: it stays. */
static uint64_t port_kept_until(const struct port_run *port)
{
	return port->pattern && !port->link.ifindex ? port->gone + port->settings.keep * SECOND :
						      UINT64_MAX;
}

int ports_timers(void)
{
	uint64_t next = UINT64_MAX, now = run_monotonic();
	struct port_run *port, *following;

	for (port = run_ports; port; port = following) {
		following = port->next;
		if (port_kept_until(port) <= now)
			port_del(port);
	}
	for (port = run_ports; port; port = port->next)
		port_timers(port, run_monotonic());
	for (port = run_ports; port; port = port->next) {
		next = min(next, port->next_rotate);
		next = min(next, port_kept_until(port));
		if (port->next_scan)
			next = min(next, port->next_scan);
		if (port->settings.reset_interval)
			next = min(next, port->next_close);
		if (port->settings.station_timeout)
			next = min(next, port->next_expire);
	}
	next = min(next, watch_ports(run_monotonic()));
	next = min(next, devices_timer(run_monotonic()));
	now = run_monotonic();
	if (next == UINT64_MAX)
		return -1;
	return next <= now ? 0 : (int)min((next - now) / 1000000 + 1, (uint64_t)3600000);
}
