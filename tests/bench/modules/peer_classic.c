// SPDX-License-Identifier: GPL-2.0
/*
 * The classic counter: one hash table for all CPUs, chains under RCU, a spinlock
 * to insert, two atomic counters an entry.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static unsigned int bits = 8;
module_param(bits, uint, 0444);
MODULE_PARM_DESC(bits, "log2 of the number of chains, which stays as it is");

struct station {
	struct hlist_node node;
	u8 addr[ETH_ALEN];
	atomic64_t packets;
	atomic64_t bytes;
};

struct peer {
	struct net_device *dev;
	struct hlist_head *chains;
	u32 seed;
	spinlock_t lock;	/* serializes insertions */
};

static struct hlist_head *chain_of(struct peer *peer, const u8 *addr)
{
	return &peer->chains[jhash(addr, ETH_ALEN, peer->seed) & ((1U << bits) - 1)];
}

static struct station *chain_find(struct hlist_head *chain, const u8 *addr)
{
	struct station *station;

	hlist_for_each_entry_rcu(station, chain, node)
		if (ether_addr_equal(station->addr, addr))
			return station;
	return NULL;
}

static noinline struct station *station_new(struct peer *peer, const u8 *addr)
{
	struct hlist_head *chain = chain_of(peer, addr);
	struct station *station;

	spin_lock(&peer->lock);
	station = chain_find(chain, addr);
	if (!station)
		station = kzalloc(sizeof(*station), GFP_ATOMIC);
	if (station && hlist_unhashed(&station->node)) {
		ether_addr_copy(station->addr, addr);
		hlist_add_head_rcu(&station->node, chain);
	}
	spin_unlock(&peer->lock);
	return station;
}

static inline void peer_count(struct peer *peer, const u8 *addr, u32 bytes)
{
	struct station *station = chain_find(chain_of(peer, addr), addr);

	if (unlikely(!station)) {
		station = station_new(peer, addr);
		if (!station)
			return;
	}
	atomic64_inc(&station->packets);
	atomic64_add(bytes, &station->bytes);
}

static int peer_init(struct peer *peer)
{
	peer->chains = kvcalloc(1U << bits, sizeof(*peer->chains), GFP_KERNEL);
	spin_lock_init(&peer->lock);
	get_random_bytes(&peer->seed, sizeof(peer->seed));
	return peer->chains ? 0 : -ENOMEM;
}

static void peer_exit(struct peer *peer)
{
	struct hlist_node *next;
	struct station *station;
	u32 i;

	for (i = 0; i < 1U << bits; i++)
		hlist_for_each_entry_safe(station, next, &peer->chains[i], node)
			kfree(station);
	kvfree(peer->chains);
}

static struct proc_dir_entry *peer_proc(void);
#include "peer.h"

static int classic_show(struct seq_file *m, void *v)
{
	struct station *station;
	int i;
	u32 c;

	rcu_read_lock();
	for (i = 0; i < interfaces; i++)
		for (c = 0; c < 1U << bits; c++)
			hlist_for_each_entry_rcu(station, &peers[i].chains[c], node)
				seq_printf(m, "%pM %12llu\n", station->addr,
					   (u64)atomic64_read(&station->packets));
	rcu_read_unlock();
	return 0;
}

static struct proc_dir_entry *peer_proc(void)
{
	return proc_create_single(KBUILD_MODNAME, 0444, NULL, classic_show);
}

MODULE_DESCRIPTION("a shared hash table with atomic counters");
