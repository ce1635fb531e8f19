/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's functions that kmod/engine uses, in userspace.
 *
 * include/user/ has the kernel's semantics, and must follow its changes. shim/custom/ is
 * adapted to the tests and implemented in shim.c. The .c files under test compile
 * unchanged with the two.
 *
 * A task is a thread, or a fiber (fiber.h). It is in process context until
 * shim_softirq_begin(). From then on it is on a simulated CPU, in softirq and in an RCU
 * read-side section, like the packet path.
 */
#ifndef SHIM_H
#define SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <pthread.h>

#include <linux/types.h>

#define SHIM_CPUS	4
#define SHIM_HZ		250

#define shim_assert(condition, what) \
	do { if (!(condition)) shim_die(__FILE__, __LINE__, what); } while (0)
void shim_die(const char *file, int line, const char *what)
	__attribute__((__noreturn__));

/*
 * @point: called wherever another CPU may run
 * @wait: called while waiting for another task; NULL: only other threads end the wait
 */
struct shim_task {
	int cpu;
	bool softirq;
	bool in_point;
	void (*point)(void);
	void (*wait)(void);
};

/* The running task: this thread's, or the fiber's that it runs. */
extern _Thread_local struct shim_task shim_thread;
extern _Thread_local struct shim_task *shim_fiber;
#define shim_self()	(shim_fiber ? shim_fiber : &shim_thread)

/*
 * Only tests with fibers have a hook here; without one the cost must be negligible. In
 * test_thread.c nothing may be shared here: it would order accesses that the kernel does
 * not order.
 */
static inline void shim_point(void)
{
	struct shim_task *task = shim_self();

	if (__builtin_expect(!task->point || task->in_point, 1))
		return;
	task->in_point = true;
	task->point();
	task->in_point = false;
}

void shim_wait(void);
void shim_softirq_begin(int cpu);
void shim_softirq_end(void);
int shim_cpu(void);
void shim_synchronize(void);

/* --- memory --- */

enum shim_kind {
	SHIM_KMALLOC,
	SHIM_KVMALLOC,
	SHIM_PERCPU,
};

/*
 * Which allocations fail. @nth: the nth from now, once (1: the next; 0: none).
 * @permille: this many of 1000, at random. @atomic, @sleeping: all of this kind.
 */
struct shim_faults {
	unsigned int nth;
	unsigned int permille;
	bool atomic;
	bool sleeping;
};

extern struct shim_faults shim_faults;

void *shim_alloc(size_t size, gfp_t gfp, enum shim_kind kind);
void *shim_alloc_array(size_t n, size_t size, gfp_t gfp, enum shim_kind kind);
void shim_free(const void *pointer, enum shim_kind kind);
void shim_free_atomic(const void *pointer, enum shim_kind kind);

/* Number of allocations: existing, made so far, failed on purpose. */
size_t shim_live(void);
size_t shim_live_bytes(void);
size_t shim_allocs(void);
size_t shim_failed(void);

/* --- clocks, random numbers --- */

unsigned long shim_jiffies(void);
u64 shim_jiffies_64(void);
u64 shim_boottime(void);
void shim_set_jiffies(unsigned long to);
void shim_set_boottime(u64 ns);
/* Advance both clocks by so many jiffies. */
void shim_tick(unsigned long by);

void shim_seed(u64 seed);
void shim_random_bytes(void *to, size_t size);

/* --- locks --- */

struct shim_mutex {
	pthread_mutex_t lock;
	struct shim_task *owner;
};

void shim_mutex_init(struct shim_mutex *mutex);
void shim_mutex_destroy(struct shim_mutex *mutex);
void shim_mutex_lock(struct shim_mutex *mutex);
void shim_mutex_unlock(struct shim_mutex *mutex);
bool shim_mutex_held(const struct shim_mutex *mutex);

/* --- TSan: ignore this thread's plain accesses --- */

#ifdef __SANITIZE_THREAD__
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);

#define shim_ignore_begin() \
	(AnnotateIgnoreReadsBegin(__FILE__, __LINE__), \
	 AnnotateIgnoreWritesBegin(__FILE__, __LINE__))
#define shim_ignore_end() \
	(AnnotateIgnoreWritesEnd(__FILE__, __LINE__), \
	 AnnotateIgnoreReadsEnd(__FILE__, __LINE__))
#else
#define shim_ignore_begin()	((void)0)
#define shim_ignore_end()	((void)0)
#endif

#endif
