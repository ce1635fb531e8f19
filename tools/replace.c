// SPDX-License-Identifier: GPL-2.0
/*
 * Replacing a file: it is written beside the old one, and renamed when it is complete.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* asprintf, mkostemp */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "complain.h"
#include "replace.h"

int replace_begin(struct replace *replace, const char *name)
{
	int fd, error;

	if (asprintf(&replace->temporary, "%s.XXXXXX", name) < 0)
		out_of_memory();
	fd = mkostemp(replace->temporary, O_CLOEXEC);
	if (fd < 0) {
		error = -errno;
		free(replace->temporary);
		return error;
	}
	fchmod(fd, 0644);
	replace->file = fdopen(fd, "w");
	if (!replace->file)
		out_of_memory();
	return 0;
}

int replace_end(struct replace *replace, const char *name, int error)
{
	FILE *file = replace->file;

	errno = 0;
	if (!error && (fflush(file) || ferror(file) || fsync(fileno(file))))
		error = errno ? -errno : -EIO;
	if (fclose(file) && !error)
		error = -errno;
	if (!error && rename(replace->temporary, name) < 0)
		error = -errno;
	if (error)
		unlink(replace->temporary);
	free(replace->temporary);
	return error;
}
