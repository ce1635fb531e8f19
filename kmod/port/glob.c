// SPDX-License-Identifier: GPL-2.0
/*
 * Globs over names of interfaces, by the kernel's glob_match().
 * Copyright (C) the l2packet_counter authors
 *
 * Distributions have CONFIG_GLOB for tracing. A kernel without tracing may lack it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/glob.h>
#include <linux/kconfig.h>
#include <linux/string.h>

#include <linux/l2packet_counter.h>

#include "glob.h"
#include "refuse.h"

/* Skip a class, as glob_match() parses it. Returns NULL when it is not closed. */
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

/**
 * l2pc_glob_check() - check that a text is a glob that may match an interface
 * @glob: the text
 * @extack: gets the reason of a failure, or NULL: the kernel log does
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP (this kernel has no globs).
 */
int l2pc_glob_check(const char *glob, struct netlink_ext_ack *extack)
{
	size_t len = strlen(glob);
	const char *at;

	if (!IS_REACHABLE(CONFIG_GLOB)) {
		l2pc_refuse(extack, "this kernel has no patterns (CONFIG_GLOB is not set)",
			    "interface %s: this kernel has no patterns (CONFIG_GLOB is not set)\n",
			    glob);
		return -EOPNOTSUPP;
	}
	if (!len || len > L2PC_PATTERN_MAX) {
		l2pc_refuse(extack, "a pattern has 1 to 63 characters (examples: tap*, eth[0-3])",
			    "interface %.64s: a pattern has 1 to %u characters (examples: tap*, eth[0-3])\n",
			    glob, L2PC_PATTERN_MAX);
		return -EINVAL;
	}
	for (at = glob; *at; at++) {
		if (*at == '[') {
			at = class_end(at + 1);
			if (!at) {
				l2pc_refuse(extack, "a pattern has a [ without ] (example: eth[0-3])",
					    "interface %s: a pattern has a [ without ] (example: eth[0-3])\n",
					    glob);
				return -EINVAL;
			}
		} else if (*at == '/' || isspace(*at) || (*at == '\\' && !*++at)) {
			l2pc_refuse(extack, "no interface has such a name (examples: tap*, eth[0-3])",
				    "interface %s: no interface has such a name (examples: tap*, eth[0-3])\n",
				    glob);
			return -EINVAL;
		}
	}
	return 0;
}

/**
 * l2pc_glob_match() - match a name
 * @glob: a glob that l2pc_glob_check() accepted
 * @name: the name of an interface
 *
 * Return: true if it matches.
 */
bool l2pc_glob_match(const char *glob, const char *name)
{
	/* Where the kernel has none, the call is compiled out. */
	return IS_REACHABLE(CONFIG_GLOB) && glob_match(glob, name);
}
