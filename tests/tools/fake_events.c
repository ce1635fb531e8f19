// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel for tests: events, one after the other, as the world has them.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "fake.h"

static struct mnl_socket *listener;

/* The next event can be read, or there is none and the tool is told to end. */
static void feed(void)
{
	if (world.event_next == world.event_count)
		raise(SIGTERM);
	else if (strcmp(world.events[world.event_next].line, "quiet") &&
		 write(listener->fd[1], "", 1) != 1)
		world_die("cannot feed", "events");
}

/* "station-new eth0 02:00:00:00:00:01/5", "window-close eth0 window-id=3 ..." */
static int named_event(const struct mnl_socket *s, char *buffer, char *line)
{
	char name[64], *save, *word = strtok_r(line, " ", &save);
	struct fake_port *port;
	struct nlmsghdr *nlh;
	unsigned int cmd;
	size_t end;

	snprintf(name, sizeof(name), "%s-ntf", word);
	cmd = world_command(name);
	word = strtok_r(NULL, " ", &save);
	port = word ? world_port(word) : NULL;
	if (!port && word)
		port = world_pattern(word);
	if (!port)
		world_die("no such port", word ? word : line);
	nlh = fake_begin(buffer, s, cmd);
	if (cmd == L2PC_CMD_STATION_NEW_NTF || cmd == L2PC_CMD_STATION_EXPIRE_NTF) {
		mnl_attr_put_strz(nlh, L2PC_A_STATIONS_IFNAME, port->name);
		while ((word = strtok_r(NULL, " ", &save))) {
			struct fake_station station = {
				.has = 1u << L2PC_A_STATION_MAC | 1u << L2PC_A_STATION_FIRST_SEEN,
				.first = world.now,
			};
			unsigned long long packets, bytes, tx_packets, tx_bytes;
			unsigned int vlan;
			char *more = word + 17;

			end = strlen(word);
			if (end < 17)
				world_die("no address", word);
			if (sscanf(more, "/%u", &vlan) == 1) {
				station.has |= 1u << L2PC_A_STATION_VLAN;
				station.vlan = (uint16_t)vlan;
			}
			more = strchr(more, '=');
			if (more && sscanf(more, "=%llu,%llu", &packets, &bytes) == 2) {
				if (sscanf(more, "=%*u,%*u,%llu,%llu", &tx_packets, &tx_bytes) == 2) {
					station.has |= 1u << L2PC_A_STATION_TX_PACKETS |
						       1u << L2PC_A_STATION_TX_BYTES;
					station.tx_packets = tx_packets;
					station.tx_bytes = tx_bytes;
				}
				station.has |= 1u << L2PC_A_STATION_PACKETS |
					       1u << L2PC_A_STATION_BYTES |
					       1u << L2PC_A_STATION_LAST_SEEN;
				station.packets = packets;
				station.bytes = bytes;
				station.last = world.now;
			}
			word[17] = 0;
			if (!world_mac(word, station.mac))
				world_die("no address", word);
			fake_put_station(nlh, &station);
		}
	} else if (cmd == L2PC_CMD_WINDOW_CLOSE_NTF) {
		struct numbers totals = { 0 };

		world_numbers(&totals, true, save);
		mnl_attr_put_strz(nlh, L2PC_A_PORT_IFNAME, port->name);
		fake_put_totals(nlh, L2PC_A_PORT_PREVIOUS, &totals);
	} else {
		/* "ports-full tap* tap4096": the interface that was missed */
		word = strtok_r(NULL, " ", &save);
		if (word)
			mnl_attr_put_strz(nlh, L2PC_A_PORT_IFNAME, word);
		fake_put_port(nlh, port);
	}
	return (int)nlh->nlmsg_len;
}

static int family_gone(const struct mnl_socket *s, char *buffer)
{
	struct nlmsghdr *nlh = fake_begin(buffer, s, CTRL_CMD_DELFAMILY);

	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	return (int)nlh->nlmsg_len;
}

/* Bytes as they are, for what no kernel would send. */
static int raw_event(char *buffer, const char *line)
{
	int size = 0;
	unsigned int byte;

	for (; sscanf(line, "%2x", &byte) == 1; line += 2)
		buffer[size++] = (char)byte;
	return size;
}

ssize_t fake_event(struct mnl_socket *s, char *buffer)
{
	char *line = world.events[world.event_next++].line;
	char byte;
	int size;

	if (read(s->fd[0], &byte, 1) != 1)
		world_die("event without", "feed");
	if (!strcmp(line, "lost"))
		size = -ENOBUFS;
	else if (!strcmp(line, "unload"))
		size = family_gone(s, buffer);
	else if (strspn(line, "0123456789abcdef") == strlen(line))
		size = raw_event(buffer, line);
	else
		size = named_event(s, buffer, line);
	feed();
	if (size < 0)
		errno = -size;
	return size < 0 ? -1 : size;
}

void fake_listen(struct mnl_socket *s)
{
	s->listening = true;
	listener = s;
	feed();
}

void fake_events_go_on(void)
{
	if (listener && world.event_next < world.event_count &&
	    !strcmp(world.events[world.event_next].line, "quiet")) {
		world.event_next++;
		feed();
	}
}
