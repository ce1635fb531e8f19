// SPDX-License-Identifier: GPL-2.0
/*
 * Counts every Ethernet interface of every network namespace, as soon as it exists.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: count-all
 * Prints "ready" when it watches, and ends on SIGTERM. At its end it prints lines with
 * tabs:
 *   ports PORTS GONE FRAMES SKIPPED
 *                            interfaces added, interfaces that were gone before they
 *                            were added, frames counted, frames skipped
 *   refused NETNS DEV KIND REASON
 *                            an Ethernet interface that the module refused
 *
 * A netlink socket watches each namespace with a name (/run/netns). The socket keeps the
 * namespace alive, so it is closed when the name is removed: the cleanup of `ip netns del`
 * is delayed by milliseconds. A namespace without a name, of processes only, is scanned
 * each SCAN_MS, and not held.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "genl.h"

#include "count.h"

#define SCAN_MS		500

int home;
uint16_t family;
unsigned int ports, gone;

void die(const char *what)
{
	fprintf(stderr, "count-all: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int main(void)
{
	int inotify, signals, probe = genl_socket();
	long long scan, timeout;
	struct stat stat_buf;
	struct ns *ns;
	sigset_t set;

	setvbuf(stdout, NULL, _IOLBF, 0);
	family = probe < 0 ? 0 : genl_family(probe);
	if (!family) {
		errno = ENOENT;
		die("the module's netlink family");
	}
	close(probe);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	inotify = inotify_init1(IN_CLOEXEC);
	if (signals < 0 || home < 0 || inotify < 0 ||
	    inotify_add_watch(inotify, NETNS_DIR, IN_CREATE | IN_DELETE) < 0 || fstat(home, &stat_buf))
		die(NETNS_DIR);
	ns_open(ns_new(&spaces, ".", stat_buf.st_ino), RTMGRP_LINK);
	names_start();
	puts("ready");

	for (scan = now_ms();;) {
		static struct pollfd fds[NAMES_MAX + 2];
		static struct ns *of[NAMES_MAX + 2];
		int count = 2, i;

		fds[0] = (struct pollfd){ .fd = signals, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = inotify, .events = POLLIN };
		for (ns = spaces; ns && count < NAMES_MAX + 2; ns = ns->next) {
			of[count] = ns;
			fds[count++] = (struct pollfd){ .fd = ns->link_fd, .events = POLLIN };
		}
		timeout = pending_count ? 1 : scan - now_ms();
		poll(fds, count, timeout > 0 ? timeout : 0);
		if (fds[0].revents)
			break;
		for (i = 2; i < count; i++)
			if (fds[i].revents)
				link_read(of[i], false);
		/* Read names last, because that may close descriptors. */
		if (fds[1].revents)
			names_read(inotify);
		names_open();
		if (now_ms() >= scan) {
			unnamed_scan();
			scan = now_ms() + SCAN_MS;
		}
	}
	while ((ns = spaces)) {
		spaces = ns->next;
		ns_close(ns);
		ns_free(ns);
	}
	unnamed_free();
	printf("ports\t%u\t%u\t%llu\t%llu\n", ports, gone, (unsigned long long)counted[0],
	       (unsigned long long)counted[1]);
	return 0;
}
