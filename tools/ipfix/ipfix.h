/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPFIX (RFC 7011): what stations sent, for collectors, over UDP.
 * Copyright (C) the l2packet_counter authors
 *
 * ipfix.c reads and sends, once an interval. since.c says what a
 * port has counted since it was told last, message.c writes messages,
 * send.c is the only one that knows the socket.
 */
#ifndef L2PC_TOOL_EXPORT_IPFIX_H
#define L2PC_TOOL_EXPORT_IPFIX_H

#include <signal.h>
#include <stdio.h>

#include "source/model.h"

/* Bytes of a message: with the headers of IPv6 and UDP it passes through most tunnels. */
#define IPFIX_MESSAGE_MAX	1400

/** enum ipfix_kind - which elements records have: docs/metrics.md */
enum ipfix_kind {
	IPFIX_STRICT,	/* as the registry means them */
	IPFIX_COMPAT,	/* and what collectors for IP want to see */
};

extern const struct enum_names ipfix_kind_names;

/**
 * struct ipfix_record - what is told of a station, or of those without one
 * @start: milliseconds since 1970
 * @end: the same
 * @mac: the address, NULL for frames without a station
 * @vlan: outer VLAN id, -1 without one
 * @ifindex: of the port
 * @packets: frames
 * @bytes: their bytes
 */
struct ipfix_record {
	uint64_t start;
	uint64_t end;
	const uint8_t *mac;
	int32_t vlan;
	uint32_t ifindex;
	uint64_t packets;
	uint64_t bytes;
};

/**
 * struct ipfix_message - a message being written
 * @bytes: of it
 * @size: how many there are
 * @limit: how many there may be
 * @set: where the set begins that is open, 0 for none
 * @template: of its records
 * @kind: of these
 * @records: how many
 */
struct ipfix_message {
	uint8_t bytes[IPFIX_MESSAGE_MAX];
	size_t size;
	size_t limit;
	size_t set;
	uint16_t template;
	enum ipfix_kind kind;
	uint32_t records;
};

/** ipfix_begin() - begin a message @message: this one @limit: up to IPFIX_MESSAGE_MAX */
void ipfix_begin(struct ipfix_message *message, enum ipfix_kind kind, size_t limit);

/** ipfix_templates() - a set that says what records look like; it has to come first */
void ipfix_templates(struct ipfix_message *message);

/** ipfix_add() - a record. Return: false when there is no room. */
bool ipfix_add(struct ipfix_message *message, const struct ipfix_record *record);

/**
 * ipfix_end() - finish a message
 * @message: this one
 * @time: of the day, in seconds
 * @sequence: records that were sent before, of this domain
 * @domain: the observation domain
 */
void ipfix_end(struct ipfix_message *message, uint32_t time, uint32_t sequence, uint32_t domain);

/**
 * struct ipfix_base - how far a station was told
 * @packets: of its lifetime
 * @bytes: the same
 * @mac: the address
 * @vlan: outer VLAN id, -1 without one
 */
struct ipfix_base {
	uint64_t packets;
	uint64_t bytes;
	uint8_t mac[6];
	int32_t vlan;
};

/**
 * struct ipfix_port - how far a port was told
 * @ifname: its name
 * @ifindex: of its device, the last one where there is none
 * @opened: when it was added, which tells lifetimes apart
 * @read: when it was read, boot time in nanoseconds
 * @since: from when on not all was told
 * @packets: of its lifetime, when it was read
 * @told_packets: of these
 * @told_bytes: the same
 * @base: @count stations, in the order of addresses
 * @count: how many
 * @there: it was among those read last
 */
struct ipfix_port {
	char ifname[L2PC_NAME_MAX + 1];
	uint32_t ifindex;
	uint64_t opened;
	uint64_t read;
	uint64_t since;
	uint64_t packets;
	uint64_t told_packets;
	uint64_t told_bytes;
	struct ipfix_base *base;
	size_t count;
	bool there;
};

/**
 * struct ipfix_ports - all ports
 * @port: @count of them, of room for @room
 * @count: how many
 * @room: how many there is room for
 * @begun: they were read once, or the module was not there: a port that comes now is new
 * @slept: nanoseconds that the machine was suspended, when they were read
 */
struct ipfix_ports {
	struct ipfix_port *port;
	size_t count;
	size_t room;
	bool begun;
	uint64_t slept;
};

/**
 * struct ipfix_teller - who is told
 * @begin: of a port, by the index of its device. Return: false when nothing goes out
 * @tell: a record; it is only settled by the next call of @settle. Return: false
 *	when there is no room before that
 * @settle: hand over what was told. Return: false when it did not go out, nor will
 *	anything more in this round
 * @wall: the time of day, nanoseconds
 * @boot: the same moment by the clock of views
 * @data: for all
 */
struct ipfix_teller {
	bool (*begin)(uint32_t ifindex, void *data);
	bool (*tell)(const struct ipfix_record *record, void *data);
	bool (*settle)(void *data);
	uint64_t wall;
	uint64_t boot;
	void *data;
};

/**
 * ipfix_since() - tell what a port has counted since it was told last
 * @ports: where it is, or will be
 * @view: its lifetime; stations are put into the order of addresses
 * @teller: is told
 *
 * The records of a port, from the first on, add up to its lifetime counters.
 */
void ipfix_since(struct ipfix_ports *ports, struct view *view, const struct ipfix_teller *teller);

/**
 * ipfix_since_begin() - all ports are about to be read
 * @ports: them
 */
void ipfix_since_begin(struct ipfix_ports *ports);

/**
 * ipfix_since_end() - all ports were read: forget those that are gone
 * @ports: them
 *
 * Return: frames of these that were read and not told
 */
uint64_t ipfix_since_end(struct ipfix_ports *ports);

/** ipfix_since_free() - @ports: is empty afterwards */
void ipfix_since_free(struct ipfix_ports *ports);

/**
 * struct ipfix_counts - what became of messages
 * @messages: sent
 * @records: in these
 * @bytes: in these
 * @refused: nobody listens there, as the network said
 * @no_buffers: the kernel had no room
 * @failed: other errors
 * @deferred: rounds of which something was left for the next
 * @unread: rounds in which the module did not answer
 * @lost: frames of ports that were gone before these were sent
 */
struct ipfix_counts {
	uint64_t messages;
	uint64_t records;
	uint64_t bytes;
	uint64_t refused;
	uint64_t no_buffers;
	uint64_t failed;
	uint64_t deferred;
	uint64_t unread;
	uint64_t lost;
};

/**
 * ipfix_connect() - a socket that sends
 * @address: HOST:PORT or [HOST]:PORT
 * @fd: put there
 * @where: the address as it is, for people
 * @size: bytes at @where
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int ipfix_connect(const char *address, int *fd, char *where, size_t size);

/** ipfix_limit() - bytes of a message that pass to there whole @fd: the socket */
size_t ipfix_limit(int fd);

/**
 * ipfix_trouble() - has the network said that messages do not arrive?
 * @fd: the socket
 * @wait: milliseconds to wait for that
 * @counts: what it said is added
 */
bool ipfix_trouble(int fd, int wait, struct ipfix_counts *counts);

/**
 * ipfix_send() - send a message
 * @fd: the socket
 * @message: that was finished
 * @counts: what became of it is added
 *
 * Return: did the kernel take it?
 */
bool ipfix_send(int fd, const struct ipfix_message *message, struct ipfix_counts *counts);

struct options;
struct ipfix;

/**
 * ipfix_open() - get ready to export
 * @options: --ipfix and what belongs to it, --replay
 * @ipfix: put there
 *
 * Return: STATUS_DONE, or another status after an error message
 */
int ipfix_open(const struct options *options, struct ipfix **ipfix);

/**
 * ipfix_run() - export until a signal comes
 * @ipfix: ready
 * @ends: the signals, which are blocked
 *
 * Return: the exit status
 */
int ipfix_run(struct ipfix *ipfix, const sigset_t *ends);

/** ipfix_counts() - what became of all until now, from any thread */
struct ipfix_counts ipfix_counts(struct ipfix *ipfix);

/** ipfix_close() - end @ipfix: or NULL */
void ipfix_close(struct ipfix *ipfix);

#endif /* L2PC_TOOL_EXPORT_IPFIX_H */
