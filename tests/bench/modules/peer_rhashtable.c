// SPDX-License-Identifier: GPL-2.0
/*
 * A counter made of the kernel's standard parts: an rhashtable of stations, each with
 * per-CPU counters.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rhashtable.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

struct counts {
	u64 packets;
	u64 bytes;
};

struct station {
	struct rhash_head node;
	u8 addr[ETH_ALEN];
	struct counts __percpu *counts;
};

struct peer {
	struct net_device *dev;
	struct rhashtable table;
};

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct station, node),
	.key_offset = offsetof(struct station, addr),
	.key_len = ETH_ALEN,
	.automatic_shrinking = true,
};

static void station_free(void *pointer, void *unused)
{
	struct station *station = pointer;

	free_percpu(station->counts);
	kfree(station);
}

static noinline struct station *station_new(struct peer *peer, const u8 *addr)
{
	struct station *station = kzalloc(sizeof(*station), GFP_ATOMIC | __GFP_NOWARN);
	struct station *old;

	if (!station)
		return NULL;
	ether_addr_copy(station->addr, addr);
	station->counts = alloc_percpu_gfp(struct counts, GFP_ATOMIC | __GFP_NOWARN);
	if (!station->counts)
		goto free;
	old = rhashtable_lookup_get_insert_fast(&peer->table, &station->node, params);
	if (!old)
		return station;
	/* Another CPU inserted the station first, or there is no capacity at present. */
	free_percpu(station->counts);
	kfree(station);
	return IS_ERR(old) ? NULL : old;
free:
	kfree(station);
	return NULL;
}

static inline void peer_count(struct peer *peer, const u8 *addr, u32 bytes)
{
	struct station *station = rhashtable_lookup(&peer->table, addr, params);

	if (unlikely(!station)) {
		station = station_new(peer, addr);
		if (!station)
			return;
	}
	this_cpu_inc(station->counts->packets);
	this_cpu_add(station->counts->bytes, bytes);
}

static int peer_init(struct peer *peer)
{
	return rhashtable_init(&peer->table, &params);
}

static void peer_exit(struct peer *peer)
{
	rhashtable_free_and_destroy(&peer->table, station_free, NULL);
}

static struct proc_dir_entry *peer_proc(void);
#include "peer.h"

/* List the first device only: walking several tables is not to be measured. */
static void *stations_start(struct seq_file *m, loff_t *pos)
{
	struct rhashtable_iter *iter = m->private;

	if (!*pos)
		rhashtable_walk_enter(&peers[0].table, iter);
	rhashtable_walk_start(iter);
	return *pos ? rhashtable_walk_peek(iter) : rhashtable_walk_next(iter);
}

static void *stations_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return rhashtable_walk_next(m->private);
}

static void stations_stop(struct seq_file *m, void *v)
{
	rhashtable_walk_stop(m->private);
}

static int stations_show(struct seq_file *m, void *v)
{
	const struct station *station = v;
	u64 packets = 0;
	int cpu;

	/* The table is being resized: the walk starts again, and repeats entries. */
	if (IS_ERR(v))
		return 0;
	for_each_possible_cpu(cpu)
		packets += READ_ONCE(per_cpu_ptr(station->counts, cpu)->packets);
	seq_printf(m, "%pM %12llu\n", station->addr, packets);
	return 0;
}

static const struct seq_operations stations_ops = {
	.start = stations_start,
	.next = stations_next,
	.stop = stations_stop,
	.show = stations_show,
};

static int stations_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct rhashtable_iter *iter = m->private;

	if (iter->ht)
		rhashtable_walk_exit(iter);
	return seq_release_private(inode, file);
}

static int stations_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &stations_ops, sizeof(struct rhashtable_iter));
}

static const struct proc_ops stations_proc_ops = {
	.proc_open = stations_open,
	.proc_read = seq_read,
	.proc_release = stations_release,
};

static struct proc_dir_entry *peer_proc(void)
{
	return proc_create(KBUILD_MODNAME, 0444, NULL, &stations_proc_ops);
}

MODULE_DESCRIPTION("an rhashtable of stations with counters for every CPU");
