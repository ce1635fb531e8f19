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
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "names/names.h"
#include "util/files.h"
#include "util/replace.h"

#define NAME_MAX_BYTES	200

static bool is_line_of(const char *line, const uint8_t mac[6])
{
	uint8_t other[6];
	size_t size;

	/* Only the first line can have a mark. */
	line += text_mark(line);
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

static bool is_name(const char *name)
{
	size_t size = strlen(name);

	if (!size || size > NAME_MAX_BYTES || isspace((unsigned char)name[0]) ||
	    isspace((unsigned char)name[size - 1]))
		return false;
	for (const char *p = name; *p; p++)
		if (iscntrl((unsigned char)*p) || *p == '#')
			return false;
	return true;
}

/*
 * Under sudo, write as the user in whose home the file is. Where that is root's, the user's
 * own l2pc does not read the file: say so.
 */
static void use_owner(const char *path)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID"), *home = getenv("HOME");
	struct stat status;

	if (geteuid() || !uid || !gid)
		return;
	if (home && !strncmp(path, home, strlen(home)) && !stat(home, &status) &&
	    status.st_uid == (uid_t)strtoul(uid, NULL, 10) && status.st_uid &&
	    !setegid((gid_t)strtoul(gid, NULL, 10)) && !seteuid(status.st_uid))
		return;
	error_print("note: %s is root's file (without sudo, l2pc name writes yours)", path);
}

int verb_name(const struct call *call)
{
	const char *address = call->argv[0], *name = call->argc > 1 ? call->argv[1] : NULL;
	char path[FILE_PATH];
	uint8_t mac[6];
	size_t size;
	int status;

	if (!call->argc)
		return usage_error("name: missing address (l2pc name MAC [NAME])");
	size = value_mac(address, mac);
	if (!size || address[size])
		return usage_error("invalid address \"%s\" (example: 02:00:00:00:00:01)", address);
	if (mac[0] & 1)
		return usage_error("invalid address \"%s\" (a group address is not a station)",
				   address);
	if (call->argc > 2)
		return usage_error("unexpected argument \"%s\" (quote a name with spaces)",
				   call->argv[2]);
	if (name && !is_name(name))
		return usage_error(
			"invalid name \"%s\" (1 to %d bytes, no #, no control characters, no space at the ends)",
			name, NAME_MAX_BYTES);
	if (!file_home(NAMES_FILE, path)) {
		error_print(errno == ENAMETOOLONG ?
				    "names: path too long (see XDG_CONFIG_HOME and HOME)" :
				    "names: HOME is not set");
		return STATUS_FAILED;
	}
	use_owner(path);
	file_directories(path);
	status = replace_name(path, mac, name);
	if (!status)
		output_empty(&call->options);
	return status;
}
