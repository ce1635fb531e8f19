/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The harness: TEST(name) { ... CHECK(...) ... }. Each test runs in its own process.
 * After a crash, a sanitizer's report or a hang that test FAILs, and the others run.
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
			unit_fail(__FILE__, __LINE__, "expected %s", #condition); \
	} while (0)

#define CHECK_EQ(x, y)							\
	do {								\
		unsigned long long eq_x = (x), eq_y = (y);		\
		if (eq_x != eq_y)					\
			unit_fail(__FILE__, __LINE__,			\
				  "%s: expected %llu (%s), got %llu",	\
				  #x, eq_y, #y, eq_x);			\
	} while (0)

/* Seed the random sequence; a failure shows the seed. */
void unit_seed(uint64_t seed);

/* Get a random number, from a generator that the code under test does not use. */
uint64_t unit_random(void);
uint32_t unit_below(uint32_t bound);

/* Get the number of seeds to run: UNIT_SEEDS percent of @count. */
uint32_t unit_seeds(uint32_t count);

/* Check that @run aborts, or is ended by a sanitizer. Discards its stderr. */
bool unit_dies(void (*run)(void));

#endif
