// SPDX-License-Identifier: GPL-2.0
/*
 * l2pc: show and configure what the module l2packet_counter counts.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "source/altname.h"
#include "source/engine.h"
#include "source/source.h"

/*
 * Open the first three files where the caller has closed them: a socket would get such a
 * number, and output would be sent to the kernel. Read-only, so that writing still fails.
 */
static void open_missing_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			exit(STATUS_FAILED);
}

/* Write the rest of the output. A reader that has left (| head) is not an error. */
static int stdout_close(int status)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (!fflush(stdout) && !failed)
		return status;
	if (output_error())
		errno = output_error();
	if (errno != EPIPE)
		error_print("cannot write: %s", errno ? strerror(errno) : "output error");
	return status ? status : STATUS_FAILED;
}

/* Without a verb the first argument may be a port, or an interface that could be one. */
static bool is_device(const struct call *call)
{
	const char *word = call->argv[0];
	char own[IF_NAMESIZE];

	return word[0] && (!strcmp(word, "dev") || options_have(&call->options, OPT_REPLAY) ||
			   if_nametoindex(word) || source_has_port(word) ||
			   altname_find(word, own));
}

static int find_verb(struct call *call)
{
	int status;

	call->verb = &verbs[0];
	if (!call->argc)
		return STATUS_DONE;
	status = verb_find(call->argv[0], &call->verb);
	if (status)
		return status;
	if (call->verb) {
		call->argv++;
		call->argc--;
		return STATUS_DONE;
	}
	call->verb = &verbs[0];
	return is_device(call) ? STATUS_DONE :
				 usage_error("unknown verb or interface \"%s\" (verbs: %s)",
					     call->argv[0], verb_list());
}

/* Before the verb is found: a port's name may stand in its place. */
static int choose_engine(const struct options *options)
{
	uint64_t engine = ENGINE_AUTO;
	int status = STATUS_DONE;

	if (options_have(options, OPT_ENGINE) && options->text[OPT_ENGINE])
		status = value_enum("--engine", options->text[OPT_ENGINE], &engine_names, &engine);
	engine_choose((enum engine)engine);
	return status;
}

/* Note ports that the module has not: without --engine it is read where it is loaded. */
static void note_run(const struct call *call)
{
	struct ports ports = { 0 };
	char list[256] = "";
	struct nl nl;

	if (!call->verb->reads || call->ifname || engine_chosen() != ENGINE_AUTO ||
	    options_have(&call->options, OPT_REPLAY) || engine_ports(ENGINE_BPF, &ports))
		return;
	for (size_t i = 0; i < ports.count; i++)
		text_add(list, sizeof(list), ", ", ports.port[i].ifname);
	ports_free(&ports);
	if (nl_open(&nl, L2PC_FAMILY_NAME))
		return;
	if (nl.socket && list[0])
		error_print("note: l2pc run counts %s, which is not among these (l2pc --engine bpf %s)",
			    list, call->verb->name);
	nl_close(&nl);
}

static int run_command(int argc, char **argv)
{
	char *words[argc + 1];
	struct call call = { .argv = argv, .words = memcpy(words, argv, sizeof(words)) };
	int status = options_parse(argc, argv, &call.options, &call.argc);
	bool has_verb = call.argc;

	if (status)
		return status;
	if (options_have(&call.options, OPT_VERSION)) {
		puts("l2pc " L2PC_VERSION);
		return STATUS_DONE;
	}
	status = choose_engine(&call.options);
	if (!status)
		status = find_verb(&call);
	if (status)
		return status;
	if (options_have(&call.options, OPT_HELP)) {
		char *name[] = { (char *)call.verb->name, NULL };

		return verb_help(&(struct call){ .argc = has_verb, .argv = name });
	}
	status = options_check(&call.options, call.verb->name, call.verb->options,
			       call.verb->sorts);
	if (!status)
		status = call_arguments(&call);
	if (status)
		return status;
	note_run(&call);
	return call.verb->run(&call);
}

int main(int argc, char **argv)
{
	open_missing_files();
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	return stdout_close(run_command(argc, argv));
}
