// SPDX-License-Identifier: GPL-2.0
/*
 * One write(2) of its argument to /proc/l2packet_counter, which no shell tool
 * does for an empty one. Prints "ok" or what the kernel said.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = open("/proc/l2packet_counter", O_WRONLY);

	if (argc != 2 || fd < 0)
		return 2;
	puts(write(fd, argv[1], strlen(argv[1])) < 0 ? strerror(errno) : "ok");
	return 0;
}
