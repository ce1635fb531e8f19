/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The harness: TEST(name) { ... CHECK(...) ... }. Each test runs in a process of
 * its own, so that a crash, a sanitizer's report or a hang is that test's FAIL
 * line and not the end of the others.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdint.h>

struct unit_test {
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

void unit_register(struct unit_test *test);
void unit_fail(const char *file, int line, const char *format, ...)
	__attribute__((__noreturn__, __format__(__printf__, 3, 4)));

#define TEST(test)							\
	static void test(void);						\
	static struct unit_test test##_test = { #test, test, 0 };	\
	static void __attribute__((__constructor__)) test##_register(void) \
	{ unit_register(&test##_test); }				\
	static void test(void)

#define CHECK(condition)						\
	do {								\
		if (!(condition))					\
			unit_fail(__FILE__, __LINE__, "%s", #condition); \
	} while (0)

#define CHECK_EQ(x, y)							\
	do {								\
		unsigned long long eq_x = (x), eq_y = (y);		\
		if (eq_x != eq_y)					\
			unit_fail(__FILE__, __LINE__,			\
				  "%s is %llu, %s is %llu",		\
				  #x, eq_x, #y, eq_y);			\
	} while (0)

/* Says which random sequence is running; a failure shows it. */
void unit_seed(uint64_t seed);

/* A generator of its own, not shared with the code under test. */
uint64_t unit_random(void);
uint32_t unit_below(uint32_t bound);

/* How many seeds of @count to run: UNIT_SEEDS percent of them. */
uint32_t unit_seeds(uint32_t count);

/* Does @run abort, or die of a sanitizer? Its stderr is thrown away. */
bool unit_dies(void (*run)(void));

#endif
