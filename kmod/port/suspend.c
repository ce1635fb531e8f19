// SPDX-License-Identifier: GPL-2.0
/*
 * Suspension of the machine: reports it to the clock.
 * Copyright (C) the l2packet_counter authors
 *
 * By the kernel's tracepoint power:suspend_resume. A notifier of suspension is called much
 * earlier: frames arrive until the devices are suspended. Operations of syscore come last,
 * but not for suspend-to-idle.
 */
#include <linux/kconfig.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/power.h>

#include "engine/clock.h"
#include "suspend.h"

/* Preemption disabled; interrupts as well, but for suspend-to-idle. */
static void on_suspend_resume(void *data, const char *action, int value, bool start)
{
	/*
	 * In this order: the devices are suspended; the tick stops, for suspend-to-idle; the
	 * firmware is called. Each of them may be skipped.
	 */
	if (start && (!strcmp(action, "syscore_suspend") ||
		      !strcmp(action, "timekeeping_freeze") ||
		      !strcmp(action, "machine_suspend")))
		l2pc_clock_suspend();
}

/**
 * l2pc_suspend_init() - watch for suspensions
 *
 * A kernel without tracepoints reports none: the clock sees a suspension at its next reading.
 *
 * Context: process.
 * Return: 0 or an error.
 */
int l2pc_suspend_init(void)
{
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		return 0;
	return register_trace_suspend_resume(on_suspend_resume, NULL);
}

/**
 * l2pc_suspend_exit() - stop watching
 *
 * Context: process, sleeps until the tracepoint's callers have returned.
 */
void l2pc_suspend_exit(void)
{
	unregister_trace_suspend_resume(on_suspend_resume, NULL);
	tracepoint_synchronize_unregister();
}
