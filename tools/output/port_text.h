/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a port is and how it is set, in words.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_PORT_TEXT_H
#define L2PC_TOOL_PORT_TEXT_H

#include "source/model.h"

#define PORT_TEXT	256

/** port_settings() - as they would be typed: "hook tap vlan on" @port: whose
 *
 * Return: @text, empty when none was sent
 */
const char *port_settings(const struct port *port, char text[PORT_TEXT]);

/** port_hook() - by which hook it is counted, or why it is not @port: whose
 *
 * Return: @text, empty when that was not sent
 */
const char *port_hook(const struct port *port, char text[PORT_TEXT]);

/**
 * port_check_older() - note once, on stderr, that the loaded module is older than the tool
 * @port: as it was sent
 */
void port_check_older(const struct port *port);

#endif /* L2PC_TOOL_PORT_TEXT_H */
