// SPDX-License-Identifier: GPL-2.0
/*
 * Replacing a file: a new one is written next to it, and renamed when it is complete.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf, mkostemp */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/errors.h"
#include "util/replace.h"

#define LOCK_SECONDS	10
#define TRIES_A_SECOND	20

/*
 * Give the new file the owner and the mode of the old one before anything is in it. Ask
 * for changes only: only root may give a file away, and some filesystems have one mode.
 */
static bool keep_access(int fd, const struct stat *old)
{
	struct stat new;

	if (fstat(fd, &new) < 0)
		return false;
	if ((new.st_uid != old->st_uid || new.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		return false;
	return !((new.st_mode ^ old->st_mode) & 0777) || !fchmod(fd, old->st_mode & 0777);
}

/* Return: the path of a file that need not be there, or of a link's target; to be freed. */
static char *resolve_target(const char *name)
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

	replace->name = resolve_target(name);
	there = !stat(replace->name, &st);
	if (there && !S_ISREG(st.st_mode)) {
		free(replace->name);
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	}
	if (asprintf(&replace->temporary, "%s.XXXXXX", replace->name) < 0)
		out_of_memory();
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	error = fd < 0 ? -errno : there && !keep_access(fd, &st) ? -ENOTSUP : 0;
	if (!error) {
		if (!there)
			fchmod(fd, 0644);
		replace->file = fdopen(fd, "w");
		if (!replace->file)
			out_of_memory();
		return 0;
	}
	if (fd >= 0) {
		unlink(replace->temporary);
		close(fd);
	}
	free(replace->temporary);
	free(replace->name);
	return error;
}

/*
 * The new name is on disk only when its directory is. The rename stands where the
 * directory may not be read, or its filesystem cannot sync it.
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

static int lock_open(const char *name)
{
	char *target = resolve_target(name), *path;
	struct stat st;
	int fd;

	/* The file itself is another one after each change. */
	if (asprintf(&path, "%s.lock", target) < 0)
		out_of_memory();
	/* The target of a link would get another mode. */
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	free(path);
	free(target);
	if (fd < 0)
		return -errno;
	/* To open it is enough to keep it locked. */
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_mode & 077)
		fchmod(fd, 0600);
	return fd;
}

int lock_acquire(const char *name)
{
	const struct timespec pause = { .tv_nsec = 1000000000 / TRIES_A_SECOND };
	int fd = lock_open(name), error;

	if (fd < 0)
		return fd;
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; i++) {
		error = errno == EWOULDBLOCK ? -EBUSY : -errno;
		if (error != -EBUSY || i == LOCK_SECONDS * TRIES_A_SECOND) {
			close(fd);
			return error;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

void lock_print_busy(const char *name, const char *verb)
{
	error_print(
		"%s: locked by another l2pc %s for more than %d seconds (try again later)",
		name, verb, LOCK_SECONDS);
}
