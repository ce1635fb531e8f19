// SPDX-License-Identifier: GPL-2.0
/*
 * Replacing a file: it is written beside the old one, and renamed when it is complete.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf, mkostemp */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/errors.h"
#include "util/replace.h"

/*
 * Whose the old one is, and who else may read and write it; nobody gets at the new one
 * before it is theirs. What is the same already is not asked for: only root may give a
 * file away, and some filesystems have one mode for all.
 */
static bool keep_access(int fd, const struct stat *old)
{
	struct stat new;
	uid_t user = (uid_t)-1;
	gid_t group = (gid_t)-1;

	if (fstat(fd, &new) < 0)
		return false;
	if (new.st_uid != old->st_uid)
		user = old->st_uid;
	if (new.st_gid != old->st_gid)
		group = old->st_gid;
	if ((user != (uid_t)-1 || group != (gid_t)-1) && fchown(fd, user, group) < 0)
		return false;
	return !((new.st_mode ^ old->st_mode) & 0777) || !fchmod(fd, old->st_mode & 0777);
}

char *replace_target(const char *name)
{
	char *target = realpath(name, NULL);

	if (!target)
		target = strdup(name);
	if (!target)
		out_of_memory();
	return target;
}

int replace_begin(struct replace *replace, const char *name)
{
	struct stat st;
	bool there;
	int fd, error;

	/* A link is not replaced, but what it leads to; what is no file not at all. */
	replace->name = replace_target(name);
	there = !stat(replace->name, &st);
	if (there && !S_ISREG(st.st_mode)) {
		free(replace->name);
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	}
	if (asprintf(&replace->temporary, "%s.XXXXXX", replace->name) < 0)
		out_of_memory();
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	error = fd < 0 ? -errno : 0;
	if (!error && !there)
		fchmod(fd, 0644);
	else if (!error && !keep_access(fd, &st))
		error = -ENOTSUP;
	if (error) {
		if (fd >= 0) {
			unlink(replace->temporary);
			close(fd);
		}
		free(replace->temporary);
		free(replace->name);
		return error;
	}
	replace->file = fdopen(fd, "w");
	if (!replace->file)
		out_of_memory();
	return 0;
}

/*
 * The new name is on disk only when its directory is. Who may write there need not be
 * allowed to read, and some filesystems cannot: the rename stands all the same.
 */
static int sync_directory(char *name)
{
	int fd = open(dirname(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;

	if (fd < 0)
		return errno == EACCES ? 0 : -errno;
	if (fsync(fd) < 0 && errno != EINVAL)
		error = -errno;
	close(fd);
	return error;
}

int replace_end(struct replace *replace, int error)
{
	FILE *file = replace->file;

	errno = 0;
	if (!error && (fflush(file) || ferror(file) || fsync(fileno(file))))
		error = errno ? -errno : -EIO;
	if (fclose(file) && !error)
		error = -errno;
	if (!error && rename(replace->temporary, replace->name) < 0)
		error = -errno;
	if (error)
		unlink(replace->temporary);
	else
		error = sync_directory(replace->name);
	free(replace->temporary);
	free(replace->name);
	return error;
}

const char *replace_text(int error)
{
	switch (error) {
	case -EINVAL:
		return "it is there, and no file";
	case -ENOTSUP:
		return "its user, group or mode cannot be kept; run it as root";
	default:
		return strerror(-error);
	}
}
