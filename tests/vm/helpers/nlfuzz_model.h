/* SPDX-License-Identifier: GPL-2.0 */
/*
 * nlfuzz's model: the ports and patterns that result from its requests. The interfaces
 * fuzz0 and fuzz1 exist all the time, and no other interface matches a pattern of nlfuzz.
 * Globs are matched by fnmatch(), which is not the module's code.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef NLFUZZ_MODEL_H
#define NLFUZZ_MODEL_H

#include <ctype.h>
#include <fnmatch.h>

#include "nlfuzz.h"

#define PORTS		2
#define PATTERNS_MAX	64

struct settings {
	uint32_t value[ATTRIBUTE_TYPES];
	uint32_t known;
};

struct port {
	const char *name;
	bool there;
	char pattern[GLOB_MAX + 1];	/* that made it a port; empty: it was added by name */
	struct settings settings;
};

struct pattern {
	char glob[GLOB_MAX + 1];
	struct settings settings;
};

/* Patterns are in the order in which they were added. */
static struct port ports[PORTS] = { { .name = "fuzz0" }, { .name = "fuzz1" } };
static struct pattern patterns[PATTERNS_MAX];
static unsigned int patterns_count;

static inline struct port *port_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		if (!strcmp(ports[i].name, name))
			return &ports[i];
	return NULL;
}

static inline struct pattern *pattern_of(const char *glob)
{
	unsigned int i;

	for (i = 0; i < patterns_count; i++)
		if (!strcmp(patterns[i].glob, glob))
			return &patterns[i];
	return NULL;
}

static inline unsigned int pattern_ports(const char *glob)
{
	unsigned int i, count = 0;

	for (i = 0; i < PORTS; i++)
		count += ports[i].there && !strcmp(ports[i].pattern, glob);
	return count;
}

/* Check that a text may be a pattern: a name of an interface has no space and no slash. */
static inline bool glob_ok(const char *at)
{
	if (!*at)
		return false;
	for (; *at; at++) {
		if (*at == '/' || isspace((unsigned char)*at) || (unsigned char)*at == 0xa0)
			return false;
		if (*at == '\\' && !*++at)
			return false;
		if (*at != '[')
			continue;
		/* The first character of a class is in it, also if it is a bracket. */
		at += 1 + (at[1] == '!');
		at = *at ? strchr(at + 1, ']') : NULL;
		if (!at)
			return false;
	}
	return true;
}

static inline void settings_follow(struct settings *settings, const struct request *request)
{
	int type;

	for (type = 0; type < ATTRIBUTE_TYPES; type++)
		if (request->given & 1U << type) {
			settings->value[type] = request->value[type];
			settings->known |= 1U << type;
		}
}

/* Make ports of the interfaces that match a pattern, unless they are ports already. */
static inline void ports_match(void)
{
	unsigned int i, k;

	for (i = 0; i < PORTS; i++)
		for (k = 0; !ports[i].there && k < patterns_count; k++)
			if (!fnmatch(patterns[k].glob, ports[i].name, 0)) {
				ports[i].there = true;
				strcpy(ports[i].pattern, patterns[k].glob);
				ports[i].settings = patterns[k].settings;
			}
}

static inline void pattern_del(struct pattern *pattern)
{
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		if (!strcmp(ports[i].pattern, pattern->glob))
			ports[i].there = false;
	patterns_count--;
	memmove(pattern, pattern + 1,
		(char *)&patterns[patterns_count] - (char *)pattern);
	ports_match();
}

/* Update the model after a request that succeeded. */
static inline void follow(const struct request *request)
{
	struct port *port = request->name ? port_of(request->name) : NULL;
	struct pattern *pattern;

	switch (request->command) {
	case L2PC_CMD_PORT_ADD:
		port->there = true;
		port->pattern[0] = '\0';
		port->settings.known = 0;
		/* fall through */
	case L2PC_CMD_PORT_SET:
		settings_follow(&port->settings, request);
		break;
	case L2PC_CMD_PORT_DEL:
		port->there = false;
		break;
	case L2PC_CMD_PATTERN_ADD:
		pattern = &patterns[patterns_count++];
		memset(pattern, 0, sizeof(*pattern));
		strcpy(pattern->glob, request->glob);
		settings_follow(&pattern->settings, request);
		ports_match();
		break;
	case L2PC_CMD_PATTERN_DEL:
		pattern_del(pattern_of(request->glob));
		break;
	}
}

#endif
