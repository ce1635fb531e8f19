// SPDX-License-Identifier: GPL-2.0
/*
 * failat WHAT ARGUMENT...: repeats an operation with its first allocation failing, then
 * with its second, and so on, until the operation makes no further allocation. Each time
 * the operation must return cleanly, and its effect must match its result.
 *
 *   load KO PARAMETERS    insmod; after a success, the module is unloaded
 *   unload KO PARAMETERS  rmmod, after an insmod without faults
 *   add IFNAME, del IFNAME, set IFNAME, get IFNAME
 *   dump STATIONS         dumps all stations; a complete dump has STATIONS
 *   reset                 resets all windows, over netlink
 *   proc-read LINES       reads the whole file, which has LINES lines
 *   proc-reset            writes reset to the file
 *
 * The caller configures where faults are injected (/sys/kernel/debug/failslab,
 * fail_page_alloc). Exits with status 0 when all results were right and at least one
 * allocation failed.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "genl.h"

#define MODULE	"l2packet_counter"
#define PROC	"/proc/" MODULE

static const char *what, *argument, *parameters = "";
static int nth_fd, family;
static unsigned int now;	/* the allocation that fails */

static void die(const char *why, long number)
{
	printf("failat %s: allocation %u: %s (%ld)\n", what, now, why, number);
	exit(1);
}

static void nth_set(unsigned int nth)
{
	char text[16];
	int size = sprintf(text, "%u", nth);

	if (pwrite(nth_fd, text, size, 0) != size)
		die("/proc/self/fail-nth cannot be written", errno);
}

/* Return whether the operation made fewer allocations than @now. */
static bool nth_left(void)
{
	char text[16] = {};

	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		die("/proc/self/fail-nth cannot be read", errno);
	return strtoul(text, NULL, 10) != 0;
}

/* Evaluate @call with allocation @now failing. */
#define WITH_FAULT(call) ({				\
	long with_result;				\
	nth_set(now);					\
	with_result = (call);				\
	if (with_result < 0)				\
		with_result = -errno;			\
	over = nth_left();				\
	nth_set(0);					\
	with_result;					\
})

static bool over;

/* --- the module ------------------------------------------------------------- */

static long load(int fd)
{
	return syscall(SYS_finit_module, fd, parameters, 0);
}

static long unload(void)
{
	return syscall(SYS_delete_module, MODULE, 0);
}

static bool loaded(void)
{
	return !access("/sys/module/" MODULE, F_OK);
}

static int ko_open(void)
{
	int fd = open(argument, O_RDONLY);

	if (fd < 0)
		die(argument, errno);
	return fd;
}

static long do_load(void)
{
	int fd = ko_open();
	long result = WITH_FAULT(load(fd));

	close(fd);
	if (!result && unload())
		die("the loaded module cannot be unloaded", errno);
	if (loaded())
		die("loading failed, but the module is loaded", result);
	if (!access(PROC, F_OK))
		die("the module is not loaded, but its file exists", result);
	return result;
}

static long do_unload(void)
{
	int fd = ko_open();
	long result;

	if (load(fd))
		die("cannot be loaded", errno);
	close(fd);
	result = WITH_FAULT(unload());
	if (result || loaded())
		die("unloading failed", result);
	return result;
}

/* --- netlink ---------------------------------------------------------------- */

static int fd_open(void)
{
	int fd = genl_socket();

	if (fd < 0)
		die("netlink", errno);
	return fd;
}

static unsigned char buffer[1 << 17] __attribute__((aligned(8)));
static unsigned long stations;	/* in the replies */

static void stations_count(const struct nlmsghdr *header)
{
	const unsigned char *at = (const unsigned char *)header + NLMSG_HDRLEN + GENL_HDRLEN;
	const unsigned char *end = (const unsigned char *)header + header->nlmsg_len;
	const struct nlattr *attribute;

	for (; at < end; at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)at;
		stations += (attribute->nla_type & NLA_TYPE_MASK) ==
			L2PC_A_STATIONS_STATION;
	}
}

/* Send the request and read all replies. Return 0, or -1 with errno. */
static long exchange(int fd, size_t size)
{
	struct nlmsghdr *header;
	ssize_t n;
	int error;

	stations = 0;
	if (send(fd, buffer, size, 0) < 0)
		return -1;
	for (;;) {
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0)
			return -1;
		for (header = (void *)buffer; NLMSG_OK(header, n);
		     header = NLMSG_NEXT(header, n)) {
			if (header->nlmsg_type == NLMSG_ERROR ||
			    header->nlmsg_type == NLMSG_DONE) {
				error = *(int *)NLMSG_DATA(header);
				errno = -error;
				return error ? -1 : 0;
			}
			stations_count(header);
		}
	}
}

static size_t request(int command, int flags, const char *name)
{
	struct nlmsghdr *header = (void *)buffer;
	struct genlmsghdr *genl = (void *)(buffer + NLMSG_HDRLEN);
	struct nlattr *attr = (void *)(genl + 1);

	memset(buffer, 0, 256);
	header->nlmsg_type = family;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	header->nlmsg_len = NLMSG_HDRLEN + GENL_HDRLEN;
	genl->cmd = command;
	genl->version = 1;
	if (name) {
		attr->nla_type = L2PC_A_PORT_IFNAME;
		attr->nla_len = NLA_HDRLEN + strlen(name) + 1;
		strcpy((char *)(attr + 1), name);
		header->nlmsg_len += NLA_ALIGN(attr->nla_len);
	}
	return header->nlmsg_len;
}

static void number_append(int type, uint32_t value)
{
	struct nlmsghdr *header = (void *)buffer;
	struct nlattr *attr = (void *)(buffer + header->nlmsg_len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + sizeof(value);
	memcpy(attr + 1, &value, sizeof(value));
	header->nlmsg_len += attr->nla_len;
}

static void family_get(void)
{
	int fd = fd_open();

	family = genl_family(fd);
	close(fd);
	if (!family)
		die("the family l2pc does not exist", 0);
}

static long command(int number, int flags, const char *name, bool with_fault)
{
	size_t size = request(number, flags, name);
	int fd = fd_open();
	long result;

	if (number == L2PC_CMD_PORT_SET) {
		/* Change the port's hook, which allocates. */
		number_append(L2PC_A_PORT_HOOK_WANTED, with_fault && now % 2 ?
			      L2PC_HOOK_WANTED_TAP : L2PC_HOOK_WANTED_RX_HANDLER);
		number_append(L2PC_A_PORT_MAX_STATIONS, 1000 + now);
		size = ((struct nlmsghdr *)buffer)->nlmsg_len;
	}
	if (with_fault) {
		result = WITH_FAULT(exchange(fd, size));
	} else {
		result = exchange(fd, size);
		if (result < 0)
			result = -errno;
	}
	close(fd);
	return result;
}

static void must(long result, const char *why)
{
	if (result)
		die(why, result);
}

static long do_port(int number)
{
	long result;

	if (number == L2PC_CMD_PORT_DEL)
		must(command(L2PC_CMD_PORT_ADD, 0, argument, false), "add");
	result = command(number, 0, argument, true);
	if (number == L2PC_CMD_PORT_ADD) {
		if (command(L2PC_CMD_PORT_DEL, 0, argument, false) != (result ? -ENOENT : 0))
			die("the port's existence does not match the reply", result);
	} else if (number == L2PC_CMD_PORT_DEL && result) {
		must(command(L2PC_CMD_PORT_DEL, 0, argument, false), "del");
	}
	return result;
}

static long do_dump(void)
{
	long result = command(L2PC_CMD_STATION_GET, NLM_F_DUMP, NULL, true);

	if (!result && stations != strtoul(argument, NULL, 10))
		die("a complete dump has a wrong number of stations", stations);
	return result;
}

/* --- the file --------------------------------------------------------------- */

static long proc_lines(int fd)
{
	long lines = 0;
	ssize_t n, i;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (i = 0; i < n; i++)
			lines += buffer[i] == '\n';
	return n < 0 ? -1 : lines;
}

static long do_proc(bool reset)
{
	int fd = open(PROC, O_RDWR);
	long result;

	if (fd < 0)
		die(PROC, errno);
	result = reset ? WITH_FAULT(write(fd, "reset", 5)) : WITH_FAULT(proc_lines(fd));
	close(fd);
	if (result >= 0 && result != (reset ? 5 : strtol(argument, NULL, 10)))
		die("incomplete read or write", result);
	return result < 0 ? result : 0;
}

static long do_operation(void)
{
	if (!strcmp(what, "load"))
		return do_load();
	if (!strcmp(what, "unload"))
		return do_unload();
	if (!strcmp(what, "add"))
		return do_port(L2PC_CMD_PORT_ADD);
	if (!strcmp(what, "del"))
		return do_port(L2PC_CMD_PORT_DEL);
	if (!strcmp(what, "set"))
		return do_port(L2PC_CMD_PORT_SET);
	if (!strcmp(what, "get"))
		return do_port(L2PC_CMD_PORT_GET);
	if (!strcmp(what, "dump"))
		return do_dump();
	if (!strcmp(what, "reset"))
		return command(L2PC_CMD_WINDOW_RESET, 0, NULL, true);
	if (!strcmp(what, "proc-read"))
		return do_proc(false);
	if (!strcmp(what, "proc-reset"))
		return do_proc(true);
	fprintf(stderr, "failat: unknown operation %s\n", what);
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned int errors = 0;
	long result;

	if (argc < 2)
		return 2;
	what = argv[1];
	argument = argc > 2 ? argv[2] : NULL;
	if (argc > 3)
		parameters = argv[3];
	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	if (nth_fd < 0)
		die("/proc/self/fail-nth", errno);
	if (!strstr(what, "load") && !strstr(what, "proc"))
		family_get();
	for (now = 1; !over; now++) {
		result = do_operation();
		if (over && result)
			die("the operation fails without a fault", result);
		if (result && result != -ENOMEM && result != -ENOBUFS)
			die("the error is not ENOMEM or ENOBUFS", result);
		errors += result != 0;
	}
	printf("failat %s: %u allocations failed, the operation failed with %u of them\n", what,
	       now - 2, errors);
	return now <= 2;
}
