/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Locking a file that is replaced: who reads it, changes that and puts it in its place
 * does so alone.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_LOCK_H
#define L2PC_TOOL_LOCK_H

/* How long another is waited for. */
#define LOCK_SECONDS	10

/**
 * lock_acquire() - lock a file, by another one beside it
 * @name: the file, or a link to it; FILE.lock is made where there is none, and stays
 *
 * Return: a file descriptor, which is closed to unlock; or a negative errno. -EBUSY:
 * another has had it all the time
 */
int lock_acquire(const char *name);

/**
 * lock_print_busy() - report that another process holds it
 * @name: the file
 * @verb: that locks it
 */
void lock_print_busy(const char *name, const char *verb);

#endif /* L2PC_TOOL_LOCK_H */
