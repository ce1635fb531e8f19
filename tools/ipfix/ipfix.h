/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPFIX (RFC 7011): counts of stations for collectors, over UDP.
 * Copyright (C) the l2packet_counter authors
 *
 * ipfix.c reads and sends, once an interval. since.c takes the differences from the
 * round before, message.c writes messages, send.c has the socket.
 */
#ifndef L2PC_TOOL_IPFIX_H
#define L2PC_TOOL_IPFIX_H

#include <signal.h>

#include "source/delta.h"

/* Bytes of a message: with the headers of IPv6 and UDP it passes through most tunnels. */
#define IPFIX_MESSAGE_MAX	1400

/** enum ipfix_kind - which elements records have: docs/metrics.md */
enum ipfix_kind {
	IPFIX_STRICT,	/* as the registry defines them */
	IPFIX_COMPAT,	/* and those that collectors for IP insist on */
};

extern const struct enum_names ipfix_kind_names;

/* What a station sent, or stations without a record of their own. */
struct ipfix_record {
	uint64_t start;		/* milliseconds since 1970 */
	uint64_t end;
	const uint8_t *mac;	/* NULL for frames without a station */
	int32_t vlan;		/* outer VLAN id, or -1 */
	uint32_t ifindex;	/* of the port */
	uint64_t packets;
	uint64_t bytes;
};

/* A message that is written. */
struct ipfix_message {
	uint8_t bytes[IPFIX_MESSAGE_MAX];
	size_t size;
	size_t limit;		/* bytes that it may have */
	size_t set;		/* offset of the open set, or 0 */
	uint16_t template;	/* of its records */
	enum ipfix_kind kind;
	uint32_t records;
};

/** ipfix_begin() - start a message of at most @limit bytes */
void ipfix_begin(struct ipfix_message *message, enum ipfix_kind kind, size_t limit);

/** ipfix_templates() - add a set that describes records; it has to come first */
void ipfix_templates(struct ipfix_message *message);

/** ipfix_add() - add a record. Return: false when there is no room. */
bool ipfix_add(struct ipfix_message *message, const struct ipfix_record *record);

/**
 * ipfix_end() - finish a message
 * @time: of the day, in seconds
 * @sequence: records that were sent before, of this domain
 */
void ipfix_end(struct ipfix_message *message, uint32_t time, uint32_t sequence, uint32_t domain);

/* A port. Counters of its struct delta_station are those up to which records were sent. */
struct ipfix_port {
	struct delta_port delta;
	uint32_t domain;	/* ifindex of its device, or of the last one */
	uint64_t since;		/* what came before was sent, boot time, ns */
	uint64_t sent_packets;	/* of its lifetime */
	uint64_t sent_bytes;
};

/* Where records go. */
struct ipfix_sink {
	/* Start a port. Return: false when nothing can go out. */
	bool (*start)(uint32_t domain, void *data);
	/* Add a record. Return: false when there is no room before a commit. */
	bool (*add)(const struct ipfix_record *record, void *data);
	/* Send what was added. Return: false when nothing goes out in this round. */
	bool (*commit)(void *data);
	uint64_t wall;		/* the time of day, ns */
	uint64_t boot;		/* the same by the clock of views */
	void *data;
};

/**
 * ipfix_since() - send what a port has counted since the last records
 * @delta: of struct ipfix_port and struct delta_station, in a scan
 * @slot: of the port
 * @view: its lifetime
 *
 * The records of a port add up to its lifetime counters.
 * Return: frames of an earlier lifetime that were read and not sent
 */
uint64_t ipfix_since(struct delta *delta, size_t slot, const struct view *view,
		     const struct ipfix_sink *sink);

/** ipfix_gone() - forget the ports that were not in the scan. Return: as above. */
uint64_t ipfix_gone(struct delta *delta);

/* What became of messages. */
struct ipfix_counts {
	uint64_t messages;	/* sent */
	uint64_t records;	/* in these */
	uint64_t bytes;
	uint64_t refused;	/* no process listens there, says the network */
	uint64_t no_buffers;	/* the kernel had no room */
	uint64_t failed;	/* other errors */
	uint64_t deferred;	/* rounds of which a part was left for the next one */
	uint64_t unread;	/* rounds in which the module did not answer */
	uint64_t lost;		/* frames of ports that were gone before these were sent */
};

/**
 * ipfix_connect() - connect a socket
 * @address: HOST:PORT or [HOST]:PORT
 * @where: the address as it is, for people
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int ipfix_connect(const char *address, int *fd, char *where, size_t size);

/** ipfix_limit() - bytes of a message that the path does not fragment */
size_t ipfix_limit(int fd);

/** ipfix_trouble() - wait @wait ms for the network's errors and count them. Return: any? */
bool ipfix_trouble(int fd, int wait, struct ipfix_counts *counts);

/** ipfix_send() - send a message and count it. Return: did the kernel take it? */
bool ipfix_send(int fd, const struct ipfix_message *message, struct ipfix_counts *counts);

struct options;
struct ipfix;

/** ipfix_open() - prepare for --ipfix. Return: STATUS_DONE, or another after an error. */
int ipfix_open(const struct options *options, struct ipfix **ipfix);

/** ipfix_run() - export until one of the blocked signals @ends. Return: the exit status */
int ipfix_run(struct ipfix *ipfix, const sigset_t *ends);

/** ipfix_counts() - copy the counts, in any thread */
struct ipfix_counts ipfix_counts(struct ipfix *ipfix);

/** ipfix_close() - free all; NULL is allowed */
void ipfix_close(struct ipfix *ipfix);

#endif /* L2PC_TOOL_IPFIX_H */
