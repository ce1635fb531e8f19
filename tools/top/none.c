// SPDX-License-Identifier: GPL-2.0
/*
 * In the place of screen.c where ncursesw was not there.
 * Copyright (C) the l2packet_counter authors
 */
#include "top/top.h"
#include "util/errors.h"

int top_screen(struct top *top)
{
	(void)top;
	error_print("top: needs --batch (l2pc was built without ncursesw)");
	return STATUS_FAILED;
}
