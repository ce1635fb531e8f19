// SPDX-License-Identifier: GPL-2.0
/*
 * `l2pc run`: count without the module, until a signal.
 * Copyright (C) the l2packet_counter authors
 *
 * One thread waits for everything: signals, programs that want bigger tables, devices that
 * change, clients, and the time at which a window is to be closed.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "run/arena.h"
#include "run/client.h"
#include "run/clock.h"
#include "run/devices.h"
#include "run/links.h"
#include "run/module.h"
#include "run/notify.h"
#include "run/port.h"
#include "run/privileges.h"
#include "run/program.h"
#include "run/request.h"
#include "run/run.h"
#include "run/server.h"
#include "run/work.h"
#include "util/errors.h"

static int signals_open(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/*
 * The bigger table that a CPU requests is to be made in milliseconds, also on a busy machine.
 * Without CAP_SYS_NICE it has to do without.
 */
static void hurry(void)
{
	setpriority(PRIO_PROCESS, 0, -10);
}

/* A port has some ten open files. */
static void more_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Watch a file, whose events have its own descriptor's place as data. */
static int watch(int epoll, int *fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = fd };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, *fd, &event) ? -errno : 0;
}

static int fail(const char *what, int error)
{
	error_print("run: %s: %s", what, program_refusal(error));
	return STATUS_FAILED;
}

static void print_counting(const char *what)
{
	fprintf(stderr, "counting %s%s\n", what, isatty(STDERR_FILENO) ? " (Ctrl-C ends)" : "");
}

static int add_first(const struct nlmsghdr *add)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(add);
	bool is_pattern = genl->cmd == L2PC_CMD_PATTERN_ADD;
	struct request request = { .nlh = add };
	int error = request_parse(&request, is_pattern ? policy_pattern_add : policy_settings);
	const char *name = request_name(&request, is_pattern ? L2PC_A_PORT_PATTERN : L2PC_A_PORT_IFNAME);

	if (!error)
		error = answer_add(&request);
	if (!error) {
		print_counting(name);
		return STATUS_DONE;
	}
	error_print("%s: %s", name, error == -ENODEV ? "no such interface" :
				    request.why	     ? request.why :
						       strerror(-error));
	return STATUS_FAILED;
}

static void module_report(void)
{
	if (module_changed())
		devices_review(true);
}

/* What is requested already does not wait for the grace period. */
static void wakes_read(void)
{
	if (!program_woken())
		return;
	ports_serve();
	run_grace_period();
}

/**
 * struct watched - descriptors that are waited for, beside those of the server
 * @signals: signals that end the program
 * @wake: requests of the BPF program
 * @links: devices that change
 * @module: the module is loaded or unloaded
 * @resume: the end of a suspension; -1: this kernel cannot report it
 */
struct watched {
	int signals, wake, links, module, resume;
};

/* Return: 0 or a negative errno. */
static int watched_open(struct watched *watched, int epoll)
{
	int error;

	watched->wake = program_wake_fd();
	watched->links = links_fd();
	watched->module = module_watch();
	watched->resume = clock_resume_fd();
	if (watched->module < 0)
		return watched->module;
	error = watch(epoll, &watched->signals);
	if (!error)
		error = watch(epoll, &watched->wake);
	if (!error)
		error = watch(epoll, &watched->links);
	if (!error)
		error = watch(epoll, &watched->module);
	if (!error && watched->resume >= 0)
		error = watch(epoll, &watched->resume);
	return error;
}

/* Wait and serve, until a signal. */
static int serve(int epoll, const struct watched *watched)
{
	struct epoll_event events[16];
	int count;

	for (;;) {
		/* A CPU may have requested a table meanwhile. */
		ports_serve();
		count = epoll_wait(epoll, events, 16, ports_timers());
		if (count < 0 && errno != EINTR)
			return fail("cannot wait", -errno);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == &watched->signals)
				return STATUS_DONE;
			if (events[i].data.ptr == &watched->wake)
				wakes_read();
			else if (events[i].data.ptr == &watched->links)
				links_read(&ports_links_ops);
			else if (events[i].data.ptr == &watched->module)
				module_report();
			else if (events[i].data.ptr == &watched->resume)
				clock_resumed(watched->resume);
			else
				server_event(events[i].data.ptr, events[i].events);
			ports_serve();
		}
	}
}

int run_until_signal(const struct nlmsghdr *add)
{
	struct watched watched = { .signals = signals_open() };
	int epoll = epoll_create1(EPOLL_CLOEXEC), error;

	if (epoll < 0 || watched.signals < 0)
		return fail("cannot wait", -errno);
	if (privileges_check())
		return STATUS_FAILED;
	/* The socket first: who has it counts in this namespace. */
	if (server_init(epoll) || program_init() || links_init(!program_has_tcx()))
		return STATUS_FAILED;
	if (arena_init())
		return fail("cannot allocate", -ENOMEM);
	program_serve_while_waiting(ports_serve_waiting);
	clock_init();
	error = watched_open(&watched, epoll);
	if (error)
		return fail("cannot wait", error);
	more_files();
	error = add ? add_first(add) : STATUS_DONE;
	if (error)
		return error;
	hurry();
	if (!add)
		print_counting("what l2pc add adds");
	notify_ready();
	error = serve(epoll, &watched);
	ports_stop();
	for (struct port_run *port = run_ports; port; port = port->next)
		port_print_counted(port);
	return error;
}
