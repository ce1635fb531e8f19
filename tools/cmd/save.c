// SPDX-License-Identifier: GPL-2.0
/*
 * The verb save, and what show --all-time reads.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/save.h"
#include "cmd/verb.h"
#include "source/source.h"
#include "totals/state.h"
#include "util/clock.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/replace.h"
#include "util/text.h"

#define ASIDE_MAX	1000
#define ASIDE_SIZE	(PATH_MAX + sizeof(".bad-1000"))

static const char *name_of(const struct options *options)
{
	static char name[FILE_PATH];

	if (options_have(options, OPT_FILE))
		return options->text[OPT_FILE];
	return file_path(STATE_FILE, name);
}

static int refuse(const char *name, enum state_fault fault)
{
	error_print("%s: %s", name, state_fault_text(fault));
	return STATUS_FAILED;
}

/*
 * A file that is refused is kept aside, and another begun. Not one of a newer l2pc,
 * which will go on with it; and nothing that the user named and is no file of l2pc.
 */
static bool may_begin_anew(enum state_fault fault, bool named)
{
	return fault != STATE_ERROR && fault != STATE_NEWER && (fault != STATE_FOREIGN || !named);
}

/* Give a file one more name, that no file has; of a link what it leads to. */
static bool keep_aside(const char *name, char aside[ASIDE_SIZE])
{
	char real[PATH_MAX];
	struct stat st;

	if (!lstat(name, &st) && S_ISLNK(st.st_mode)) {
		if (!realpath(name, real))
			return false;
		name = real;
	}
	for (int i = 1; i < ASIDE_MAX; i++) {
		if (snprintf(aside, ASIDE_SIZE, "%s.bad-%d", name, i) >= (int)ASIDE_SIZE) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (link(name, aside) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

static int read_lifetimes(const struct options *options, struct views *views)
{
	struct source source;
	int status = source_open(&source, options, "save"), error;

	if (status)
		return status;
	error = source_views(&source, NULL, L2PC_VIEW_LIFETIME, views);
	if (error)
		status = source_explain(&source, error, NULL);
	source_close(&source);
	return status;
}

static void report(const struct options *options, const struct state *state, const char *name)
{
	size_t stations = state->delta.stations, ports = state->delta.ports;

	if (options_have(options, OPT_JSON)) {
		struct output output;

		output_init(&output, options);
		json_array(&output.json, NULL);
		json_object(&output.json, NULL);
		json_string(&output.json, "file", name);
		json_u64(&output.json, "ports", ports);
		json_u64(&output.json, "stations", stations);
		json_object_end(&output.json);
		json_array_end(&output.json);
		return;
	}
	printf("saved %zu station%s of %zu port%s in %s\n", stations, text_plural(stations),
	       ports, text_plural(ports), name);
}

/* In the place of the old file; @fault is what is wrong with that one. */
static int write_totals(const struct options *options, struct state *state,
			const char *name, enum state_fault fault)
{
	bool refused = fault != STATE_GOOD && fault != STATE_NONE;
	char aside[ASIDE_SIZE];
	int error;

	if (refused && !keep_aside(name, aside)) {
		error_print("%s: %s; it cannot be kept aside: %s", name, state_fault_text(fault),
			    strerror(errno));
		return STATUS_FAILED;
	}
	error = state_write(state, name);
	if (error) {
		error_print("%s: %s", name, replace_text(error));
		if (refused)
			unlink(aside);
		return STATUS_FAILED;
	}
	report(options, state, name);
	if (!refused)
		return STATUS_DONE;
	/* All is saved, but somebody should look. */
	error_print("%s: %s; kept as %s, another one is begun", name, state_fault_text(fault),
		    aside);
	return STATUS_FAILED;
}

static int save(const struct options *options, const char *name)
{
	uint64_t now = (uint64_t)clock_wall().tv_sec;
	struct views views = { 0 };
	struct state state = { 0 };
	enum state_fault fault;
	int status;

	fault = state_read(&state, name);
	if (fault != STATE_GOOD && fault != STATE_NONE &&
	    !may_begin_anew(fault, options_have(options, OPT_FILE)))
		return refuse(name, fault);
	/* A clock that was put back must not keep it from being saved for long. */
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
	const char *name = name_of(&call->options);
	int status, fd;

	if (!options_have(&call->options, OPT_FILE))
		file_directories(name);
	/* What is read is added to: by one saving after the other. */
	fd = lock_acquire(name);
	if (fd == -EBUSY) {
		lock_print_busy(name, "save");
		return STATUS_FAILED;
	}
	if (fd == -EACCES || fd == -EROFS || fd == -EPERM) {
		error_print("save cannot write %s: %s; run it as root, or name a file: --file FILE",
			    name, strerror(-fd));
		return STATUS_FAILED;
	}
	if (fd < 0) {
		error_print("%s: %s", name, strerror(-fd));
		return STATUS_FAILED;
	}
	status = save(&call->options, name);
	close(fd);
	return status;
}

/* Up to this moment where there is a module, else up to the last saving. */
static int add_current(struct state *state)
{
	struct source source = { .verb = "show" };
	struct views lifetimes = { 0 };
	int status = STATUS_DONE, error = nl_open(&source.nl);

	if (error)
		return error == -ENOENT ? STATUS_DONE : source_explain(&source, error, NULL);
	error = source_views(&source, NULL, L2PC_VIEW_LIFETIME, &lifetimes);
	if (!error)
		state_merge(state, &lifetimes);
	/* It may have been unloaded meanwhile. */
	else if (error != -ENOENT)
		status = source_explain(&source, error, NULL);
	views_free(&lifetimes);
	source_close(&source);
	return status;
}

int save_views(const struct options *options, const char *ifname, struct views *views)
{
	const char *name = name_of(options);
	struct state state = { 0 };
	enum state_fault fault = state_read(&state, name);
	int status;

	if (fault == STATE_NONE) {
		error_print("%s: %s; l2pc save makes it", name, state_fault_text(fault));
		return STATUS_FAILED;
	}
	if (fault != STATE_GOOD)
		return refuse(name, fault);
	status = add_current(&state);
	if (!status && !state_views(&state, ifname, views))
		status = usage_error("%s has nothing of %s", name, ifname);
	state_free(&state);
	return status;
}
