// SPDX-License-Identifier: GPL-2.0
/* Implementation of shim/custom/: memory, clocks, CPUs, grace periods, mutexes. */
#include <sched.h>
#include <stdint.h>
#include <string.h>

#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <shim.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(pointer, size)	((void)(pointer))
#define ASAN_UNPOISON_MEMORY_REGION(pointer, size)	((void)(pointer))
#endif

void shim_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	abort();
}

/* --- tasks and CPUs --- */

_Thread_local struct shim_task shim_thread = { .cpu = -1 };
_Thread_local struct shim_task *shim_fiber;

/* Odd while the CPU is in an RCU read-side section; a cache line each. */
static struct {
	unsigned int sequence;
	char pad[60];
} cpus[SHIM_CPUS];

void shim_wait(void)
{
	if (shim_self()->wait)
		shim_self()->wait();
	else
		sched_yield();
}

void shim_softirq_begin(int cpu)
{
	unsigned int before;

	shim_assert(!shim_self()->softirq, "softirq in softirq");
	shim_self()->softirq = true;
	shim_self()->cpu = cpu;
	before = __atomic_fetch_add(&cpus[cpu].sequence, 1, __ATOMIC_SEQ_CST);
	shim_assert(!(before & 1), "two softirqs on one CPU");
}

void shim_softirq_end(void)
{
	shim_assert(shim_self()->softirq, "not in softirq");
	__atomic_fetch_add(&cpus[shim_self()->cpu].sequence, 1, __ATOMIC_SEQ_CST);
	shim_self()->softirq = false;
	shim_self()->cpu = -1;
}

int shim_cpu(void)
{
	shim_assert(shim_self()->softirq, "this_cpu_*() outside of softirq");
	return shim_self()->cpu;
}

/* Wait until every CPU that was in a read-side section at the call has left it. */
void shim_synchronize(void)
{
	unsigned int seen[SHIM_CPUS];
	unsigned int loops = 0;
	int cpu;

	shim_assert(!shim_self()->softirq, "sleeping in softirq");
	shim_point();
	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		seen[cpu] = __atomic_fetch_add(&cpus[cpu].sequence, 0,
					       __ATOMIC_SEQ_CST);
	for (cpu = 0; cpu < SHIM_CPUS; cpu++) {
		if (!(seen[cpu] & 1))
			continue;
		while (__atomic_load_n(&cpus[cpu].sequence, __ATOMIC_ACQUIRE) ==
		       seen[cpu]) {
			shim_assert(++loops < 100000000, "grace period does not end");
			shim_wait();
		}
	}
	shim_point();
}

/* --- random numbers: splitmix64 --- */

static u64 random_state;

static u64 random_next(u64 *state)
{
	u64 x = *state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

void shim_seed(u64 seed)
{
	__atomic_store_n(&random_state, seed, __ATOMIC_RELAXED);
}

void shim_random_bytes(void *to, size_t size)
{
	while (size) {
		u64 state = __atomic_fetch_add(&random_state,
					       0x9e3779b97f4a7c15ULL,
					       __ATOMIC_RELAXED);
		u64 word = random_next(&state);
		size_t n = size < sizeof(word) ? size : sizeof(word);

		memcpy(to, &word, n);
		to = (char *)to + n;
		size -= n;
	}
}

/* --- memory --- */

#define HEADER_MAGIC	0x6c327063U

/* The header of each allocation, poisoned while the allocation exists. */
struct header {
	unsigned int magic;
	enum shim_kind kind;
	size_t size;
	char pad[64 - 2 * sizeof(int) - sizeof(size_t)];
};

_Static_assert(sizeof(struct header) == 64, "keeps a cache line's alignment");

struct shim_faults shim_faults;
static size_t live, live_bytes, allocs, failed;

static bool fault(gfp_t gfp)
{
	u32 chance;

	if (shim_faults.nth && !--shim_faults.nth)
		return true;
	if (gfp & __GFP_DIRECT_RECLAIM ? shim_faults.sleeping : shim_faults.atomic)
		return true;
	if (!shim_faults.permille)
		return false;
	shim_random_bytes(&chance, sizeof(chance));
	return chance % 1000 < shim_faults.permille;
}

void *shim_alloc(size_t size, gfp_t gfp, enum shim_kind kind)
{
	struct header *header;
	void *pointer;

	shim_assert(!shim_self()->softirq || !(gfp & __GFP_DIRECT_RECLAIM),
		    "sleeping allocation in softirq");
	shim_assert(!shim_self()->softirq || kind == SHIM_KMALLOC,
		    "kvmalloc in softirq");
	shim_point();
	__atomic_fetch_add(&allocs, 1, __ATOMIC_RELAXED);
	/* KMALLOC_MAX_SIZE; kvmalloc() refuses more than INT_MAX. */
	if (fault(gfp) || size > (kind == SHIM_KMALLOC ? 4UL << 20 : INT32_MAX) ||
	    posix_memalign(&pointer, sizeof(*header), size + sizeof(*header))) {
		__atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	header = pointer;
	header->magic = HEADER_MAGIC;
	header->kind = kind;
	header->size = size;
	pointer = header + 1;
	memset(pointer, gfp & __GFP_ZERO ? 0 : 0xa5, size);
	ASAN_POISON_MEMORY_REGION(header, sizeof(*header));
	__atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&live_bytes, size, __ATOMIC_RELAXED);
	return pointer;
}

void *shim_alloc_array(size_t n, size_t size, gfp_t gfp, enum shim_kind kind)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return shim_alloc(bytes, gfp, kind);
}

void shim_free(const void *pointer, enum shim_kind kind)
{
	shim_assert(!pointer || !shim_self()->softirq || kind != SHIM_KVMALLOC,
		    "kvfree in softirq");
	shim_free_atomic(pointer, kind);
}

void shim_free_atomic(const void *pointer, enum shim_kind kind)
{
	struct header *header;

	if (!pointer)
		return;
	shim_point();
	header = (struct header *)(uintptr_t)pointer - 1;
	ASAN_UNPOISON_MEMORY_REGION(header, sizeof(*header));
	shim_assert(header->magic == HEADER_MAGIC, "freed what was not allocated");
	shim_assert(header->kind == kind ||
		    (kind == SHIM_KVMALLOC && header->kind == SHIM_KMALLOC),
		    "freed by the wrong function");
	header->magic = 0;
	__atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&live_bytes, header->size, __ATOMIC_RELAXED);
	free(header);
}

size_t shim_live(void)
{
	return __atomic_load_n(&live, __ATOMIC_RELAXED);
}

size_t shim_live_bytes(void)
{
	return __atomic_load_n(&live_bytes, __ATOMIC_RELAXED);
}

size_t shim_allocs(void)
{
	return __atomic_load_n(&allocs, __ATOMIC_RELAXED);
}

size_t shim_failed(void)
{
	return __atomic_load_n(&failed, __ATOMIC_RELAXED);
}

/* --- clocks --- */

_Atomic unsigned long jiffies = 0xffffffffUL - 300UL * SHIM_HZ;
static u64 now_boottime = 1000000000000ULL;

unsigned long shim_jiffies(void)
{
	return jiffies;
}

u64 shim_boottime(void)
{
	return __atomic_load_n(&now_boottime, __ATOMIC_RELAXED);
}

/* The upper half of jiffies_64, where a long has 32 bits. */
static u64 jiffies_high;

u64 shim_jiffies_64(void)
{
	return __atomic_load_n(&jiffies_high, __ATOMIC_RELAXED) + jiffies;
}

void shim_set_jiffies(unsigned long to)
{
	if (sizeof(to) == 4 && to < jiffies)
		__atomic_add_fetch(&jiffies_high, 1ULL << 32, __ATOMIC_RELAXED);
	jiffies = to;
}

void shim_set_boottime(u64 ns)
{
	__atomic_store_n(&now_boottime, ns, __ATOMIC_RELAXED);
}

void shim_tick(unsigned long by)
{
	shim_set_jiffies(shim_jiffies() + by);
	shim_set_boottime(shim_boottime() + by * (1000000000ULL / SHIM_HZ));
}

/* --- mutexes --- */

void shim_mutex_init(struct shim_mutex *mutex)
{
	pthread_mutex_init(&mutex->lock, NULL);
	mutex->owner = NULL;
}

void shim_mutex_destroy(struct shim_mutex *mutex)
{
	shim_assert(!pthread_mutex_destroy(&mutex->lock), "destroyed while held");
}

bool shim_mutex_held(const struct shim_mutex *mutex)
{
	return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == shim_self();
}

void shim_mutex_lock(struct shim_mutex *mutex)
{
	shim_assert(!shim_self()->softirq, "sleeping in softirq");
	shim_assert(!shim_mutex_held(mutex), "locked twice");
	shim_point();
	if (shim_self()->wait)
		while (pthread_mutex_trylock(&mutex->lock))
			shim_wait();
	else
		pthread_mutex_lock(&mutex->lock);
	__atomic_store_n(&mutex->owner, shim_self(), __ATOMIC_RELAXED);
}

void shim_mutex_unlock(struct shim_mutex *mutex)
{
	shim_assert(shim_mutex_held(mutex), "unlocked by another task");
	__atomic_store_n(&mutex->owner, NULL, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&mutex->lock);
	shim_point();
}
