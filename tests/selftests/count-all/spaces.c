// SPDX-License-Identifier: GPL-2.0
/* Network namespaces: those with a name are watched, the others are scanned. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "genl.h"

#include "count.h"

struct ns *spaces;
static struct ns *unnamed;
static char *pending[NAMES_MAX];	/* names that are not yet mounted */
int pending_count;
uint64_t counted[2];

struct ns *ns_new(struct ns **list, const char *name, ino_t ino)
{
	struct ns *ns = calloc(1, sizeof(*ns));

	if (!ns)
		die("memory");
	snprintf(ns->name, sizeof(ns->name), "%s", name);
	ns->ino = ino;
	ns->next = *list;
	*list = ns;
	return ns;
}

/* Open sockets in the current namespace, and add its interfaces. */
void ns_open(struct ns *ns, int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int on = 1, size = 4 << 20;

	ns->l2pc_fd = genl_socket();
	ns->link_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (ns->l2pc_fd < 0 || ns->link_fd < 0 || bind(ns->link_fd, (struct sockaddr *)&address, sizeof(address)))
		die("socket");
	setsockopt(ns->l2pc_fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(ns->l2pc_fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(ns->link_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	link_dump(ns);
	link_read(ns, true);
}

void ns_close(struct ns *ns)
{
	l2pc_sum(ns, NULL, NULL);
	close(ns->l2pc_fd);
	close(ns->link_fd);
}

void ns_free(struct ns *ns)
{
	struct link *link;

	counted[0] += ns->deleted[0] + ns->now[0];
	counted[1] += ns->deleted[1] + ns->now[1];
	while ((link = ns->links)) {
		ns->links = link->next;
		free(link);
	}
	free(ns);
}

static struct ns *ns_find(struct ns *list, ino_t ino)
{
	while (list && list->ino != ino)
		list = list->next;
	return list;
}

/* Enter the namespace of a file; false: the file is not a namespace (yet), or is gone. */
static bool ns_enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool entered = fd >= 0 && !setns(fd, CLONE_NEWNET);

	if (fd >= 0)
		close(fd);
	return entered;
}

static void ns_leave(void)
{
	if (setns(home, CLONE_NEWNET))
		die("setns");
}

/* Start watching a name; true: the name is watched, or needs no watching. */
static bool name_open(const char *name)
{
	char path[sizeof(NETNS_DIR) + NAME_MAX + 1];
	struct stat stat_buf;

	snprintf(path, sizeof(path), NETNS_DIR "/%s", name);
	if (!ns_enter(path))
		return access(path, F_OK);
	if (stat("/proc/self/ns/net", &stat_buf))
		die("stat");
	if (!ns_find(spaces, stat_buf.st_ino))
		ns_open(ns_new(&spaces, name, stat_buf.st_ino), RTMGRP_LINK);
	ns_leave();
	return true;
}

static void name_close(const char *name)
{
	struct ns **at, *ns;

	for (at = &spaces; (ns = *at); at = &ns->next) {
		if (!strcmp(ns->name, name)) {
			*at = ns->next;
			ns_close(ns);
			ns_free(ns);
			return;
		}
	}
}

static void name_forget(int i)
{
	free(pending[i]);
	pending[i] = pending[--pending_count];
}

/* `ip netns add` makes the file, and then mounts the namespace there. */
static void name_pend(const char *name)
{
	if (pending_count == NAMES_MAX) {
		errno = ENOSPC;
		die("names");
	}
	pending[pending_count] = strdup(name);
	if (!pending[pending_count++])
		die("memory");
}

void names_open(void)
{
	int i;

	for (i = pending_count - 1; i >= 0; i--)
		if (name_open(pending[i]))
			name_forget(i);
}

void names_read(int fd)
{
	char events[8192] __attribute__((aligned(__alignof__(struct inotify_event))));
	int size = read(fd, events, sizeof(events)), i;
	const struct inotify_event *event;
	const char *at;

	for (at = events; at < events + size; at += sizeof(*event) + event->len) {
		event = (const void *)at;
		if (!event->len)
			continue;
		if (event->mask & IN_CREATE) {
			name_pend(event->name);
			continue;
		}
		for (i = pending_count - 1; i >= 0; i--)
			if (!strcmp(pending[i], event->name))
				name_forget(i);
		name_close(event->name);
	}
}

/* Count in a process's namespace that has no name. */
static void unnamed_look(const char *path, ino_t ino)
{
	struct ns *ns = ns_find(unnamed, ino);

	if (ns && ns->seen)
		return;
	if (!ns)
		ns = ns_new(&unnamed, "-", ino);
	if (!ns_enter(path))
		return;
	ns->seen = true;
	ns_open(ns, 0);
	ns_close(ns);
	ns_leave();
}

/* Scan the namespaces that only processes have, and hold none of them. */
void unnamed_scan(void)
{
	static ino_t named[NAMES_MAX];
	static int named_count;
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct stat stat_buf;
	struct ns **at, *ns;
	char path[32];
	int i;

	if (!proc)
		die("/proc");
	while ((entry = readdir(proc))) {
		if (*entry->d_name < '0' || *entry->d_name > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.10s/ns/net", entry->d_name);
		if (stat(path, &stat_buf) || ns_find(spaces, stat_buf.st_ino))
			continue;
		/* Skip a namespace whose name was just removed: its processes are about to end. */
		for (i = 0; i < named_count && named[i] != stat_buf.st_ino; i++)
			;
		if (i == named_count)
			unnamed_look(path, stat_buf.st_ino);
	}
	closedir(proc);
	for (at = &unnamed; (ns = *at);) {
		if (ns->seen) {
			ns->seen = false;
			at = &ns->next;
		} else {
			*at = ns->next;
			ns_free(ns);
		}
	}
	for (named_count = 0, ns = spaces; ns && named_count < NAMES_MAX; ns = ns->next)
		named[named_count++] = ns->ino;
}

void names_start(void)
{
	DIR *names = opendir(NETNS_DIR);
	struct dirent *entry;

	while (names && (entry = readdir(names)))
		if (*entry->d_name != '.')
			name_pend(entry->d_name);
	if (names)
		closedir(names);
	names_open();
}

void unnamed_free(void)
{
	struct ns *ns;

	while ((ns = unnamed)) {
		unnamed = ns->next;
		ns_free(ns);
	}
}
