/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values that were typed: numbers, spans of time, words of a list. What is wrong
 * is reported, with what would be right.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_VALUE_H
#define L2PC_TOOL_VALUE_H

#include "util/enum_names.h"

/**
 * value_number() - digits, within bounds
 * @name: of what, for the message
 * @text: what was typed
 * @min: lowest
 * @max: highest
 * @value: put there
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int value_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *value);

/**
 * value_span() - "30", "30s", "0.5", "5m", "1h30m", "2d", "1w"
 * @name: of what
 * @text: what was typed
 * @ns: nanoseconds, at least one
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int value_span(const char *name, const char *text, uint64_t *ns);

/**
 * value_enum() - a word of a list, - and _ taken for one
 * @name: of what
 * @text: what was typed
 * @names: the list
 * @value: its place is put there
 *
 * Return: STATUS_DONE, or STATUS_USAGE after an error message
 */
int value_enum(const char *name, const char *text, const struct enum_names *names, uint64_t *value);

/**
 * value_mac() - an address as people write them: with : or - or ., or without
 * @text: what was typed
 * @mac: put there
 *
 * Return: characters used, 0 when it is none. Says nothing.
 */
size_t value_mac(const char *text, uint8_t mac[6]);

/* auto, always, never: enum when. */
extern const struct enum_names when_names;

#endif /* L2PC_TOOL_VALUE_H */
