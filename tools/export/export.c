// SPDX-License-Identifier: GPL-2.0
/*
 * The exporter: a file that is written once, and waiting for the end.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* open_memstream */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "export/export.h"
#include "util/files.h"
#include "util/replace.h"

/* Search a network namespace among those that have names. */
static bool netns_named(const struct stat *own, char *name, size_t size)
{
	DIR *directory = opendir("/run/netns");
	struct dirent *entry;
	struct stat other;
	bool found = false;

	while (directory && !found && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.' ||
		    stat(path_format("/run/netns/%s", entry->d_name), &other))
			continue;
		found = other.st_ino == own->st_ino && other.st_dev == own->st_dev;
		if (found)
			snprintf(name, size, "%s", entry->d_name);
	}
	if (directory)
		closedir(directory);
	return found;
}

/*
 * Find what sets this network namespace apart from that of the machine, or of the container:
 * its name, or its number. Return false there.
 */
static bool netns_find(char *name, size_t size)
{
	struct stat own, first;

	if (stat("/proc/self/ns/net", &own))
		return false;
	/* Only root may look at the first process. */
	if (!stat("/proc/1/ns/net", &first)) {
		if (first.st_ino == own.st_ino && first.st_dev == own.st_dev)
			return false;
		snprintf(name, size, "%ju", (uintmax_t)own.st_ino);
	} else {
		name[0] = 0;
	}
	return netns_named(&own, name, size) || name[0];
}

/* Write metrics, with a label in each sample. */
static void write_labelled(FILE *file, const char *text, const char *label, const char *value)
{
	for (const char *end; *text; text = end) {
		size_t size = strcspn(text, "{ ");

		end = text + strcspn(text, "\n");
		end += *end == '\n';
		if (*text != '#') {
			fprintf(file, "%.*s{%s=\"", (int)size, text, label);
			for (const char *c = value; *c; c++)
				fprintf(file, strchr("\\\"", *c) ? "\\%c" : "%c", *c);
			fputs(text[size] == '{' ? "\"," : "\"}", file);
			text += size + (text[size] == '{');
		}
		fwrite(text, 1, (size_t)(end - text), file);
	}
}

/*
 * The files of all network namespaces may be in one directory of node_exporter, which takes
 * none of them when two have the same series.
 */
static void textfile_write(const struct export *export, FILE *file)
{
	char netns[256], *text = NULL;
	size_t size = 0;
	FILE *memory;

	if (!netns_find(netns, sizeof(netns))) {
		export_metrics(export, FORM_PROMETHEUS, file);
		return;
	}
	memory = open_memstream(&text, &size);
	if (!memory)
		out_of_memory();
	export_metrics(export, FORM_PROMETHEUS, memory);
	if (fclose(memory))
		out_of_memory();
	write_labelled(file, text, "netns", netns);
	free(text);
}

int export_textfile(struct export *export, const char *name)
{
	struct replace replace;
	int error;

	export_fetch(export, export->stations);
	if (!strcmp(name, "-")) {
		textfile_write(export, stdout);
		return STATUS_DONE;
	}
	error = replace_begin(&replace, name);
	if (!error) {
		textfile_write(export, replace.file);
		error = replace_end(&replace, 0);
	}
	if (error)
		error_print("cannot write %s: %s", name, replace_text(error));
	return error ? STATUS_FAILED : STATUS_DONE;
}

static sigset_t ends;

void export_block(void)
{
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
}

int export_wait(struct export *export)
{
	int signal;

	export_block();
	if (export->ipfix)
		return ipfix_run(export->ipfix, &ends);
	sigwait(&ends, &signal);
	return STATUS_DONE;
}
