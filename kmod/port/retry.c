// SPDX-License-Identifier: GPL-2.0
/*
 * Ports whose hooks could not be registered when their device appeared, for lack of memory
 * or because the device has too many hooks: tried again by a work item, l2pc_net.retry, which
 * attach.c queues.
 * Copyright (C) the l2packet_counter authors
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>

#include "attach.h"
#include "list.h"
#include "port.h"
#include "retry.h"

/* Review the ports that have a device and are not counted. */
static void retry_work(struct work_struct *work)
{
	struct l2pc_net *of = container_of(work, struct l2pc_net, retry.work);
	struct l2pc_port *port;
	struct rb_node *node;

	rtnl_lock();
	mutex_lock(&l2pc_ports_lock);
	of->retry_queued = false;
	for (node = rb_first(&of->ports); node; node = rb_next(node)) {
		port = rb_entry(node, struct l2pc_port, by_serial);
		if (port->state == L2PC_PORT_STATE_UNSUPPORTED)
			l2pc_port_review(port);
		cond_resched();
	}
	/* l2pc_port_review() queues the work item again when a port fails. */
	if (!of->retry_queued)
		of->retry_delay = 0;
	mutex_unlock(&l2pc_ports_lock);
	rtnl_unlock();
}

/**
 * l2pc_retry_init_net() - initialise a namespace's part
 * @of: the namespace
 */
void l2pc_retry_init_net(struct l2pc_net *of)
{
	INIT_DELAYED_WORK(&of->retry, retry_work);
}

/**
 * l2pc_retry_exit_net() - stop a namespace's work item
 * @of: the namespace, without ports
 *
 * Context: process, no locks held.
 */
void l2pc_retry_exit_net(struct l2pc_net *of)
{
	cancel_delayed_work_sync(&of->retry);
}
