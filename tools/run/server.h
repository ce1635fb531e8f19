/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket of `l2pc run`.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_SERVER_H
#define L2PC_TOOL_RUN_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * server_init() - listen
 * @epoll: where the sockets are watched
 *
 * Return: 0, or a negative errno after an error message
 */
int server_init(int epoll);

/*
 * server_event() - serve a socket
 * @data: epoll_data.ptr of the event
 * @events: EPOLL*
 */
void server_event(void *data, uint32_t events);

/* server_listening() - whether a client gets events */
bool server_listening(void);

/* server_broadcast() - send an event to every client that gets them */
void server_broadcast(const void *message, size_t size);

#endif /* L2PC_TOOL_RUN_SERVER_H */
