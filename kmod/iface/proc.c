// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/l2packet_counter: the view in the frozen format.
 * Copyright (C) the l2packet_counter authors
 *
 * A read at offset 0 takes a snapshot of every port of the reader's network namespace.
 * Further reads show the same snapshot. So the total is the sum of the rows, whatever
 * arrives concurrently. The format has received frames only.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "engine/snapshot.h"
#include "engine/sort.h"
#include "port/list.h"
#include "port/port.h"
#include "port/reset.h"
#include "port/timer.h"
#include "proc.h"

#define PROC_NAME	KBUILD_MODNAME

/*
 * Maximum number of snapshots of unprivileged readers. A reader that opens the file a
 * thousand times and reads a byte each gets -EAGAIN, and does not exhaust host memory.
 * Root of a user namespace is unprivileged.
 */
#define PROC_SNAPSHOTS_MAX	64

static atomic_t proc_snapshots = ATOMIC_INIT(0);

/**
 * struct proc_block - one port in the file
 * @name: the interface
 * @packets: total of received frames: rows and untracked
 * @untracked: received frames without a station
 * @rows: stations that frames were received from, busiest first
 * @count: number of @rows
 */
struct proc_block {
	char name[IFNAMSIZ];
	u64 packets;
	u64 untracked;
	struct l2pc_sort_row *rows;
	u32 count;
};

/**
 * struct proc_view - an open file
 * @net: the reader's namespace; a reference
 * @limited: the snapshot counts towards PROC_SNAPSHOTS_MAX
 * @blocks: the snapshot
 * @count: number of @blocks
 * @block: the reader's position: index of the block,
 * @line: and the line in it: 0 is the header, then come the rows
 * @pos: the same position in the file, in lines
 *
 * seq_file's own mutex serialises all use.
 */
struct proc_view {
	struct net *net;
	bool limited;
	struct proc_block *blocks;
	unsigned int count;
	unsigned int block;
	u32 line;
	loff_t pos;
};

static void view_free(struct proc_view *view)
{
	unsigned int i;

	for (i = 0; i < view->count; i++)
		l2pc_area_free(view->blocks[i].rows);
	kvfree(view->blocks);
	view->blocks = NULL;
	view->count = 0;
	if (view->limited)
		atomic_dec(&proc_snapshots);
	view->limited = false;
}

static int block_read(struct proc_block *block, struct l2pc_port *port)
{
	struct l2pc_port_info info;
	struct l2pc_snapshot snapshot;
	int err;

	l2pc_timer_catch_up(port);
	err = l2pc_snapshot_read(&port->counts, L2PC_VIEW_WINDOW,
				 L2PC_KEY_MASK_NO_VLAN, &snapshot);
	if (err)
		return err;
	l2pc_port_info(port, &info);
	strscpy(block->name, info.name, sizeof(block->name));
	block->packets = snapshot.totals.packets;
	block->untracked = snapshot.totals.counters.untracked_packets;
	if (snapshot.count) {
		block->rows = l2pc_sort_snapshot(&snapshot, &block->count);
		if (!block->rows)
			err = -ENOMEM;
	}
	l2pc_snapshot_free(&snapshot);
	return err;
}

static int view_read(struct proc_view *view)
{
	struct l2pc_port **ports;
	unsigned int count, i;
	int err = 0;

	view_free(view);
	if (!capable(CAP_NET_ADMIN)) {
		if (!atomic_add_unless(&proc_snapshots, 1, PROC_SNAPSHOTS_MAX))
			return -EAGAIN;
		view->limited = true;
	}

	ports = l2pc_ports_get(view->net, &count);
	if (!ports)
		return -ENOMEM;
	if (count) {
		view->blocks = kvcalloc(count, sizeof(*view->blocks),
					GFP_KERNEL_ACCOUNT);
		if (!view->blocks)
			err = -ENOMEM;
	}
	for (i = 0; i < count; i++) {
		if (!err) {
			view->count++;
			err = block_read(&view->blocks[i], ports[i]);
		}
		l2pc_port_put(ports[i]);
		cond_resched();
	}
	kvfree(ports);
	return err;
}

static u32 block_lines(const struct proc_block *block)
{
	return 1 + block->count + !!block->untracked;
}

/* Move a position behind a block to the next block. Returns NULL at the file's end. */
static void *view_seek(struct proc_view *view)
{
	while (view->block < view->count &&
	       view->line >= block_lines(&view->blocks[view->block])) {
		view->line -= block_lines(&view->blocks[view->block]);
		view->block++;
	}
	return view->block < view->count ? view : NULL;
}

static void *view_start(struct seq_file *seq, loff_t *pos)
{
	struct proc_view *view = seq->private;
	int err;

	if (!*pos) {
		err = view_read(view);
		if (err)
			return ERR_PTR(err);
	}
	/* A read continues where the last one ended, without a walk over all blocks. */
	if (!*pos || *pos < view->pos) {
		view->block = 0;
		view->line = 0;
		view->pos = 0;
	}
	/* All blocks together have fewer lines than 32 bits hold. */
	view->line += min_t(loff_t, *pos - view->pos, U32_MAX - view->line);
	view->pos = *pos;
	return view_seek(view);
}

static void *view_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct proc_view *view = seq->private;

	view->pos = ++*pos;
	view->line++;
	return view_seek(view);
}

static void view_stop(struct seq_file *seq, void *v)
{
}

/* Print " %12llu\n" at half the cost of seq_printf(). */
static void show_count(struct seq_file *seq, u64 count)
{
	static const char spaces[] = "             ";
	unsigned int digits = 1;
	u64 power;

	for (power = 10; digits < 12 && count >= power; power *= 10)
		digits++;
	seq_put_decimal_ull(seq, spaces + digits, count);
	seq_putc(seq, '\n');
}

static void show_mac(struct seq_file *seq, u64 mac)
{
	char text[17];
	char *at = text;
	int shift;

	for (shift = 40; shift >= 0; shift -= 8) {
		at = hex_byte_pack(at, mac >> shift);
		if (shift)
			*at++ = ':';
	}
	seq_write(seq, text, sizeof(text));
}

static int view_show(struct seq_file *seq, void *v)
{
	const struct proc_view *view = seq->private;
	const struct proc_block *block = &view->blocks[view->block];

	if (!view->line) {
		seq_printf(seq,
			   "%sInterface: %s\n"
			   "Total packets: %llu\n"
			   "MAC Address Statistics:\n"
			   "MAC Address        Packet Count\n"
			   "------------------ ------------\n",
			   view->block ? "\n" : "", block->name, block->packets);
	} else if (view->line <= block->count) {
		show_mac(seq, block->rows[view->line - 1].mac);
		show_count(seq, block->rows[view->line - 1].packets);
	} else {
		seq_puts(seq, "(untracked)      ");
		show_count(seq, block->untracked);
	}
	return 0;
}

static const struct seq_operations view_ops = {
	.start = view_start,
	.next = view_next,
	.stop = view_stop,
	.show = view_show,
};

static int proc_open(struct inode *inode, struct file *file)
{
	struct proc_view *view;

	view = __seq_open_private(file, &view_ops, sizeof(*view));
	if (!view)
		return -ENOMEM;
	view->net = get_net(current->nsproxy->net_ns);
	return 0;
}

static int proc_release(struct inode *inode, struct file *file)
{
	struct seq_file *seq = file->private_data;
	struct proc_view *view = seq->private;

	view_free(view);
	put_net(view->net);
	return seq_release_private(inode, file);
}

/* Accepts only "reset", with or without a newline. */
static ssize_t proc_write(struct file *file, const char __user *from,
			  size_t size, loff_t *pos)
{
	struct seq_file *seq = file->private_data;
	struct proc_view *view = seq->private;
	static const char reset[] = "reset\n";
	char text[sizeof(reset) - 1];
	struct l2pc_port **ports;
	unsigned int count, i;

	if (size > sizeof(text) || size < sizeof(text) - 1)
		return -EINVAL;
	if (copy_from_user(text, from, size))
		return -EFAULT;
	if (memcmp(text, reset, size))
		return -EINVAL;
	if (!file_ns_capable(file, view->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;

	ports = l2pc_ports_get(view->net, &count);
	if (!ports)
		return -ENOMEM;
	l2pc_ports_reset(ports, count, NULL);
	for (i = 0; i < count; i++)
		l2pc_port_put(ports[i]);
	kvfree(ports);
	return size;
}

static const struct proc_ops proc_ops = {
	.proc_open = proc_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = proc_write,
	.proc_release = proc_release,
};

/**
 * l2pc_proc_init() - create the file
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int l2pc_proc_init(void)
{
	if (!proc_create(PROC_NAME, 0644, NULL, &proc_ops)) {
		pr_err("cannot create /proc/%s\n", PROC_NAME);
		return -ENOMEM;
	}
	return 0;
}

/**
 * l2pc_proc_exit() - remove the file
 *
 * Waits for running reads and writes, and closes open files.
 *
 * Context: process.
 */
void l2pc_proc_exit(void)
{
	remove_proc_entry(PROC_NAME, NULL);
}
