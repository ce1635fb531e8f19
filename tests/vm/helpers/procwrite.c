// SPDX-License-Identifier: GPL-2.0
/*
 * Writes its argument to /proc/l2packet_counter with one write(2), also when the
 * argument is empty, which shell tools do not. Prints "ok" or the error.
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
