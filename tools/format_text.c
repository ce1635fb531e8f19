// SPDX-License-Identifier: GPL-2.0
/*
 * Output for people.
 * Copyright (C) the l2packet_counter authors
 *
 * Numbers are written out in full, moments as ages, settings as they would be
 * typed. What the module did not send is shown as -.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "output.h"

#define SECOND	UINT64_C(1000000000)

/* Room for an age, and for a number. */
#define AGE	24
#define NUMBER	24

static void begin(struct output *output)
{
	(void)output;
}

static void end(struct output *output)
{
	if (!output->blocks)
		puts("no ports; add one: sudo l2pc add eth0");
}

/* A name as it can be shown: names may hold what steers a terminal. */
static const char *shown(const char *name)
{
	static char text[L2PC_NAME_MAX + 1];

	snprintf(text, sizeof(text), "%s", name[0] ? name : "?");
	return printable(text);
}

static const char *span(uint64_t ns, char buffer[AGE])
{
	uint64_t s = ns / SECOND;

	if (s < 10)
		snprintf(buffer, AGE, "%" PRIu64 ".%" PRIu64 "s", s, ns % SECOND / (SECOND / 10));
	else if (s < 60)
		snprintf(buffer, AGE, "%" PRIu64 "s", s);
	else if (s < 3600)
		snprintf(buffer, AGE, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	else if (s < 86400)
		snprintf(buffer, AGE, "%" PRIu64 "h%02" PRIu64 "m", s / 3600, s / 60 % 60);
	else
		snprintf(buffer, AGE, "%" PRIu64 "d%02" PRIu64 "h", s / 86400, s / 3600 % 24);
	return buffer;
}

/* How long ago @then was. The clock was read before the answer came, so that a
 * frame may seem to come from the future.
 */
static const char *age(const struct output *output, uint64_t then, char buffer[AGE])
{
	return span(output->now > then ? output->now - then : 0, buffer);
}

static const char *number(uint64_t value, bool has, char buffer[NUMBER])
{
	if (has)
		snprintf(buffer, NUMBER, "%" PRIu64, value);
	else
		strcpy(buffer, "-");
	return buffer;
}

static const char *sum(const struct totals *totals, unsigned int attr, char buffer[NUMBER])
{
	return number(totals->value[attr], totals_has(totals, attr), buffer);
}

/* "window 12, open for 14s, 6 stations" */
static void heading(const struct output *output, const struct view *view)
{
	const struct totals *totals = &view->totals;
	bool closed = totals_has(totals, L2PC_A_TOTALS_CLOSED);
	uint64_t opened = totals->value[L2PC_A_TOTALS_OPENED];
	char buffer[AGE];

	printf("%s: %s", shown(view->ifname), view->has & BIT(L2PC_A_STATIONS_VIEW) ?
	       words_get(&view_words, view->view) : "stations");
	if (view->view == L2PC_VIEW_PREVIOUS && !totals->has && !view->count) {
		puts(", no window was closed yet");
		return;
	}
	if (totals_has(totals, L2PC_A_TOTALS_WINDOW_ID) && view->view != L2PC_VIEW_LIFETIME)
		printf(" %" PRIu64, totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	if (totals_has(totals, L2PC_A_TOTALS_OPENED)) {
		uint64_t until = closed ? totals->value[L2PC_A_TOTALS_CLOSED] : output->now;

		printf(", %s", span(until > opened ? until - opened : 0, buffer));
	}
	if (closed)
		printf(", closed %s ago",
		       age(output, totals->value[L2PC_A_TOTALS_CLOSED], buffer));
	printf(", %s stations\n", sum(totals, L2PC_A_TOTALS_STATIONS, buffer));
}

static void row(const char *name, const char *vlan, const char *packets, const char *bytes,
		const int width[2])
{
	printf("%-17s", name);
	if (vlan)
		printf(" %4s", vlan);
	printf("  %*s  %*s", width[0], packets, width[1], bytes);
}

static void widen(int *width, uint64_t value)
{
	char buffer[NUMBER];
	int size = snprintf(buffer, sizeof(buffer), "%" PRIu64, value);

	if (size > *width)
		*width = size;
}

static void station_row(const struct output *output, const struct station *station, bool vlans,
			const int width[2])
{
	char mac[18] = "?", vlan[8] = "-", packets[NUMBER], bytes[NUMBER], seen[AGE];
	const uint8_t *m = station->mac;

	if (station->has & BIT(L2PC_A_STATION_MAC))
		snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3],
			 m[4], m[5]);
	if (station->has & BIT(L2PC_A_STATION_VLAN))
		snprintf(vlan, sizeof(vlan), "%u", station->vlan);
	row(mac, vlans ? vlan : NULL,
	    number(station->packets, station->has & BIT(L2PC_A_STATION_PACKETS), packets),
	    number(station->bytes, station->has & BIT(L2PC_A_STATION_BYTES), bytes), width);
	printf("  %10s", station->has & BIT(L2PC_A_STATION_FIRST_SEEN) ?
	       age(output, station->first_seen, seen) : "-");
	printf("  %9s\n", station->has & BIT(L2PC_A_STATION_LAST_SEEN) ?
	       age(output, station->last_seen, seen) : "-");
}

static void view_totals(const struct totals *totals, bool vlans, const int width[2])
{
	const char *vlan = vlans ? "" : NULL;
	char packets[NUMBER], bytes[NUMBER], more[NUMBER];

	if (totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS]) {
		row("(untracked)", vlan, sum(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS, packets),
		    sum(totals, L2PC_A_TOTALS_UNTRACKED_BYTES, bytes), width);
		if (totals->value[L2PC_A_TOTALS_FORGOTTEN_PACKETS])
			printf("  %s of stations since forgotten",
			       sum(totals, L2PC_A_TOTALS_FORGOTTEN_PACKETS, more));
		putchar('\n');
	}
	row("total", vlan, sum(totals, L2PC_A_TOTALS_PACKETS, packets),
	    sum(totals, L2PC_A_TOTALS_BYTES, bytes), width);
	putchar('\n');
	if (totals_skipped(totals))
		printf("skipped: %s multicast, %s broadcast, %s invalid\n",
		       sum(totals, L2PC_A_TOTALS_SKIPPED_MULTICAST, packets),
		       sum(totals, L2PC_A_TOTALS_SKIPPED_BROADCAST, bytes),
		       sum(totals, L2PC_A_TOTALS_SKIPPED_INVALID, more));
}

static void view(struct output *output, const struct view *view)
{
	const struct totals *totals = &view->totals;
	int width[2] = { strlen("PACKETS"), strlen("BYTES") };
	bool vlans = false;

	if (output->blocks++)
		putchar('\n');
	heading(output, view);
	if (!totals->has && !view->count)
		return;
	widen(&width[0], totals->value[L2PC_A_TOTALS_PACKETS]);
	widen(&width[1], totals->value[L2PC_A_TOTALS_BYTES]);
	for (size_t i = 0; i < view->count; i++) {
		widen(&width[0], view->stations[i].packets);
		widen(&width[1], view->stations[i].bytes);
		vlans |= view->stations[i].has & BIT(L2PC_A_STATION_VLAN);
	}
	if (view->count) {
		row("STATION", vlans ? "VLAN" : NULL, "PACKETS", "BYTES", width);
		puts("  FIRST SEEN  LAST SEEN");
	}
	for (size_t i = 0; i < view->count; i++)
		station_row(output, &view->stations[i], vlans, width);
	view_totals(totals, vlans, width);
}

/* What is nonzero of what is seldom. */
static void rest(const struct totals *totals)
{
	char buffer[NUMBER];

	if (totals->value[L2PC_A_TOTALS_UNTRACKED_PACKETS])
		printf(", %s untracked", sum(totals, L2PC_A_TOTALS_UNTRACKED_PACKETS, buffer));
	if (totals_skipped(totals))
		printf(", %" PRIu64 " skipped", totals_skipped(totals));
}

static void sums(const struct totals *totals)
{
	char packets[NUMBER], bytes[NUMBER], stations[NUMBER];

	printf("%s packets, %s bytes, %s stations", sum(totals, L2PC_A_TOTALS_PACKETS, packets),
	       sum(totals, L2PC_A_TOTALS_BYTES, bytes),
	       sum(totals, L2PC_A_TOTALS_STATIONS, stations));
	rest(totals);
}

static void settings(const struct port *port)
{
	static const struct {
		unsigned int attr;
		const char *word;
	} numbers[] = {
		{ L2PC_A_PORT_RESET_INTERVAL, "reset-interval" },
		{ L2PC_A_PORT_MAX_STATIONS, "max-stations" },
		{ L2PC_A_PORT_STATION_TIMEOUT, "station-timeout" },
	};
	const char *space = "";

	if (port->has & BIT(L2PC_A_PORT_HOOK_WANTED)) {
		printf("hook %s", words_get(&hook_wanted_words,
					    port->value[L2PC_A_PORT_HOOK_WANTED]));
		space = " ";
	}
	if (port->has & BIT(L2PC_A_PORT_VLAN)) {
		printf("%svlan %s", space, port->value[L2PC_A_PORT_VLAN] ? "on" : "off");
		space = " ";
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!(port->has & BIT(numbers[i].attr)))
			continue;
		printf("%s%s %" PRIu64, space, numbers[i].word, port->value[numbers[i].attr]);
		space = " ";
	}
}

/* Where it is counted, and why there. */
static void hook(const struct port *port)
{
	static const char *const why[] = {
		[L2PC_HOOK_REASON_FREE] = "free, and sees every frame",
		[L2PC_HOOK_REASON_WANTED] = "asked for",
		[L2PC_HOOK_REASON_TAKEN] = "the RX handler is somebody else's",
		[L2PC_HOOK_REASON_VLAN] = "VLAN devices take frames before the RX handler",
		[L2PC_HOOK_REASON_JOINING] = "somebody is about to take the RX handler",
		[L2PC_HOOK_REASON_DOWN] = "down, a bond or team may take it",
	};
	uint64_t reason = port->value[L2PC_A_PORT_HOOK_REASON];

	if (!(port->has & BIT(L2PC_A_PORT_HOOK)))
		return;
	if (port->value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_NONE) {
		printf("not counted, there is no device");
		return;
	}
	printf("counted by %s", words_get(&hook_words, port->value[L2PC_A_PORT_HOOK]));
	if (reason < ARRAY_SIZE(why) && why[reason])
		printf(" (%s)", why[reason]);
	else if (port->has & BIT(L2PC_A_PORT_HOOK_REASON))
		printf(" (%s)", words_get(&hook_reason_words, reason));
}

static void port_sums(const struct output *output, const struct port *port, unsigned int attr,
		      const char *name, const struct totals *totals)
{
	char title[40], buffer[AGE];

	if (!(port->has & BIT(attr)))
		return;
	if (attr != L2PC_A_PORT_LIFETIME && totals_has(totals, L2PC_A_TOTALS_WINDOW_ID))
		snprintf(title, sizeof(title), "%s %" PRIu64, name,
			 totals->value[L2PC_A_TOTALS_WINDOW_ID]);
	else
		snprintf(title, sizeof(title), "%s", name);
	printf("    %-13s ", title);
	sums(totals);
	if (totals_has(totals, L2PC_A_TOTALS_CLOSED))
		printf(", closed %s ago",
		       age(output, totals->value[L2PC_A_TOTALS_CLOSED], buffer));
	else if (totals_has(totals, L2PC_A_TOTALS_OPENED))
		printf(", in %s", age(output, totals->value[L2PC_A_TOTALS_OPENED], buffer));
	putchar('\n');
}

static void port(struct output *output, const struct port *port)
{
	output->blocks++;
	printf("%s: ", shown(port->ifname));
	hook(port);
	printf("\n    ");
	settings(port);
	putchar('\n');
	port_sums(output, port, L2PC_A_PORT_WINDOW, "window", &port->window);
	port_sums(output, port, L2PC_A_PORT_PREVIOUS, "previous", &port->previous);
	port_sums(output, port, L2PC_A_PORT_LIFETIME, "lifetime", &port->lifetime);
}

static void closing(struct output *output, const struct closing *closing)
{
	const struct totals *totals = &closing->totals;
	char buffer[NUMBER];

	output->blocks++;
	printf("%s: closed window %s: ", shown(closing->ifname),
	       sum(totals, L2PC_A_TOTALS_WINDOW_ID, buffer));
	sums(totals);
	putchar('\n');
}

static void event_prefix(const struct output *output, const struct event *event)
{
	char stamp[OUTPUT_STAMP];

	if (output->timestamps)
		printf("[%s] ", output_stamp(stamp));
	if (event->port.ifname[0] || event->view.ifname[0])
		printf("%s: ", shown(event->port.ifname[0] ? event->port.ifname :
				     event->view.ifname));
	printf("%s", event->name);
}

/* One line a station, whatever came in one message. */
static void station_event(const struct output *output, const struct event *event)
{
	for (size_t i = 0; i < event->view.count; i++) {
		const struct station *station = &event->view.stations[i];
		const uint8_t *m = station->mac;
		char packets[NUMBER], bytes[NUMBER];

		event_prefix(output, event);
		printf(" %02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
		if (station->has & BIT(L2PC_A_STATION_VLAN))
			printf(" vlan %u", station->vlan);
		/* Who is new has no counts yet. */
		if (station->has & (BIT(L2PC_A_STATION_PACKETS) | BIT(L2PC_A_STATION_BYTES)))
			printf(", %s packets, %s bytes",
			       number(station->packets,
				      station->has & BIT(L2PC_A_STATION_PACKETS), packets),
			       number(station->bytes, station->has & BIT(L2PC_A_STATION_BYTES),
				      bytes));
		putchar('\n');
	}
}

static void event(struct output *output, const struct event *event)
{
	const struct port *port = &event->port;
	char buffer[NUMBER];

	switch (event->cmd) {
	case L2PC_CMD_STATION_NEW_NTF:
	case L2PC_CMD_STATION_EXPIRE_NTF:
		station_event(output, event);
		return;
	case L2PC_CMD_WINDOW_CLOSE_NTF:
		event_prefix(output, event);
		printf(" %s: ", sum(&port->previous, L2PC_A_TOTALS_WINDOW_ID, buffer));
		sums(&port->previous);
		break;
	case L2PC_CMD_UNTRACKED_NTF:
		event_prefix(output, event);
		if (port->has & BIT(L2PC_A_PORT_MAX_STATIONS))
			printf(", all %" PRIu64 " places for stations are taken",
			       port->value[L2PC_A_PORT_MAX_STATIONS]);
		break;
	case 0:
		event_prefix(output, event);
		if (!port->has) {
			printf(": events came faster than they were read; the ports as they are now:");
			break;
		}
		/* fallthrough */
	default:
		if (event->cmd)
			event_prefix(output, event);
		if (port->has & BIT(L2PC_A_PORT_HOOK)) {
			printf(", ");
			hook(port);
		}
		printf(", ");
		settings(port);
	}
	putchar('\n');
}

const struct format format_text = {
	.begin = begin,
	.view = view,
	.port = port,
	.closing = closing,
	.end = end,
	.event = event,
};
