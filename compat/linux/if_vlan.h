/* SPDX-License-Identifier: GPL-2.0 */
/*
 * skb_vlan_tag_any(): not 0 for an skb with a stripped tag. Since 6.2 the tag is one
 * word, skb->vlan_all; before, it was a bit and two words. skb_vlan_tag_present() makes
 * 0 or 1 of the word. This macro does not, because the caller ors the word with another
 * value before the test.
 */
#ifndef L2PC_COMPAT_IF_VLAN_H
#define L2PC_COMPAT_IF_VLAN_H

#include_next <linux/if_vlan.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define skb_vlan_tag_any(skb)	((u32)(skb)->vlan_present)
#else
#define skb_vlan_tag_any(skb)	((skb)->vlan_all)
#endif

#endif
