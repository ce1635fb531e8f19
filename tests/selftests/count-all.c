// SPDX-License-Identifier: GPL-2.0
/*
 * Counts every Ethernet interface of every network namespace, as soon as it exists.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: count-all
 * Prints "ready" once it watches, and ends on SIGTERM. What it then prints, a line
 * each, with tabs:
 *   ports PORTS GONE FRAMES SKIPPED
 *                            interfaces added, interfaces that were gone before they
 *                            were added, frames counted, frames skipped
 *   refused NETNS DEV KIND REASON
 *                            an Ethernet interface that the module did not take
 *
 * A namespace with a name (/run/netns) is watched by a netlink socket in it. The
 * socket keeps the namespace alive, so it is closed when the name goes: what
 * `ip netns del` starts is delayed by milliseconds. A namespace without a name, of a
 * process only, is looked through each SCAN_MS, and nothing of it is held.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "genl.h"

#define NETNS_DIR	"/run/netns"
#define SCAN_MS		500
#define NAMES_MAX	256

/* A device that was added, or refused: not tried again while it exists. */
struct link {
	int ifindex;
	struct link *next;
};

struct ns {
	char name[NAME_MAX + 1];
	ino_t ino;
	bool seen;	/* without a name: a process is in it */
	int link_fd;	/* NETLINK_ROUTE, link events */
	int l2pc_fd;	/* NETLINK_GENERIC */
	struct link *links;
	uint64_t deleted[2];	/* frames and skipped frames of ports deleted here */
	uint64_t now[2];	/* of those that are there */
	struct ns *next;
};

static struct ns *spaces, *unnamed;
static char *pending[NAMES_MAX];	/* names that are not yet mounted */
static int pending_count;
static int home;
static uint16_t family;
static unsigned int ports, gone;
static uint64_t counted[2];
static char buffer[65536] __attribute__((aligned(NLMSG_ALIGNTO)));

static void die(const char *what)
{
	fprintf(stderr, "count-all: %s: %s\n", what, strerror(errno));
	exit(1);
}

static const void *attr_find(const void *at, int size, int type, int *length)
{
	const struct rtattr *attr;

	for (attr = at; RTA_OK(attr, size); attr = RTA_NEXT(attr, size)) {
		if ((attr->rta_type & NLA_TYPE_MASK) == type) {
			if (length)
				*length = RTA_PAYLOAD(attr);
			return RTA_DATA(attr);
		}
	}
	return NULL;
}

static uint64_t attr_u64(const void *at, int size, int type)
{
	const void *data = attr_find(at, size, type, NULL);
	uint64_t value = 0;

	if (data)
		memcpy(&value, data, sizeof(value));
	return value;
}

/* --- the module -------------------------------------------------------------- */

/* Sends a command with an interface's name; 0, or an errno with the module's words. */
static int l2pc_request(int fd, int command, const char *ifname, char reason[256])
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
		struct nlattr name;
		char text[NLA_ALIGN(IFNAMSIZ)];
	} request = {
		.nlh = {
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.genl = { .cmd = command, .version = L2PC_FAMILY_VERSION },
		.name = { .nla_type = L2PC_A_PORT_IFNAME },
	};
	const struct nlmsghdr *nlh = (const void *)buffer;
	const struct nlmsgerr *answer;
	const char *words;
	int skip;

	request.name.nla_len = NLA_HDRLEN + strlen(ifname) + 1;
	request.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN + NLA_ALIGN(request.name.nla_len));
	snprintf(request.text, sizeof(request.text), "%s", ifname);
	if (send(fd, &request, request.nlh.nlmsg_len, 0) < 0 || recv(fd, buffer, sizeof(buffer), 0) < 0)
		die("request");
	if (nlh->nlmsg_type != NLMSG_ERROR) {
		errno = EPROTO;
		die("request");
	}
	answer = NLMSG_DATA(nlh);
	skip = NLMSG_LENGTH(sizeof(*answer));
	if (answer->error && !(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += answer->msg.nlmsg_len - NLMSG_HDRLEN;
	words = nlh->nlmsg_flags & NLM_F_ACK_TLVS ?
		attr_find(buffer + skip, nlh->nlmsg_len - skip, NLMSGERR_ATTR_MSG, NULL) : NULL;
	snprintf(reason, 256, "%s", words ? words : strerror(-answer->error));
	return -answer->error;
}

/*
 * Adds up what the ports of a namespace have counted; with @idle, collects the names of
 * those without a device, and returns how many.
 */
static int l2pc_sum(struct ns *ns, char (*idle)[IFNAMSIZ], uint64_t *idle_counted)
{
	uint64_t sums[2] = { 0 };
	int idle_count = 0;

	if (genl_dump(ns->l2pc_fd, family, L2PC_CMD_PORT_GET))
		die("dump");
	for (;;) {
		int size = recv(ns->l2pc_fd, buffer, sizeof(buffer), 0);
		const struct nlmsghdr *nlh;

		if (size < 0)
			die("dump");
		for (nlh = (const void *)buffer; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			const char *at = (const char *)nlh + NLMSG_HDRLEN + GENL_HDRLEN;
			int length = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, totals_length = 0;
			const void *totals;
			const uint32_t *ifindex;
			const char *name;
			uint64_t packets, skipped;

			if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
				ns->now[0] = sums[0];
				ns->now[1] = sums[1];
				return idle_count;
			}
			totals = attr_find(at, length, L2PC_A_PORT_LIFETIME, &totals_length);
			packets = attr_u64(totals, totals_length, L2PC_A_TOTALS_PACKETS);
			skipped = attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_MULTICAST) +
				attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_BROADCAST) +
				attr_u64(totals, totals_length, L2PC_A_TOTALS_SKIPPED_INVALID);
			sums[0] += packets;
			sums[1] += skipped;
			ifindex = attr_find(at, length, L2PC_A_PORT_IFINDEX, NULL);
			name = attr_find(at, length, L2PC_A_PORT_IFNAME, NULL);
			if (idle && name && (!ifindex || !*ifindex)) {
				snprintf(idle[idle_count++], IFNAMSIZ, "%s", name);
				idle_counted[0] += packets;
				idle_counted[1] += skipped;
			}
		}
	}
}

/* Deletes the ports whose devices are gone: a namespace has only so many. */
static void l2pc_prune(struct ns *ns)
{
	static char idle[NAMES_MAX][IFNAMSIZ];
	char reason[256];
	int count = l2pc_sum(ns, idle, ns->deleted), i;

	for (i = 0; i < count; i++)
		l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_DEL, idle[i], reason);
}

/* --- devices ----------------------------------------------------------------- */

static struct link **link_find(struct ns *ns, int ifindex)
{
	struct link **at;

	for (at = &ns->links; *at && (*at)->ifindex != ifindex; at = &(*at)->next)
		;
	return at;
}

static void link_add(struct ns *ns, int ifindex, const char *ifname, const char *kind)
{
	struct link *link;
	char reason[256];
	int err;

	err = l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_ADD, ifname, reason);
	if (err == ENOSPC) {
		l2pc_prune(ns);
		err = l2pc_request(ns->l2pc_fd, L2PC_CMD_PORT_ADD, ifname, reason);
	}
	/* Deleted, or called otherwise: then another event follows. */
	if (err == ENODEV) {
		gone++;
		return;
	}
	/* A port without a device was waiting for this one. */
	if (!err || err == EEXIST)
		ports++;
	else
		printf("refused\t%s\t%s\t%s\t%s\n", ns->name, ifname, kind, reason);
	link = malloc(sizeof(*link));
	if (!link)
		die("memory");
	link->ifindex = ifindex;
	link->next = ns->links;
	ns->links = link;
}

static void link_message(struct ns *ns, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *info = NLMSG_DATA(nlh);
	int length = nlh->nlmsg_len - NLMSG_LENGTH(sizeof(*info)), nest_length = 0;
	const void *attrs = (const char *)info + NLMSG_ALIGN(sizeof(*info)), *nest;
	const char *ifname, *kind = NULL;
	char name[IFNAMSIZ], what[64];
	struct link **at;

	/* A bridge tells of its ports in the same group. */
	if (info->ifi_family != AF_UNSPEC)
		return;
	at = link_find(ns, info->ifi_index);
	if (nlh->nlmsg_type == RTM_DELLINK) {
		struct link *link = *at;

		if (link) {
			*at = link->next;
			free(link);
		}
		return;
	}
	ifname = attr_find(attrs, length, IFLA_IFNAME, NULL);
	if (*at || !ifname || info->ifi_type != ARPHRD_ETHER || info->ifi_flags & IFF_LOOPBACK)
		return;
	nest = attr_find(attrs, length, IFLA_LINKINFO, &nest_length);
	if (nest)
		kind = attr_find(nest, nest_length, IFLA_INFO_KIND, NULL);
	snprintf(name, sizeof(name), "%s", ifname);
	snprintf(what, sizeof(what), "%s", kind ? kind : "-");
	link_add(ns, info->ifi_index, name, what);
}

static void link_dump(const struct ns *ns)
{
	const struct {
		struct nlmsghdr nlh;
		struct ifinfomsg info;
	} request = {
		.nlh = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};

	if (send(ns->link_fd, &request, sizeof(request), 0) < 0)
		die("links");
}

/*
 * Reads what the socket has: events, and the answer to a dump. Until the dump's end
 * with @dump, else as far as there is something.
 */
static void link_read(struct ns *ns, bool dump)
{
	/* Requests to the module are made meanwhile. */
	static char events[65536] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh;

	for (;;) {
		int size = recv(ns->link_fd, events, sizeof(events), dump ? 0 : MSG_DONTWAIT);

		if (size < 0 && errno == EAGAIN)
			return;
		/* Events were lost. */
		if (size < 0 && errno == ENOBUFS) {
			link_dump(ns);
			continue;
		}
		if (size < 0)
			die("events");
		for (nlh = (const void *)events; NLMSG_OK(nlh, size); nlh = NLMSG_NEXT(nlh, size)) {
			if (nlh->nlmsg_type == RTM_NEWLINK || nlh->nlmsg_type == RTM_DELLINK)
				link_message(ns, nlh);
			else if (dump && (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR))
				return;
		}
	}
}

/* --- namespaces --------------------------------------------------------------- */

static struct ns *ns_new(struct ns **list, const char *name, ino_t ino)
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

/* Opens sockets in the namespace that we are in, and adds the interfaces there. */
static void ns_open(struct ns *ns, int groups)
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

static void ns_close(struct ns *ns)
{
	l2pc_sum(ns, NULL, NULL);
	close(ns->l2pc_fd);
	close(ns->link_fd);
}

static void ns_free(struct ns *ns)
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

/* Enters the namespace of a file; false: it is none (yet), or gone. */
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

/* Begins to watch a name; true: it is done, or there is nothing to be done. */
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

static void names_open(void)
{
	int i;

	for (i = pending_count - 1; i >= 0; i--)
		if (name_open(pending[i]))
			name_forget(i);
}

static void names_read(int fd)
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

/* What a process is in, and has no name. */
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

/* Looks through the namespaces that only processes have, and holds none of them. */
static void unnamed_scan(void)
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
		/* Not one whose name has just gone, and whose processes are about to go. */
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

/* --------------------------------------------------------------------------- */

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void names_begin(void)
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
	names_begin();
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
		/* Last: it may close some of them. */
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
	while ((ns = unnamed)) {
		unnamed = ns->next;
		ns_free(ns);
	}
	printf("ports\t%u\t%u\t%llu\t%llu\n", ports, gone, (unsigned long long)counted[0],
	       (unsigned long long)counted[1]);
	return 0;
}
