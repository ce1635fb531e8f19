// SPDX-License-Identifier: GPL-2.0
/*
 * Top on a terminal: the only file that knows curses.
 * Copyright (C) the l2packet_counter authors
 *
 * However it ends, the terminal is left as it was: by a key, by a signal, by an
 * error, or by exit() from anywhere.
 */
#define _GNU_SOURCE	/* ppoll */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <curses.h>

#include "top/terminal.h"
#include "top/top.h"
#include "util/clock.h"

static volatile sig_atomic_t stopped, resized;
static SCREEN *screen;
static int line;

static void on_signal(int signal)
{
	if (signal == SIGWINCH)
		resized = 1;
	else
		stopped = 1;
}

static void screen_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
}

static bool screen_open(void)
{
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return false;
	atexit(screen_close);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	/* An escape is one of these keys' only when more of it follows at once. */
	set_escdelay(50);
	curs_set(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
		init_pair(1, COLOR_GREEN, -1);
		init_pair(2, COLOR_RED, -1);
	}
	return true;
}

static void screen_put(enum color color, const char *text)
{
	const char *no_color = getenv("NO_COLOR");
	bool colors = has_colors() && !(no_color && no_color[0]);
	const chtype attributes[] = {
		[COLOR_NONE] = A_NORMAL,
		[COLOR_TITLE] = A_BOLD,
		[COLOR_SORTED] = A_REVERSE,
		[COLOR_FAINT] = A_DIM,
		[COLOR_BAR] = colors ? COLOR_PAIR(1) : A_NORMAL,
		[COLOR_ALARM] = colors ? COLOR_PAIR(2) | A_BOLD : A_BOLD,
	};

	attrset((attr_t)attributes[color]);
	addstr(text);
	attrset(A_NORMAL);
}

static void screen_end_line(void)
{
	line++;
	move(line, 0);
}

static void screen_draw(struct top *top)
{
	const struct canvas canvas = {
		.columns = COLS,
		.lines = LINES,
		.keys = true,
		.put = screen_put,
		.end = screen_end_line,
	};

	erase();
	line = 0;
	move(0, 0);
	if (top->mode == MODE_HELP)
		top_help_frame(&canvas);
	else
		top_frame(top, &canvas);
	refresh();
}

/* All keys that wait. */
static void read_keys(struct top *top)
{
	int key;

	while ((key = getch()) != ERR && !top->quit) {
		/* Ctrl-L draws all of it: something else wrote to the terminal. */
		if (key == 12)
			clearok(curscr, TRUE);
		else if (key != KEY_RESIZE)
			top_key(top, key);
	}
}

/*
 * Waits for a key, for the time of the next reading, or for a signal. False: the
 * terminal is gone.
 */
static bool screen_wait(const struct top *top, uint64_t next, const sigset_t *unblocked)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	uint64_t now = clock_monotonic(), left = next > now ? next - now : 0;
	const struct timespec timeout = clock_timespec(left);

	ppoll(&fd, 1, top->paused ? NULL : &timeout, unblocked);
	return !(fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

static int screen_loop(struct top *top, const sigset_t *unblocked)
{
	uint64_t next = clock_monotonic() + top->delay;
	int error;

	while (!top->quit && !stopped) {
		uint64_t now = clock_monotonic();

		if (top->stale || (!top->paused && now >= next)) {
			error = top_refresh(top);
			if (error)
				return error;
			next = now + top->delay;
		}
		if (resized) {
			resized = 0;
			endwin();
			refresh();
		}
		screen_draw(top);
		if (!screen_wait(top, next, unblocked))
			return 0;
		read_keys(top);
	}
	return 0;
}

int top_screen(struct top *top)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked, unblocked;
	int error;

	/* The first reading comes before the screen: its errors are reported as usual. */
	error = top_refresh(top);
	if (error)
		return source_explain(&top->source, error, top->ifname);
	if (terminal_is_dumb()) {
		error_print("the terminal \"%s\" cannot place the cursor; set TERM, or use l2pc top --batch",
			    getenv("TERM") ? getenv("TERM") : "");
		return STATUS_FAILED;
	}
	if (!screen_open()) {
		error_print("the terminal \"%s\" is not known; set TERM, or use l2pc top --batch",
			    getenv("TERM") ? getenv("TERM") : "");
		return STATUS_FAILED;
	}
	/* Blocked but for the time of waiting, so that none is missed before it. */
	sigemptyset(&blocked);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaddset(&blocked, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigdelset(&unblocked, signals[i]);

	error = screen_loop(top, &unblocked);
	screen_close();
	return error ? source_explain(&top->source, error, top->ifname) : STATUS_DONE;
}
