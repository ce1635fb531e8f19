// SPDX-License-Identifier: GPL-2.0
/*
 * Changes the device type (ARPHRD) of a tap or tun device.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: linktype tap|tun DEV TYPE COMMAND [ARGUMENT...]
 * Creates DEV, or opens a persistent DEV that exists, sets its ARPHRD number to TYPE and
 * runs COMMAND. At the end, a persistent device keeps TYPE, and a created one is deleted.
 * Exits with the status of COMMAND.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "linktype: %s: %s\n", what, strerror(errno));
	exit(125);
}

int main(int argc, char **argv)
{
	struct ifreq request = { .ifr_flags = IFF_NO_PI };
	int fd, status;
	pid_t child;

	if (argc < 5 || (strcmp(argv[1], "tap") && strcmp(argv[1], "tun")))
		die("usage: linktype tap|tun DEV TYPE COMMAND [ARGUMENT...]");
	request.ifr_flags |= strcmp(argv[1], "tap") ? IFF_TUN : IFF_TAP;
	strncpy(request.ifr_name, argv[2], IFNAMSIZ - 1);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die(argv[2]);
	if (ioctl(fd, TUNSETLINK, atoi(argv[3])))
		die("TUNSETLINK");
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	if (waitpid(child, &status, 0) < 0)
		die("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
