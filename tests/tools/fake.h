/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel for tests: what its files share.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TEST_FAKE_H
#define L2PC_TEST_FAKE_H

#include <libmnl/libmnl.h>

#include <linux/l2packet_counter.h>

#include "world.h"

#define FAMILY	33
#define ETHTOOL	34
#define EVENTS	44

/* As the kernel: a message is no longer than this. */
#define PIECE	16384

/* Dumps of other families than the module's. */
enum fake_system { SYSTEM_NONE, SYSTEM_LINKS, SYSTEM_FEATURES, SYSTEM_FLOWTABLES };

/**
 * struct mnl_socket - a socket of the fake
 * @bus: NETLINK_x
 * @fd: readable while there are events; [1] is the fake's end
 * @listening: events come here
 * @cmd: the request that is being answered, 0 for none
 * @flags: of it
 * @seq: of it
 * @ifname: of it, or empty
 * @pattern: of it, or empty
 * @view: of it
 * @port: the next port of the answer
 * @station: the next station of that port
 * @told: the port's totals were sent
 * @told_family: the id of the family was sent
 * @interrupted: the dump is marked as interrupted
 * @neighbours: the request is for neighbours
 * @system: the request is for this
 * @asked: name of the requested family
 */
struct mnl_socket {
	int bus;
	int fd[2];
	bool listening;
	unsigned int cmd;
	uint16_t flags;
	uint32_t seq;
	char ifname[64], pattern[80];
	char asked[32];
	uint32_t view;
	size_t port, station;
	bool told, told_family, interrupted, neighbours;
	enum fake_system system;
};

/** fake_answer() - the next message of the reply to the request */
ssize_t fake_answer(struct mnl_socket *s, char *buffer);

/** fake_system() - the next message about links, features or flowtables */
ssize_t fake_system(struct mnl_socket *s, char *buffer);

/** fake_error() - put an error or an acknowledgement @error: errno or 0 @why: its text, or NULL */
int fake_error(const struct mnl_socket *s, char *buffer, int error, const char *why);

/** fake_done() - the end of a dump */
int fake_done(struct mnl_socket *s, char *buffer);

/** fake_begin() - begin a message @buffer: for it @s: whose @cmd: L2PC_CMD_x */
struct nlmsghdr *fake_begin(char *buffer, const struct mnl_socket *s, unsigned int cmd);

/** fake_put_totals() - append totals, where there are any */
void fake_put_totals(struct nlmsghdr *nlh, uint16_t attr, const struct numbers *totals);

/** fake_put_station() - append a station */
void fake_put_station(struct nlmsghdr *nlh, const struct fake_station *station);

/** fake_put_port() - append name and settings of a port or a pattern */
void fake_put_port(struct nlmsghdr *nlh, const struct fake_port *port);

/** fake_listen() - add a listener for events */
void fake_listen(struct mnl_socket *s);

/** fake_event() - the next event, as mnl_socket_recvfrom() returns it */
ssize_t fake_event(struct mnl_socket *s, char *buffer);

/** fake_events_go_on() - send the events that wait for a request of the ports */
void fake_events_go_on(void);

#endif /* L2PC_TEST_FAKE_H */
