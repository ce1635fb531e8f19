/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clients of the socket: connections, what is to be sent to them, dumps in progress.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_CLIENT_H
#define L2PC_TOOL_RUN_CLIENT_H

#include "snapshot.h"
#include "run/message.h"

struct client;
struct packet;
struct request;

/*
 * A dump in progress: makes the next message in a buffer of MESSAGE_MAX bytes. Returns its
 * bytes, 0 at the end, or a negative errno.
 */
typedef int (*dump_next)(struct client *client, void *buffer);

/**
 * struct dump - the state of a dump
 * @next: makes the next message; NULL: there is no dump
 * @seq: sequence number of the request
 * @generation: run_generation at its start
 * @serial: the port that was sent last
 * @name: the only port that was requested, or empty
 * @ifname: of stations: the port's name
 * @ifindex: its index
 * @view: the view
 * @snapshot: its stations
 * @has_snapshot: they were read
 * @totals_sent: the totals were sent
 * @station: the next station
 */
struct dump {
	dump_next next;
	uint32_t seq;
	uint32_t generation;
	uint64_t serial;
	char name[L2PC_NAME_MAX + 1];
	char ifname[L2PC_NAME_MAX + 1];
	int ifindex;
	enum l2pc_view view;
	struct l2pc_snapshot snapshot;
	bool has_snapshot;
	bool totals_sent;
	uint32_t station;
};

/**
 * struct client - a connection
 * @next: the next client
 * @fd: its socket
 * @root: the peer is root, and may change ports
 * @subscribed: it gets events
 * @lost: it missed events, and is still to hear of it
 * @waiting: number of @packets
 * @packets: what is still to be sent, oldest first
 * @dump: the dump in progress
 */
struct client {
	struct client *next;
	int fd;
	bool root;
	bool subscribed;
	bool lost;
	unsigned int waiting;
	struct packet *packets;
	struct dump dump;
};

/* client_send() - send a message, later if the socket is full */
void client_send(struct client *client, const void *message, size_t size);

/* client_subscribe() - send it events from now on */
void client_subscribe(struct client *client);

/* client_error() - end a request: an acknowledgment, or an error with a message or NULL */
void client_error(struct client *client, const struct nlmsghdr *request, int error,
		  const char *why);

/* answer() - answer a request of @size bytes */
void answer(struct client *client, const void *request, size_t size);

/*
 * answer_add() - carry out a parsed request to add a port or a pattern
 *
 * Return: 0, or a negative errno; then request->why may have the reason
 */
int answer_add(struct request *request);

/* answer_dump() - make the next message of a dump. False: it has ended */
bool answer_dump(struct client *client);

/* answer_dump_end() - free what a dump holds */
void answer_dump_end(struct client *client);

#endif /* L2PC_TOOL_RUN_CLIENT_H */
