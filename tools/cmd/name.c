// SPDX-License-Identifier: GPL-2.0
/*
 * The verb name: a line of the user's own file of names.
 * Copyright (C) the l2packet_counter authors
 *
 * The file is replaced by renaming, with all other lines as they were: those of another
 * one who changes it at that moment, too.
 */
#define _GNU_SOURCE	/* mkostemp */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "names/names.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/replace.h"
#include "util/text.h"
#include "util/value.h"

#define NAME_MAX_BYTES	200

static bool is_line_of(const char *line, const uint8_t mac[6])
{
	uint8_t other[6];
	size_t size;

	line += strspn(line, " \t");
	size = value_mac(line, other);
	return size && isspace((unsigned char)line[size]) && !memcmp(mac, other, sizeof(other));
}

static int copy_names(FILE *to, const char *path, const uint8_t mac[6], const char *name)
{
	FILE *from = fopen(path, "re");
	char *line = NULL, text[MAC_SIZE];
	size_t room = 0;
	ssize_t size;
	int error = 0;

	if (!from && errno != ENOENT)
		return -errno;
	while (from && (size = getline(&line, &room, from)) > 0) {
		if (is_line_of(line, mac))
			continue;
		fputs(line, to);
		if (line[size - 1] != '\n')
			fputc('\n', to);
	}
	if (from && ferror(from))
		error = errno ? -errno : -EIO;
	free(line);
	if (from)
		fclose(from);
	if (name)
		fprintf(to, "%s %s\n", text_mac(mac, text), name);
	return error;
}

static int replace_name(const char *path, const uint8_t mac[6], const char *name)
{
	struct replace replace;
	int lock = lock_acquire(path), error;

	if (lock == -EBUSY) {
		lock_print_busy(path, "name");
		return STATUS_FAILED;
	}
	error = lock < 0 ? lock : replace_begin(&replace, path);
	if (!error)
		error = replace_end(&replace, copy_names(replace.file, path, mac, name));
	if (error)
		error_print("%s: %s", path, replace_text(error));
	if (lock >= 0)
		close(lock);
	return error ? STATUS_FAILED : STATUS_DONE;
}

static int check_name(const char *name)
{
	if (!name)
		return STATUS_DONE;
	if (!name[0] || isspace((unsigned char)name[0]) ||
	    isspace((unsigned char)name[strlen(name) - 1]))
		return usage_error("name \"%s\" is empty, or begins or ends with a space", name);
	if (strlen(name) > NAME_MAX_BYTES)
		return usage_error("the name is too long, it has at most %d bytes", NAME_MAX_BYTES);
	for (const char *p = name; *p; p++)
		if (iscntrl((unsigned char)*p) || *p == '#')
			return usage_error("name \"%s\" has a # or a control character in it", name);
	return STATUS_DONE;
}

int verb_name(const struct call *call)
{
	struct call rest = *call;
	const char *name;
	char path[FILE_PATH];
	uint8_t mac[6];
	size_t size;
	int status;

	if (!rest.argc)
		return usage_error("name needs an address: l2pc name MAC [NAME]");
	size = value_mac(rest.argv[0], mac);
	if (!size || rest.argv[0][size])
		return usage_error("\"%s\" is no address; one is like 02:00:00:00:00:01",
				   rest.argv[0]);
	if (mac[0] & 1)
		return usage_error("%s is the address of a group, which is no station",
				   rest.argv[0]);
	name = rest.argc > 1 ? rest.argv[1] : NULL;
	if (rest.argc > 2)
		return usage_error("what is \"%s\"? a name with spaces needs quotes", rest.argv[2]);
	status = check_name(name);
	if (status)
		return status;
	if (!file_home(NAMES_FILE, path)) {
		if (errno == ENAMETOOLONG)
			error_print(
				"there is no place for names: with HOME or XDG_CONFIG_HOME as it is, its path has more than %d bytes",
				FILE_PATH - 1);
		else
			error_print("there is no place for names: HOME is not set");
		return STATUS_FAILED;
	}
	file_directories(path);
	status = replace_name(path, mac, name);
	if (!status)
		output_empty(&call->options);
	return status;
}
