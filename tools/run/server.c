// SPDX-License-Identifier: GPL-2.0
/*
 * The socket of `l2pc run`: connections, and what is sent to them.
 * Copyright (C) the l2packet_counter authors
 *
 * Each packet is one request, or one or more messages of an answer. A client that does not
 * read gets nothing more, and no further request of it is read. So it holds at most one
 * answer, and the snapshot of one dump.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/mm.h>

#include "run/client.h"
#include "run/server.h"
#include "source/protocol.h"
#include "util/errors.h"

/* Longest request, and most connections, of which root may have all. */
#define REQUEST_MAX	4096
#define CLIENTS_MAX	256U
#define CLIENTS_OTHERS	128U

/* Most events that wait for a client. */
#define EVENTS_MAX	64U

/* A message that is still to be sent. */
struct packet {
	struct packet *next;
	size_t size;
	char message[];
};

static int epoll_fd = -1, listen_fd = -1;
static struct client *clients;
static unsigned int count, count_others, subscribers;

/* Watch for room while there is something to send, for a request otherwise. */
static void client_watch(struct client *client)
{
	struct epoll_event event = { .data.ptr = client };

	event.events = client->packets || client->dump.next ? EPOLLOUT : EPOLLIN;
	epoll_ctl(epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

/* Send at once. False: the socket is full. For a peer that has left, epoll reports it. */
static bool send_now(const struct client *client, const void *message, size_t size)
{
	ssize_t sent;

	do {
		sent = send(client->fd, message, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	return sent >= 0 || errno != EAGAIN;
}

void client_send(struct client *client, const void *message, size_t size)
{
	struct packet **end = &client->packets, *packet;

	if (!*end && send_now(client, message, size))
		return;
	packet = malloc(sizeof(*packet) + size);
	if (!packet)
		return;
	packet->next = NULL;
	packet->size = size;
	memcpy(packet->message, message, size);
	while (*end)
		end = &(*end)->next;
	*end = packet;
	client->waiting++;
}

/* Take the first packet off. */
static void packet_done(struct client *client)
{
	struct packet *packet = client->packets;

	client->packets = packet->next;
	client->waiting--;
	free(packet);
}

void client_subscribe(struct client *client)
{
	subscribers += !client->subscribed;
	client->subscribed = true;
}

bool server_listening(void)
{
	return subscribers;
}

void server_broadcast(const void *message, size_t size)
{
	for (struct client *client = clients; client; client = client->next) {
		if (!client->subscribed)
			continue;
		if (client->waiting >= EVENTS_MAX)
			client->lost = true;
		else
			client_send(client, message, size);
		client_watch(client);
	}
}

/* Tell a client that it missed events, once there is room for that. */
static void send_lost(struct client *client)
{
	const struct nlmsghdr overrun = { .nlmsg_len = sizeof(overrun), .nlmsg_type = NLMSG_OVERRUN };

	client->lost = false;
	client_send(client, &overrun, sizeof(overrun));
}

static void client_free(struct client *client)
{
	struct client **at = &clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	while (client->packets)
		packet_done(client);
	subscribers -= client->subscribed;
	answer_dump_end(client);
	close(client->fd);
	count--;
	count_others -= !client->root;
	free(client);
}

/* Whether one more client may connect; root may when the others have all their places. */
static bool has_room(bool root)
{
	return count < CLIENTS_MAX && (root || count_others < CLIENTS_OTHERS);
}

static void client_accept(void)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);
	struct epoll_event event;
	struct client *client;
	int fd;

	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
	client = has_room(!peer.uid) ? calloc(1, sizeof(*client)) : NULL;
	event = (struct epoll_event){ .events = EPOLLIN, .data.ptr = client };
	if (!client || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event)) {
		free(client);
		close(fd);
		return;
	}
	client->fd = fd;
	client->root = !peer.uid;
	client->next = clients;
	clients = client;
	count++;
	count_others += !client->root;
}

/* Send what is there, and what a dump makes, until the socket is full. */
static void client_write(struct client *client)
{
	for (;;) {
		struct packet *packet = client->packets;

		if (!packet) {
			if (client->lost)
				send_lost(client);
			else if (!client->dump.next || !answer_dump(client))
				break;
			continue;
		}
		if (!send_now(client, packet->message, packet->size))
			break;
		packet_done(client);
	}
	client_watch(client);
}

static void client_read(struct client *client)
{
	static char request[REQUEST_MAX] __attribute__((__aligned__(8)));
	ssize_t size = recv(client->fd, request, sizeof(request), MSG_DONTWAIT | MSG_TRUNC);

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (size <= 0 || size > (ssize_t)sizeof(request)) {
		client_free(client);
		return;
	}
	answer(client, request, (size_t)size);
	client_write(client);
}

int server_init(int epoll)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = &listen_fd };
	socklen_t size = sizeof(address.sun_family) + sizeof(PROTOCOL_NAME);

	memcpy(address.sun_path + 1, PROTOCOL_NAME, sizeof(PROTOCOL_NAME) - 1);
	epoll_fd = epoll;
	listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listen_fd >= 0 && !bind(listen_fd, (const struct sockaddr *)&address, size) &&
	    !listen(listen_fd, 64) && !epoll_ctl(epoll, EPOLL_CTL_ADD, listen_fd, &event))
		return 0;
	if (errno == EADDRINUSE)
		error_print("run: the socket @" PROTOCOL_NAME " is taken: l2pc run runs in this network namespace already (sudo l2pc add DEV counts one more)");
	else
		error_print("run: cannot listen at the socket @" PROTOCOL_NAME ": %s",
			    strerror(errno));
	return -EADDRINUSE;
}

void server_event(void *data, uint32_t events)
{
	struct client *client = data;

	if (data == &listen_fd)
		client_accept();
	else if (events & (EPOLLHUP | EPOLLERR))
		client_free(client);
	else if (events & EPOLLOUT)
		client_write(client);
	else
		client_read(client);
}
