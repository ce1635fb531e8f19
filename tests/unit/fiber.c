// SPDX-License-Identifier: GPL-2.0
/* Fibers, see fiber.h. */
#include <stdlib.h>
#include <string.h>

#include "fiber.h"
#include "shim.h"
#include "unit.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#define switch_begin(save, stack, size) \
	__sanitizer_start_switch_fiber(save, stack, size)
#define switch_end(save, stack, size) \
	__sanitizer_finish_switch_fiber(save, stack, size)
#else
#define switch_begin(save, stack, size)	((void)(save), (void)(stack), (void)(size))
#define switch_end(save, stack, size)	((void)(save), (void)(stack), (void)(size))
#endif

#define FIBERS_MAX	8
#define STACK_SIZE	(256 << 10)

/*
 * A run has millions of switches. swapcontext() calls the kernel for the signal mask at
 * each, which took more time than all the rest. Hence a custom switch on x86: the
 * callee-saved registers, and the stack.
 */
#ifdef __x86_64__
typedef void *context_t;

void fiber_switch(context_t *from, context_t to);
asm(".text\n"
    ".globl fiber_switch\n"
    ".type fiber_switch, @function\n"
    "fiber_switch:\n"
    "	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
    "	mov %rsp, (%rdi)\n"
    "	mov %rsi, %rsp\n"
    "	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	pop %rbp\n"
    "	ret\n"
    ".size fiber_switch, . - fiber_switch\n");

static void context_make(context_t *context, void *stack, size_t size, void (*run)(void))
{
	void **top = (void **)((char *)stack + size);

	/* The stack of a call of @run, without a return address and a caller's frame. */
	*--top = NULL;
	*--top = (void *)run;
	top -= 6;
	memset(top, 0, 6 * sizeof(*top));
	*context = top;
}

static void context_switch(context_t *from, context_t *to)
{
	fiber_switch(from, *to);
}
#else
#include <ucontext.h>

typedef ucontext_t context_t;

static void context_make(context_t *context, void *stack, size_t size, void (*run)(void))
{
	getcontext(context);
	context->uc_stack.ss_sp = stack;
	context->uc_stack.ss_size = size;
	context->uc_link = NULL;
	makecontext(context, run, 0);
}

static void context_switch(context_t *from, context_t *to)
{
	swapcontext(from, to);
}
#endif

struct fiber {
	struct shim_task task;
	context_t context;
	void *stack;
	void *fake_stack;
	void (*run)(void *argument);
	void *argument;
	bool done;
};

unsigned int fiber_stickiness = 4;

static struct fiber fibers[FIBERS_MAX];
static unsigned int fiber_count;
static struct fiber *fiber_now;
/* The suspended fiber; see fiber_choose(). */
static struct fiber *suspended;
static unsigned int suspended_for;
static context_t scheduler;
static void *scheduler_fake_stack;
static const void *scheduler_stack;
static size_t scheduler_stack_size;

void fiber_yield(void)
{
	struct fiber *fiber = fiber_now;

	switch_begin(&fiber->fake_stack, scheduler_stack, scheduler_stack_size);
	context_switch(&fiber->context, &scheduler);
	switch_end(fiber->fake_stack, &scheduler_stack, &scheduler_stack_size);
}

static void fiber_point(void)
{
	if (!unit_below(fiber_stickiness))
		fiber_yield();
}

static void fiber_main(void)
{
	struct fiber *fiber = fiber_now;

	switch_end(NULL, &scheduler_stack, &scheduler_stack_size);
	fiber->run(fiber->argument);
	fiber->done = true;
	switch_begin(NULL, scheduler_stack, scheduler_stack_size);
	context_switch(&fiber->context, &scheduler);
}

void fiber_start(void (*run)(void *argument), void *argument)
{
	struct fiber *fiber = &fibers[fiber_count++];

	shim_assert(fiber_count <= FIBERS_MAX, "too many fibers");
	fiber->task = (struct shim_task){
		.cpu = -1, .point = fiber_point, .wait = fiber_yield,
	};
	fiber->run = run;
	fiber->argument = argument;
	fiber->done = false;
	fiber->fake_stack = NULL;
	if (!fiber->stack)
		fiber->stack = malloc(STACK_SIZE);
	context_make(&fiber->context, fiber->stack, STACK_SIZE, fiber_main);
}

/*
 * Choose the next fiber: any that is not done. Occasionally a fiber is suspended, for up
 * to a thousand switches: a CPU in the middle of a frame during a whole fold. Equal
 * chances alone would never test that.
 */
static struct fiber *fiber_choose(void)
{
	struct fiber *ready[FIBERS_MAX];
	unsigned int index, count = 0;

	if (suspended_for)
		suspended_for--;
	else if (!unit_below(16)) {
		suspended = &fibers[unit_below(fiber_count)];
		suspended_for = unit_below(1U << unit_below(11));
	}
	for (index = 0; index < fiber_count; index++)
		if (!fibers[index].done && !(suspended_for && &fibers[index] == suspended))
			ready[count++] = &fibers[index];
	if (count)
		return ready[unit_below(count)];
	suspended_for = 0;
	return suspended && !suspended->done ? suspended : NULL;
}

void fiber_run_all(void)
{
	suspended = NULL;
	suspended_for = 0;
	while ((fiber_now = fiber_choose())) {
		shim_fiber = &fiber_now->task;
		switch_begin(&scheduler_fake_stack, fiber_now->stack, STACK_SIZE);
		context_switch(&scheduler, &fiber_now->context);
		switch_end(scheduler_fake_stack, NULL, NULL);
		shim_fiber = NULL;
	}
	fiber_count = 0;
}
