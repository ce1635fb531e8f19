// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns: globs over names of interfaces, whose devices become ports by themselves.
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "run/events.h"
#include "run/links.h"
#include "run/pattern.h"
#include "run/port.h"
#include "util/errors.h"

/* As the module's. */
#define PATTERNS_MAX	64U

static struct pattern_run *patterns;
static uint64_t last_serial;

const struct pattern_run *pattern_after(uint64_t serial)
{
	const struct pattern_run *pattern = patterns;

	while (pattern && pattern->serial <= serial)
		pattern = pattern->next;
	return pattern;
}

static bool is_port(const struct link_info *link)
{
	return port_find_device(link->ifindex) || port_find(link->name);
}

/*
 * The device of an event may be gone by now, because loading a program takes tenths of a second.
 * After a rename another event follows.
 */
static bool is_outdated(const struct link_info *link)
{
	char name[IF_NAMESIZE];

	return !if_indextoname((unsigned int)link->ifindex, name) || strcmp(name, link->name) != 0;
}

/* The pattern that was added first applies. */
void pattern_take(const struct link_info *link)
{
	struct pattern_run *pattern = patterns;
	const char *why;
	int error;

	while (pattern && fnmatch(pattern->glob, link->name, 0))
		pattern = pattern->next;
	/* What cannot be counted is left out, without a message. */
	if (!pattern || is_port(link) || link_refusal(link) || is_outdated(link))
		return;
	error = port_add_device(link, &pattern->settings, pattern, &why);
	if (!error || error == -EBUSY || is_outdated(link))
		return;
	/* Once: there may be many more. */
	if (!pattern->missed++)
		error_print("%s: %s matches, and cannot be counted: %s", pattern->glob, link->name,
			    why ? why : strerror(-error));
}

/* Skip a class, as kmod/port/glob.c does. Returns NULL when it is not closed. */
static const char *class_end(const char *at)
{
	at += *at == '!';
	/* The first character is in the class, also if it is a bracket. */
	do {
		if (!*at)
			return NULL;
	} while (*++at != ']');
	return at;
}

/* The check of kmod/port/glob.c: both engines take the same patterns. */
static const char *glob_refusal(const char *glob)
{
	size_t len = strlen(glob);

	if (!len || len > L2PC_PATTERN_MAX)
		return "a pattern has 1 to 63 characters (examples: tap*, eth[0-3])";
	for (const char *at = glob; *at; at++) {
		if (*at == '[') {
			at = class_end(at + 1);
			if (!at)
				return "a pattern has a [ without ] (example: eth[0-3])";
		} else if (*at == '/' || isspace((unsigned char)*at) || (*at == '\\' && !*++at)) {
			return "no interface has such a name (examples: tap*, eth[0-3])";
		}
	}
	return NULL;
}

int pattern_add(const char *glob, const struct run_settings *settings, const char **why)
{
	struct pattern_run **end = &patterns, *pattern;
	unsigned int count = 0;

	*why = glob_refusal(glob);
	if (*why)
		return -EINVAL;
	for (; *end; end = &(*end)->next, count++)
		if (!strcmp((*end)->glob, glob))
			return *why = "there is this pattern already", -EEXIST;
	if (count == PATTERNS_MAX)
		return *why = "there are 64 patterns already (the maximum)", -ENOSPC;
	pattern = calloc(1, sizeof(*pattern));
	if (!pattern)
		return -ENOMEM;
	strcpy(pattern->glob, glob);
	pattern->settings = *settings;
	pattern->serial = ++last_serial;
	*end = pattern;
	links_walk(pattern_take);
	events_pattern(pattern, L2PC_CMD_PATTERN_ADD_NTF);
	return 0;
}

int pattern_del(const char *glob)
{
	struct pattern_run **at = &patterns, *pattern;
	struct port_run *port, *next;

	while (*at && strcmp((*at)->glob, glob) != 0)
		at = &(*at)->next;
	pattern = *at;
	if (!pattern)
		return -ENOENT;
	*at = pattern->next;
	for (port = run_ports; port; port = next) {
		next = port->next;
		if (port->pattern == pattern)
			port_del(port);
	}
	events_pattern(pattern, L2PC_CMD_PATTERN_DEL_NTF);
	free(pattern);
	/* They may match another one. */
	links_walk(pattern_take);
	return 0;
}
