// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: add, delete, set, and their devices.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/atomic.h>
#include <linux/percpu.h>

#include "prealloc.h"
#include "snapshot.h"
#include "window.h"
#include "run/arena.h"
#include "run/attach.h"
#include "run/events.h"
#include "run/list.h"
#include "run/module.h"
#include "run/port.h"
#include "run/schedule.h"

/* 2^12 cells, 128 KiB: at 250,000 new stations a second the next table comes in time. */
#define FIRST_BITS		12U

/* What the packet path requests is in its writers, see ports_serve(). */
static void request_nothing(struct l2pc_writers *writers)
{
	(void)writers;
}

static const struct l2pc_writers_ops writers_ops = {
	.request_spare = request_nothing,
	.request_scan = request_nothing,
};

/* Tell the program what it needs to know of the settings. */
static void port_publish(struct port_run *port)
{
	struct l2pc_bpf_port *shared = arena_port(port->counts.writers.percpu);

	WRITE_ONCE(shared->vlan, port->settings.vlan);
	WRITE_ONCE(shared->max_cells, l2pc_writers_max_cells(&port->counts.writers));
}

int port_attach(struct port_run *port)
{
	int error;

	port->detached = false;
	if (!port->link.ifindex) {
		port->state = L2PC_PORT_STATE_NO_DEVICE;
		return 0;
	}
	if (port->yielded || link_refusal(&port->link)) {
		attach_end(&port->program);
		port->state = L2PC_PORT_STATE_UNSUPPORTED;
		return 0;
	}
	error = attach_begin(&port->program, port->link.ifindex, port->settings.tx);
	port->state = error ? L2PC_PORT_STATE_UNSUPPORTED : L2PC_PORT_STATE_COUNTING;
	port->detached = error;
	return error;
}

/* Free the tables that the programs had no use for. */
static void port_free_discarded(struct port_run *port)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct l2pc_writer *writer = per_cpu_ptr(port->counts.writers.percpu, cpu);
		struct l2pc_table *table = xchg(&writer->discarded, NULL);

		while (table) {
			struct l2pc_table *older = table->older;

			l2pc_table_free(table);
			table = older;
		}
	}
}

/*
 * Switch to the spares that are due, where programs do not: they only follow pointers to tables
 * then, and this process is the only switcher.
 */
static void port_switch_tables(struct port_run *port)
{
	struct l2pc_writer *writer;
	struct l2pc_table *table;
	int cpu;

	if (program_arena())
		return;
	for_each_possible_cpu(cpu) {
		writer = per_cpu_ptr(port->counts.writers.percpu, cpu);
		WRITE_ONCE(writer->spare_wanted, false);
		table = writer->active;
		if (!writer->spare || READ_ONCE(table->used) < L2PC_BPF_SWITCH_AT(table->soft_limit))
			continue;
		l2pc_table_link(writer->spare, table);
		/* A full barrier: the table is complete before the program sees it. */
		(void)xchg(&writer->active, writer->spare);
		writer->spare = NULL;
	}
}

void port_grow(struct port_run *port)
{
	port_switch_tables(port);
	l2pc_counts_grow(&port->counts);
	port_switch_tables(port);
	port_free_discarded(port);
}

/*
 * The engine may be anywhere that waits. There its archives are complete, and it expects that
 * CPUs switch to other tables: in the module they allocate some themselves. The older tables of
 * a CPU stay until the next switch.
 */
void port_grow_waiting(struct port_run *port)
{
	struct l2pc_writer *writer;
	int cpu;

	port_switch_tables(port);
	for_each_possible_cpu(cpu) {
		writer = per_cpu_ptr(port->counts.writers.percpu, cpu);
		l2pc_prealloc_spare(&port->counts, writer, cpu);
	}
	port_switch_tables(port);
}

/* Stop counting for good. The counts stay. */
static void port_halt(struct port_run *port)
{
	attach_end(&port->program);
	program_unload(&port->program);
	run_grace_period();
}

static void port_free(struct port_run *port)
{
	port_free_discarded(port);
	l2pc_counts_free(&port->counts);
	free(port);
}

static struct port_run *port_new(const char *name, const struct run_settings *settings)
{
	struct port_run *port = calloc(1, sizeof(*port));

	if (!port)
		return NULL;
	if (l2pc_counts_init(&port->counts, FIRST_BITS, settings->max_stations, &writers_ops)) {
		free(port);
		return NULL;
	}
	strcpy(port->name, name);
	port->settings = *settings;
	l2pc_counts_set_tx(&port->counts, settings->tx);
	/* Every CPU gets its first table. */
	l2pc_counts_rotate(&port->counts);
	port_publish(port);
	port_schedule(port, ~0U);
	return port;
}

int port_add_device(const struct link_info *link, const struct run_settings *settings,
		    struct pattern_run *pattern, const char **why)
{
	struct port_run *port;
	int error;

	*why = link_refusal(link);
	if (*why)
		return -EINVAL;
	if (module_counts(link))
		return *why = "the module counts it (l2pc --engine module show)", -EBUSY;
	port = port_new(link->name, settings);
	if (!port)
		return *why = program_refusal(-ENOMEM), -ENOMEM;
	port->link = *link;
	error = program_load(&port->program, arena_port(port->counts.writers.percpu),
			     arena_port_fd(port->counts.writers.percpu));
	if (error)
		*why = program_refusal(error);
	else if ((error = port_attach(port)))
		*why = attach_refusal(error) ?: program_refusal(error);
	if (error) {
		port_halt(port);
		port_free(port);
		return error;
	}
	port->pattern = pattern;
	if (pattern)
		pattern->ports++;
	ports_append(port);
	events_port(port, L2PC_CMD_PORT_ADD_NTF);
	return 0;
}

int port_add(const char *name, const struct run_settings *settings, const char **why)
{
	struct link_info link;

	*why = NULL;
	if (port_find(name))
		return *why = "it is counted already", -EEXIST;
	if (!links_find(name, &link))
		return -ENODEV;
	return port_add_device(&link, settings, NULL, why);
}

void port_print_counted(struct port_run *port)
{
	struct l2pc_totals open, closed, lifetime;

	if (l2pc_counts_totals(&port->counts, &open, &closed, &lifetime))
		return;
	printf("%s: %llu frames, %llu bytes, %u stations\n", port->name, lifetime.packets,
	       lifetime.bytes, lifetime.stations);
	fflush(stdout);
}

void port_del(struct port_run *port)
{
	ports_remove(port);
	if (port->pattern)
		port->pattern->ports--;
	events_port(port, L2PC_CMD_PORT_DEL_NTF);
	port_halt(port);
	port_print_counted(port);
	port_free(port);
}

int port_set(struct port_run *port, const struct run_settings *to, uint32_t given)
{
	struct run_settings *settings = &port->settings;
	bool tx = settings->tx;
	int error;

	/* Only this can fail. */
	if (given & RUN_SETTING(TX) && to->tx != tx) {
		if (to->tx)
			l2pc_counts_set_tx(&port->counts, true);
		settings->tx = to->tx;
		error = port_attach(port);
		if (error) {
			settings->tx = tx;
			port_attach(port);
		}
		l2pc_counts_set_tx(&port->counts, settings->tx);
		if (error)
			return error;
	}
	if (given & RUN_SETTING(HOOK_WANTED))
		settings->hook_wanted = to->hook_wanted;
	if (given & RUN_SETTING(VLAN))
		settings->vlan = to->vlan;
	if (given & RUN_SETTING(MAX_STATIONS)) {
		settings->max_stations = to->max_stations;
		l2pc_counts_set_max_stations(&port->counts, to->max_stations);
	}
	if (given & RUN_SETTING(RESET_INTERVAL))
		settings->reset_interval = to->reset_interval;
	if (given & RUN_SETTING(STATION_TIMEOUT))
		settings->station_timeout = to->station_timeout;
	port_schedule(port, given);
	port_publish(port);
	/* The tables of a smaller maximum may be full before this process is woken. */
	if (given & RUN_SETTING(MAX_STATIONS))
		l2pc_counts_rotate(&port->counts);
	events_port(port, L2PC_CMD_PORT_SET_NTF);
	return 0;
}

void ports_stop(void)
{
	struct port_run *port;

	for (port = run_ports; port; port = port->next)
		attach_end(&port->program);
	run_grace_period();
}
