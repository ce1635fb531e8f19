/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPFIX (RFC 7011): counts of stations for collectors, over UDP.
 * Copyright (C) the l2packet_counter authors
 *
 * ipfix.c reads, once an interval, since.c takes the differences from the round before.
 * message.c writes messages, send.c sends them, path.c connects.
 */
#ifndef L2PC_TOOL_IPFIX_H
#define L2PC_TOOL_IPFIX_H

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "source/delta.h"
#include "source/source.h"

/* What --ipfix-size takes. RFC 7011 prescribes the first for an unknown path. */
#define IPFIX_SIZE_MIN	512
#define IPFIX_SIZE_MAX	8952

/** enum ipfix_kind - which elements records have: docs/metrics.md */
enum ipfix_kind {
	IPFIX_STRICT,	/* as the registry defines them */
	IPFIX_COMPAT,	/* and those that collectors for IP insist on */
};

extern const struct enum_names ipfix_kind_names;

/* Frames of a station, or of stations without a record of their own, in one direction. */
struct ipfix_record {
	bool station;		/* it is of a station, whose address and VLAN follow */
	uint64_t direction;	/* enum direction, which has the numbers of flowDirection */
	uint64_t mac;
	uint64_t vlan;		/* outer VLAN id, or NO_VLAN */
	uint64_t start;		/* milliseconds since 1970 */
	uint64_t end;
	uint64_t ifindex;	/* of the port */
	uint64_t packets;
	uint64_t bytes;
	uint64_t ip_version;	/* 4, for collectors that insist on one */
};

/* A message that is written. */
struct ipfix_message {
	uint8_t bytes[IPFIX_SIZE_MAX];
	size_t size;
	size_t limit;		/* bytes that it may have */
	size_t set;		/* offset of the open set, or 0 */
	uint16_t template;	/* of its records */
	enum ipfix_kind kind;
	uint32_t records;
};

/** ipfix_begin() - start a message of at most @limit bytes */
void ipfix_begin(struct ipfix_message *message, enum ipfix_kind kind, size_t limit);

/** ipfix_templates() - add a set that describes records, with @tx also those of sent frames;
 * it has to come first
 */
void ipfix_templates(struct ipfix_message *message, bool tx);

/** ipfix_add() - add a record. Return: false when there is no room. */
bool ipfix_add(struct ipfix_message *message, const struct ipfix_record *record);

/**
 * ipfix_end() - finish a message
 * @time: of the day, in seconds
 * @sequence: records that were sent before, of this domain
 */
void ipfix_end(struct ipfix_message *message, uint32_t time, uint32_t sequence, uint32_t domain);

/* What became of messages. */
struct ipfix_counts {
	uint64_t messages;	/* sent */
	uint64_t records;	/* in these */
	uint64_t bytes;
	uint64_t refused;	/* no process listens there, says the network */
	uint64_t no_buffers;	/* the kernel had no room */
	uint64_t failed;	/* other errors */
	uint64_t deferred;	/* rounds of which a part was left for the next one */
	uint64_t reconnects;	/* sockets after the first one */
	uint64_t unread;	/* rounds in which the module did not answer */
	uint64_t lost;		/* frames of ports that were gone before these were sent */
};

/* The way to a collector: an address, as the user gave it, and the socket to it. */
struct ipfix_path {
	char host[256];		/* as the user gave it, and the port */
	const char *port;
	size_t size;		/* bytes of a message, 0: the default */
	int fd;
	struct sockaddr_storage peer;	/* that fd is connected to */
	socklen_t peer_size;
	char where[128];	/* the collector's address, for people */
	uint64_t looked_up;	/* when its name was, monotonic, ns */
};

/** ipfix_path_open() - find the collector. Return: STATUS_DONE, or STATUS_USAGE after an error */
int ipfix_path_open(struct ipfix_path *path, const char *address);

/**
 * ipfix_path_refresh() - before a round: connect again where the way has changed
 * @failed: the last round did not reach the collector
 *
 * The way has changed when this machine has another address towards the collector, or when
 * the collector's name has another address.
 *
 * Return: there is a new socket. The collector does not know it: it needs templates.
 */
bool ipfix_path_refresh(struct ipfix_path *path, bool failed);

/** ipfix_path_limit() - bytes of a message that the path is known to take whole */
size_t ipfix_path_limit(const struct ipfix_path *path);

/** ipfix_trouble() - wait @wait ms for the network's errors and count them. Return: any? */
bool ipfix_trouble(int fd, int wait, struct ipfix_counts *counts);

/* An observation domain. */
struct domain {
	uint32_t id;		/* ifindex of its port */
	uint32_t sequence;	/* records sent */
	bool tx;		/* its port has counted sent frames */
};

struct ipfix_sums {
	uint64_t packets;
	uint64_t bytes;
};

/* A port. Counters of its struct delta_station are those up to which records were sent. */
struct ipfix_port {
	struct delta_port delta;
	uint32_t domain;	/* ifindex of its device, or of the last one */
	uint64_t since;		/* what came before was exported, boot time, ns */
	struct ipfix_sums exported[DIRECTIONS];	/* of its lifetime */
};

struct domains {
	struct domain *domain;
	size_t count, room;
};

struct ipfix {
	struct source source;	/* connected in each round: the module may be loaded again */
	struct ipfix_path path;
	enum ipfix_kind kind;
	uint64_t interval;	/* ns */
	struct delta delta;
	struct domains domains;
	struct domain *current;
	struct ipfix_message message;
	size_t limit;		/* bytes of a message */
	size_t messages;	/* sent of @current in this round */
	bool probed;		/* templates were sent in this round */
	bool away;		/* the collector's machine refused the last probe */
	bool held;		/* nothing goes out any more in this round */
	bool failed;		/* a message of the last round did not leave this machine */
	struct ipfix_counts counts;
	pthread_mutex_t lock;	/* of @shown */
	struct ipfix_counts shown;
};

/**
 * ipfix_domain_start() - start with a domain, and a message
 * @tx: there may be records of sent frames
 *
 * Return: can anything go out?
 */
bool ipfix_domain_start(struct ipfix *ipfix, uint32_t id, bool tx);

/** ipfix_start() - start a message, with templates when it is their turn */
void ipfix_start(struct ipfix *ipfix);

/** ipfix_finish() - send the message and count it. Return: did the kernel take it? */
bool ipfix_finish(struct ipfix *ipfix);

/**
 * ipfix_port_send() - send what a port has counted since the last records
 * @slot: of the port
 * @view: as it was read; its records add up to its lifetime
 *
 * Return: frames of an earlier lifetime that were read and not sent
 */
uint64_t ipfix_port_send(struct ipfix *ipfix, size_t slot, const struct view *view);

/** ipfix_ports_forget() - forget ports that were not in the scan. Return: as above. */
uint64_t ipfix_ports_forget(struct delta *delta);

/** ipfix_open() - prepare for --ipfix. Return: STATUS_DONE, or another after an error. */
int ipfix_open(const struct options *options, struct ipfix **ipfix);

/** ipfix_run() - export until one of the blocked signals @ends. Return: the exit status */
int ipfix_run(struct ipfix *ipfix, const sigset_t *ends);

/** ipfix_counts() - copy the counts, in any thread */
struct ipfix_counts ipfix_counts(struct ipfix *ipfix);

/** ipfix_close() - free all; NULL is allowed */
void ipfix_close(struct ipfix *ipfix);

#endif /* L2PC_TOOL_IPFIX_H */
