// SPDX-License-Identifier: GPL-2.0
/*
 * Replacing a file: it is written beside the old one, and renamed when it is complete.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf, mkostemp */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "replace.h"

int replace_begin(struct replace *replace, const char *name)
{
	mode_t mode = 0644;
	struct stat st;
	int fd, error;

	/* A link is not replaced, but what it leads to; what is no file not at all. */
	replace->name = realpath(name, NULL);
	if (!replace->name)
		replace->name = strdup(name);
	if (!replace->name)
		out_of_memory();
	if (!stat(replace->name, &st)) {
		if (!S_ISREG(st.st_mode)) {
			free(replace->name);
			return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
		}
		mode = st.st_mode & 0777;
	}
	if (asprintf(&replace->temporary, "%s.XXXXXX", replace->name) < 0)
		out_of_memory();
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	if (fd < 0) {
		error = -errno;
		free(replace->temporary);
		free(replace->name);
		return error;
	}
	fchmod(fd, mode);
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
