/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Noticing: which stations are news, for those who listen.
 * Copyright (C) the l2packet_counter authors
 *
 * The packet path says only that there is something new (l2pc_writer.news). Some
 * time later somebody looks, in process context: a station is news when neither
 * lifetime nor an earlier look in this window has it. While nobody listens nobody
 * looks, and nothing is kept.
 */
#ifndef L2PC_NOTICE_H
#define L2PC_NOTICE_H

#include "archive.h"

struct l2pc_window;

/**
 * struct l2pc_news - a list of stations
 * @stations: kvfree()d by l2pc_news_free()
 * @count: how many
 * @room: for how many there is memory
 * @lost: there was no memory for all of them, and the others cannot be told later
 */
struct l2pc_news {
	struct l2pc_station *stations;
	u32 count;
	u32 room;
	bool lost;
};

/**
 * struct l2pc_notice - what has been noticed; all under the window's mutex
 * @listening: did anybody listen at the last look?
 * @since: stations first seen before this, boot time in ns, are no news: nobody
 *	listened then
 * @noticed: stations of the open window that are no news any more, besides those
 *	in lifetime
 * @fresh: news that nobody has taken yet
 * @untracked: untracked frames began, and nobody has been told yet
 * @untracked_told: in this window somebody has been, or will be
 */
struct l2pc_notice {
	bool listening;
	u64 since;
	struct l2pc_archive noticed;
	struct l2pc_news fresh;
	bool untracked;
	bool untracked_told;
};

bool l2pc_news_add(struct l2pc_news *news, const struct l2pc_station *station);
void l2pc_news_free(struct l2pc_news *news);
void l2pc_notice_init(struct l2pc_notice *notice, const u64 seed[2], u64 since);
void l2pc_notice_free(struct l2pc_notice *notice);
void l2pc_notice_closed(struct l2pc_window *window);
void l2pc_notice_forget(struct l2pc_window *window,
			const struct l2pc_station *station, bool told);
void l2pc_notice_trim(struct l2pc_window *window);
u64 l2pc_window_notice(struct l2pc_window *window, bool listening);
void l2pc_window_news(struct l2pc_window *window, struct l2pc_news *fresh,
		      bool *untracked);

#endif /* L2PC_NOTICE_H */
