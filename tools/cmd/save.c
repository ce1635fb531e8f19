// SPDX-License-Identifier: GPL-2.0
/*
 * The verb save, and the totals that show --all-time prints.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "source/source.h"
#include "totals/state.h"
#include "util/clock.h"
#include "util/files.h"
#include "util/replace.h"

#define BACKUP_MAX	1000
#define BACKUP_SIZE	(PATH_MAX + sizeof(".bad-1000"))

static const char *state_name(const struct options *options)
{
	static char name[FILE_PATH];

	if (options_have(options, OPT_FILE))
		return options->text[OPT_FILE];
	snprintf(name, sizeof(name), "%s", file_path(STATE_FILE));
	return name;
}

static int report_fault(const char *name, enum state_fault fault)
{
	error_print("%s: %s", name, state_fault_text(fault));
	return STATUS_FAILED;
}

/* Give a file, or the target of a link, a further name that is free. */
static bool link_backup(const char *name, char backup[BACKUP_SIZE])
{
	char real[PATH_MAX];
	struct stat st;

	if (!lstat(name, &st) && S_ISLNK(st.st_mode)) {
		if (!realpath(name, real))
			return false;
		name = real;
	}
	for (int i = 1; i < BACKUP_MAX; i++) {
		if (snprintf(backup, BACKUP_SIZE, "%s.bad-%d", name, i) >= (int)BACKUP_SIZE) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (link(name, backup) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

static int read_lifetimes(const struct options *options, struct views *views)
{
	struct source source;
	int status = source_open(&source, options, "save");

	if (status)
		return status;
	return source_finish(&source, source_views(&source, NULL, L2PC_VIEW_LIFETIME, views), NULL);
}

static void report_saved(const struct options *options, const struct state *state, const char *name)
{
	size_t stations = state->delta.stations, ports = state->delta.ports;
	struct output output;

	if (!options_have(options, OPT_JSON)) {
		printf("saved %zu station%s of %zu port%s in %s\n", stations,
		       text_plural(stations), ports, text_plural(ports), name);
		return;
	}
	output_init(&output, options);
	output_begin(&output);
	json_open(&output.json, NULL, '{');
	json_string(&output.json, "file", name);
	json_u64(&output.json, "ports", ports);
	json_u64(&output.json, "stations", stations);
	json_close(&output.json, '}');
	output_end(&output);
}

/* Replace the file; @fault is what is wrong with the old one. */
static int write_totals(const struct options *options, struct state *state, const char *name,
			enum state_fault fault)
{
	bool faulty = fault != STATE_GOOD && fault != STATE_NONE;
	char backup[BACKUP_SIZE];
	int error;

	if (faulty && !link_backup(name, backup)) {
		error_print("%s: %s (no backup: %s)", name, state_fault_text(fault), strerror(errno));
		return STATUS_FAILED;
	}
	error = state_write(state, name);
	if (error) {
		error_print("%s: %s", name, replace_text(error));
		if (faulty)
			unlink(backup);
		return STATUS_FAILED;
	}
	report_saved(options, state, name);
	if (!faulty)
		return STATUS_DONE;
	/* The counts are saved, but the fault needs attention. */
	error_print("%s: %s; saved as %s, starting a new file", name, state_fault_text(fault),
		    backup);
	return STATUS_FAILED;
}

static int save(const struct options *options, const char *name)
{
	uint64_t now = clock_wall() / SECOND;
	struct views views = { 0 };
	struct state state = { 0 };
	enum state_fault fault;
	int status;

	fault = state_read(&state, name);
	/*
	 * Other faulty files are backed up and replaced. A newer l2pc will go on with its file,
	 * and a file that the user has named may belong to something else.
	 */
	if (fault == STATE_ERROR || fault == STATE_NEWER ||
	    (fault == STATE_FOREIGN && options_have(options, OPT_FILE)))
		return report_fault(name, fault);
	/* After the clock was set back, save at once. */
	if (options_have(options, OPT_INTERVAL) && state.saved <= now &&
	    (now - state.saved) * SECOND < options->number[OPT_INTERVAL]) {
		state_free(&state);
		output_empty(options);
		return STATUS_DONE;
	}
	status = read_lifetimes(options, &views);
	if (!status) {
		state_merge(&state, &views);
		status = write_totals(options, &state, name, fault);
	}
	views_free(&views);
	state_free(&state);
	return status;
}

int verb_save(const struct call *call)
{
	const char *name = state_name(&call->options);
	int status, fd;

	if (!options_have(&call->options, OPT_FILE))
		file_directories(name);
	/* Hold the lock from reading to writing: another process may save, too. */
	fd = lock_acquire(name);
	if (fd == -EBUSY) {
		lock_print_busy(name, "save");
		return STATUS_FAILED;
	}
	if (fd < 0) {
		error_print("%s: %s%s", name, strerror(-fd),
			    fd == -EACCES || fd == -EROFS || fd == -EPERM ?
				    " (run it as root, or name a file with --file)" : "");
		return STATUS_FAILED;
	}
	status = save(&call->options, name);
	close(fd);
	return status;
}

/* Add what was counted since the last saving, where the module is loaded. */
static int add_current(struct state *state)
{
	struct source source = { .verb = "show" };
	struct views lifetimes = { 0 };
	int error = source_connect(&source);

	if (!error)
		error = source_views(&source, NULL, L2PC_VIEW_LIFETIME, &lifetimes);
	if (!error)
		state_merge(state, &lifetimes);
	views_free(&lifetimes);
	return source_finish(&source, error == -ENOENT ? 0 : error, NULL);
}

int save_views(const struct options *options, const char *ifname, struct views *views)
{
	const char *name = state_name(options);
	struct state state = { 0 };
	enum state_fault fault = state_read(&state, name);
	int status;

	if (fault == STATE_NONE) {
		error_print("%s: %s (l2pc save creates it)", name, state_fault_text(fault));
		return STATUS_FAILED;
	}
	if (fault != STATE_GOOD)
		return report_fault(name, fault);
	status = add_current(&state);
	if (!status && !state_views(&state, ifname, views))
		status = usage_error("%s: no counts of %s", name, ifname);
	state_free(&state);
	return status;
}
