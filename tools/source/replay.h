/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What l2pc -j wrote, shown again.
 * Copyright (C) the l2packet_counter authors
 *
 * A file holds arrays, one after the other, as `l2pc -j show` and `l2pc -j port`
 * print them. A moment is made of the arrays that stand together until one comes
 * that tells anew what is known: the same view, or the same ports.
 */
#ifndef L2PC_TOOL_REPLAY_H
#define L2PC_TOOL_REPLAY_H

#include "source/snapshot.h"

struct replay;

/**
 * replay_open() - open a file, and read its first moment
 * @name: of the file, - for stdin
 *
 * Return: NULL after an error message
 */
struct replay *replay_open(const char *name);

/** replay_close() - @replay: that was opened */
void replay_close(struct replay *replay);

/**
 * replay_look() - is a view in the moment that has come? It stays there
 * @replay: the file
 * @view: which view
 *
 * Return: 0, or -ENODATA
 */
int replay_look(const struct replay *replay, enum l2pc_view view);

/**
 * replay_walk() - the stations of a view, one by one
 * @replay: the file; another call for the same view goes on to the next moment,
 *	after the last one it stays there
 * @ifname: the port, NULL for all
 * @view: which view
 * @walker: is told
 * @data: for @walker
 *
 * Return: 0, -ENOENT (no such port), -ENODATA (no such view), -EBADMSG after
 * an error message
 */
int replay_walk(struct replay *replay, const char *ifname, enum l2pc_view view,
		const struct walker *walker, void *data);

/**
 * replay_ports() - a port, or all
 * @replay: the file
 * @ifname: the port, NULL for all
 * @ports: empty
 *
 * Return: as replay_walk()
 */
int replay_ports(struct replay *replay, const char *ifname, struct ports *ports);

/** replay_explain() - one line on stderr @replay: the file @error: what was returned */
int replay_explain(struct replay *replay, int error, const char *ifname);

#endif /* L2PC_TOOL_REPLAY_H */
