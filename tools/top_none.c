// SPDX-License-Identifier: GPL-2.0
/*
 * In the place of top_screen.c where ncursesw was not there.
 * Copyright (C) the l2packet_counter authors
 */
#include "complain.h"
#include "top.h"

int top_screen(struct top *top)
{
	(void)top;
	complain("top needs ncursesw, and this l2pc was built without it; l2pc top --batch works");
	return STATUS_FAILED;
}
