/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which stations are shown, and in which order: as the options say.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_SELECT_H
#define L2PC_TOOL_SELECT_H

#include "source/model.h"
#include "util/options.h"

/**
 * select_view() - leave out and sort stations as the options say
 * @options: the options
 * @view: its stations; those left out are summed up in @view->hidden
 */
void select_view(const struct options *options, struct view *view);

/**
 * select_matches() - do the options leave a station in?
 * @options: the options; --limit does not count here
 * @station: the station
 * @now: CLOCK_BOOTTIME in nanoseconds, for --since
 */
bool select_matches(const struct options *options, const struct station *station, uint64_t now);

/** select_matches_all() - does select_matches() leave every station in? @options: the options */
bool select_matches_all(const struct options *options);

#endif /* L2PC_TOOL_SELECT_H */
