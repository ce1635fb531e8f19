// SPDX-License-Identifier: GPL-2.0
/*
 * Characters in UTF-8 (RFC 3629).
 * Copyright (C) the l2packet_counter authors
 */
#include <ctype.h>

#include "util/utf8.h"

size_t utf8_size(const unsigned char *s)
{
	size_t size;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	size = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < size; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return size;
}

bool utf8_is_escaped(const unsigned char *s)
{
	return !utf8_size(s) || (s[0] == '\\' && s[1] == 'x' && isxdigit(s[2]) && isxdigit(s[3]));
}
