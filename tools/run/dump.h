/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dumps of ports and of stations. Functions return 0 or bytes, or a negative errno.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_DUMP_H
#define L2PC_TOOL_RUN_DUMP_H

#include <stdint.h>

#include "run/client.h"

struct port_run;
struct request;

/* dump_port() - make the message of a port, with the totals of all views */
int dump_port(struct port_run *port, void *buffer, uint32_t seq, uint16_t flags);

/* dump_start() - start a dump: @next makes its messages */
void dump_start(struct client *client, const struct request *request, dump_next next);

int dump_ports_start(struct client *client, struct request *request);
int dump_stations_start(struct client *client, struct request *request);

#endif /* L2PC_TOOL_RUN_DUMP_H */
