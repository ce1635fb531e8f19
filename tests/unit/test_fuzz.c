// SPDX-License-Identifier: GPL-2.0
/* The engine's corpus of tests/fuzz, replayed. */

#include "../fuzz/engine.c"
#include "corpus.h"

TEST(corpus)
{
	CHECK(corpus_replay("../fuzz/corpus.txt") >= 100);
}
