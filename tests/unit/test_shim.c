// SPDX-License-Identifier: GPL-2.0
/* The shim itself: forbidden calls must abort. */
#include <linux/atomic.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <string.h>

#include "engine.h"
#include "fiber.h"

static struct mutex lock;

static void sleeps(void)
{
	shim_softirq_begin(0);
	kfree(kmalloc(8, GFP_KERNEL));
}

static void waits_in_softirq(void)
{
	shim_softirq_begin(0);
	synchronize_net();
}

static void locks_in_softirq(void)
{
	mutex_init(&lock);
	shim_softirq_begin(0);
	mutex_lock(&lock);
}

static void has_no_cpu(void)
{
	static int counters[SHIM_CPUS * SHIM_PERCPU_STRIDE];

	++*this_cpu_ptr(&counters[0]);
}

static void not_held(void)
{
	mutex_init(&lock);
	lockdep_assert_held(&lock);
}

static void frees_twice(void)
{
	char *pointer = kmalloc(8, GFP_ATOMIC);

	kfree(pointer);
	kfree(pointer);
}

static void frees_as_kmalloc(void)
{
	kfree(kvmalloc(8, GFP_KERNEL));
}

static void writes_before(void)
{
	volatile char *pointer = kmalloc(8, GFP_ATOMIC);

	pointer[-1] = 1;
}

static void writes_behind(void)
{
	volatile char *pointer = kmalloc(8, GFP_ATOMIC);

	pointer[8] = 1;
}

TEST(forbidden)
{
	CHECK(unit_dies(sleeps));
	CHECK(unit_dies(waits_in_softirq));
	CHECK(unit_dies(locks_in_softirq));
	CHECK(unit_dies(has_no_cpu));
	CHECK(unit_dies(not_held));
	CHECK(unit_dies(frees_twice));
	CHECK(unit_dies(frees_as_kmalloc));
#ifdef __SANITIZE_ADDRESS__
	CHECK(unit_dies(writes_before));
	CHECK(unit_dies(writes_behind));
#else
	(void)writes_before;
	(void)writes_behind;
#endif
}

TEST(faults)
{
	static const char zeros[16], filled[16] = { [0 ... 15] = (char)0xa5 };
	char *pointer;

	shim_faults.nth = 2;
	pointer = kmalloc(16, GFP_ATOMIC);
	CHECK(pointer && !memcmp(pointer, filled, 16));
	CHECK(!kvmalloc(16, GFP_KERNEL));
	kfree(pointer);
	pointer = kvzalloc(16, GFP_KERNEL);
	CHECK(pointer && !memcmp(pointer, zeros, 16));
	CHECK_EQ(shim_live(), 1);
	kvfree(pointer);
	shim_faults.atomic = true;
	CHECK(!kmalloc(16, GFP_ATOMIC));
	pointer = kmalloc(16, GFP_KERNEL);
	CHECK(pointer);
	kvfree(pointer);
	CHECK(!kvmalloc_array(~0UL / 2, 4, GFP_KERNEL));
	CHECK_EQ(shim_failed(), 2);
}

/* A writer and a reader of a message, and a grace period that has to wait. */
static bool freed, reading;
static int *shared;

static void reader(void *argument)
{
	int *mine;

	(void)argument;
	shim_softirq_begin(1);
	mine = READ_ONCE(shared);
	reading = true;
	while (!READ_ONCE(freed) && unit_below(100))
		if (mine)
			CHECK_EQ(*mine, 42);
	reading = false;
	shim_softirq_end();
}

static void writer(void *argument)
{
	int *old;

	(void)argument;
	old = xchg(&shared, NULL);
	synchronize_net();
	CHECK(!reading || !READ_ONCE(shared));
	*old = 0;
	WRITE_ONCE(freed, true);
	kfree(old);
}

TEST(grace_period)
{
	unsigned int seed;

	for (seed = 0; seed < 500; seed++) {
		unit_seed(seed);
		shared = kmalloc(sizeof(*shared), GFP_KERNEL);
		*shared = 42;
		freed = false;
		fiber_start(reader, NULL);
		fiber_start(writer, NULL);
		fiber_run_all();
	}
}

TEST(minmax)
{
	CHECK_EQ(min(3, 4), 3);
	CHECK_EQ(max3(3, 5, 4), 5);
	CHECK_EQ(clamp_t(u8, 3, 4, 26), 4);
	CHECK_EQ(clamp_t(u8, 30, 4, 26), 26);
}
