/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `l2pc run`: count without the module, until a signal.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_RUN_RUN_H
#define L2PC_TOOL_RUN_RUN_H

struct nlmsghdr;

/**
 * run_until_signal() - count, and answer requests, until SIGINT or SIGTERM
 * @add: a request to add the first port, L2PC_CMD_PORT_ADD, or NULL
 *
 * Return: the exit status
 */
int run_until_signal(const struct nlmsghdr *add);

#endif /* L2PC_TOOL_RUN_RUN_H */
