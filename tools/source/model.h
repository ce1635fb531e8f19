/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data model: ports with their settings, views of a port with its stations, events.
 * Copyright (C) the l2packet_counter authors
 *
 * The module may be older or newer than the tool. So each value comes with a bit in
 * @has that says whether it was sent. A value that was not sent is left out of the
 * output, and is not 0. Bits and places in @value are numbers of netlink attributes.
 * Times are CLOCK_BOOTTIME in nanoseconds.
 */
#ifndef L2PC_TOOL_MODEL_H
#define L2PC_TOOL_MODEL_H

#include <linux/l2packet_counter.h>

#include "util/array.h"
#include "util/value.h"

/* The sums of a view. */
struct totals {
	uint32_t has; /* bits L2PC_A_TOTALS_x */
	uint64_t value[L2PC_A_TOTALS_MAX + 1];
};

/* An interface that is counted; or a pattern, see port_is_pattern(). */
struct port {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t has; /* bits L2PC_A_PORT_x */
	uint64_t value[L2PC_A_PORT_MAX + 1];
	char pattern[L2PC_PATTERN_MAX + 1]; /* that made it a port; or the pattern itself */
	bool older; /* sent by a module before 2.1, which had other hooks */
	union {
		struct totals totals[3]; /* by enum l2pc_view */
		struct {
			struct totals window, previous, lifetime;
		};
	};
};

/* Directions of frames, as the port sees them. */
enum direction {
	RX, /* received from a station */
	TX, /* sent to it; only where the setting tx is or was on */
	DIRECTIONS
};

/* An address seen on a port: the source of received frames, the destination of sent ones. */
struct station {
	uint64_t packets; /* received */
	uint64_t bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t first_seen;
	uint64_t last_seen;
	uint16_t has;  /* bits L2PC_A_STATION_x */
	uint16_t vlan; /* outer VLAN id */
	uint8_t mac[6];
	const char *name; /* NULL: not looked up, or none */
};

/* Sums of the stations that options have left out of a view. */
struct hidden {
	uint64_t stations;
	uint64_t packets;
	uint64_t bytes;
	uint64_t tx_packets;
	uint64_t tx_bytes;
};

/* The stations of a port; without them, a window that a reset has closed. */
struct view {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t has;	  /* bits L2PC_A_STATIONS_x */
	uint32_t ifindex; /* 0: there is no device */
	uint32_t view;	  /* enum l2pc_view */
	bool all_time;	  /* from the totals of l2pc save; @view is not used */
	uint64_t now;	  /* when it was read */
	uint8_t identity[6]; /* permanent address of its device; all zero: none, or not asked for */
	struct totals totals;
	struct hidden hidden;
	struct station *stations;
	size_t count, room; /* of @stations */
};

/* An event of the monitor. */
struct event {
	const char *name; /* as in the spec without "-ntf"; or "lost", "port", "pattern" */
	uint8_t cmd;	  /* L2PC_CMD_x; 0 for "lost", "port" and "pattern" */
	struct port port; /* for events about ports and patterns */
	struct view view; /* for events about stations */
};

struct views {
	struct view *view;
	size_t count, room;
};

struct ports {
	struct port *port;
	size_t count, room;
};

enum field_kind {
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_IFNAME,
	FIELD_PATTERN,
	FIELD_MAC,
	FIELD_TOTALS,
};

/* A value of the model: where it is in netlink, in JSON, and in its struct. */
struct field {
	const char *key; /* in JSON; NULL: there is no such field */
	enum field_kind kind;
	uint8_t bit;	 /* in @has of its struct */
	uint16_t offset; /* in its struct */
	const struct enum_names *names;
};

/* Fields of a struct, by netlink attribute. */
struct fields {
	const struct field *field;
	unsigned int count;
};

/* field_set() - set the member of a number, which has so many bits */
static inline void field_set(const struct field *field, void *member, uint64_t number)
{
	if (field->kind == FIELD_U16)
		*(uint16_t *)member = (uint16_t)number;
	else if (field->kind == FIELD_U32)
		*(uint32_t *)member = (uint32_t)number;
	else
		*(uint64_t *)member = number;
}

extern const struct fields totals_fields, port_fields, view_fields, closed_fields, station_fields;
extern const struct enum_names view_names, hook_names, hook_wanted_names, state_names;

#define SETTINGS	7

/* A setting of a port: the one table behind add, set, port, help and completion. */
struct setting {
	const char *name;	/* as it is typed and shown */
	const char *value;	/* what help calls its value; NULL where @names lists the values */
	const struct enum_names *names;	/* NULL for a number */
	uint16_t attr;		/* L2PC_A_PORT_x */
	uint8_t size;		/* bytes of the netlink attribute */
	uint32_t min;
	uint32_t max;
};

extern const struct setting settings[SETTINGS];

/* setting_of_pattern() - is it a setting of patterns, which their ports have from them? */
static inline bool setting_of_pattern(const struct setting *setting)
{
	return setting->attr == L2PC_A_PORT_KEEP;
}

/* hidden_add() - add a station */
static inline void hidden_add(struct hidden *hidden, const struct station *station)
{
	hidden->stations++;
	hidden->packets += station->packets;
	hidden->bytes += station->bytes;
	hidden->tx_packets += station->tx_packets;
	hidden->tx_bytes += station->tx_bytes;
}

static inline uint64_t station_packets(const struct station *station, enum direction direction)
{
	return direction == TX ? station->tx_packets : station->packets;
}

static inline uint64_t station_bytes(const struct station *station, enum direction direction)
{
	return direction == TX ? station->tx_bytes : station->bytes;
}

/* add_counts() - add two counters, at most to the largest number */
static inline uint64_t add_counts(uint64_t x, uint64_t y)
{
	return x + y < x ? UINT64_MAX : x + y;
}

/* view_has_tx() - does a view hold counts of sent frames? */
bool view_has_tx(const struct view *view);

/* view_append() - append a copy of a station; @data is the view, so that it is a callback */
void view_append(const struct station *station, void *data);

/* view_span() - nanoseconds that a view has counted, 0 when unknown */
uint64_t view_span(const struct view *view);

/* view_name() - "window", "previous", "lifetime" or "all-time" */
const char *view_name(const struct view *view);

/* station_order() - compare addresses, then VLANs, as for qsort() */
int station_order(const void *a, const void *b);

/* These free and empty a view or a list. */
void view_free(struct view *view);
void views_free(struct views *views);
void ports_free(struct ports *ports);

/* port_totals() - the sums of a view of a port, or NULL where they were not sent */
static inline const struct totals *port_totals(const struct port *port, enum l2pc_view view)
{
	return port->has & BIT(L2PC_A_PORT_WINDOW + view) ? &port->totals[view] : NULL;
}

/* port_is_pattern() - is it a pattern, or an event about one, and not a port? */
static inline bool port_is_pattern(const struct port *port)
{
	return port->has & BIT(L2PC_A_PORT_PORTS);
}

/* pattern_is() - is a name a pattern? As the module's parameter decides it. */
static inline bool pattern_is(const char *name)
{
	return name[strcspn(name, "*?[")];
}

static inline bool totals_has(const struct totals *totals, unsigned int attr)
{
	return totals->has & BIT(attr);
}

/* totals_attr() - the attribute of a direction; @attr is that of received frames */
static inline unsigned int totals_attr(enum direction direction, unsigned int attr)
{
	if (direction == RX)
		return attr;
	return attr <= L2PC_A_TOTALS_BYTES ?
		       attr - L2PC_A_TOTALS_PACKETS + L2PC_A_TOTALS_TX_PACKETS :
		       attr - L2PC_A_TOTALS_UNTRACKED_PACKETS + L2PC_A_TOTALS_TX_UNTRACKED_PACKETS;
}

/* totals_value() - the value of a direction, 0 when it was not sent; @attr as above */
static inline uint64_t totals_value(const struct totals *totals, enum direction direction,
				    unsigned int attr)
{
	return totals->value[totals_attr(direction, attr)];
}

/* totals_has_tx() - are there counts of sent frames? */
static inline bool totals_has_tx(const struct totals *totals)
{
	return totals_has(totals, L2PC_A_TOTALS_TX_PACKETS);
}

/* 0 for what was not sent. */
static inline uint64_t totals_skipped(const struct totals *totals, enum direction direction)
{
	return totals_value(totals, direction, L2PC_A_TOTALS_SKIPPED_MULTICAST) +
	       totals_value(totals, direction, L2PC_A_TOTALS_SKIPPED_BROADCAST) +
	       totals_value(totals, direction, L2PC_A_TOTALS_SKIPPED_INVALID);
}

#endif /* L2PC_TOOL_MODEL_H */
