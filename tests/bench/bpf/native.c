// SPDX-License-Identifier: GPL-2.0
/*
 * ns a frame of l2pc run and of a PERCPU_HASH, natively, in the same run: BPF_PROG_TEST_RUN
 * of the programs themselves, less a program that does nothing.
 * Copyright (C) the l2packet_counter authors
 *
 * usage: native DEV DRAW.o COUNT.o STATIONS ROUNDS FRAMES
 * l2pc run counts DEV. Prints a line for each round: ns of nothing, PERCPU_HASH, l2pc run;
 * then the least of each, and the median of the rounds' ratios, in thousandths. The last
 * line has the frames that l2pc run was given.
 */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

enum row { NOTHING, HASH, RUN, ROWS };

struct draw {
	unsigned long long stations, in_turn, state;
};

static int counters[ROWS], draw_fd, jumps_fd, data_fd;
static unsigned long long given;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static struct bpf_object *load(const char *path)
{
	struct bpf_object *object = bpf_object__open(path);
	struct bpf_program *program;

	if (!object)
		die(path);
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, bpf_program__type(program) ==
							   BPF_PROG_TYPE_SCHED_CLS);
	if (bpf_object__load(object))
		die(path);
	return object;
}

static int program(struct bpf_object *object, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

/* The program at tcx that l2pc run attached. */
static int running(const char *dev)
{
	LIBBPF_OPTS(bpf_prog_query_opts, query);
	__u32 ids[4] = { 0 };

	query.prog_ids = ids;
	query.prog_cnt = 4;
	if (bpf_prog_query_opts((int)if_nametoindex(dev), BPF_TCX_INGRESS, &query) || query.prog_cnt != 1)
		die(dev);
	return bpf_prog_get_fd_by_id(ids[0]);
}

/* Give a counter frames, of stations in turn or at random. Returns ns of CPU time a frame. */
static double give(enum row row, unsigned long long stations, int in_turn,
		   unsigned long long state, int frames)
{
	struct draw draw = { stations, (unsigned long long)in_turn, state };
	unsigned char frame[60] = { 2, 0xff, 0xff, 0xff, 0xff, 1 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = frames);
	struct timespec begin, end;
	__u32 zero = 0;

	if (bpf_map_update_elem(jumps_fd, &zero, &counters[row], BPF_ANY) ||
	    bpf_map_update_elem(data_fd, &zero, &draw, BPF_ANY))
		die("map");
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
	if (bpf_prog_test_run_opts(draw_fd, &options))
		die("BPF_PROG_TEST_RUN");
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
	if ((int)options.retval == 2) {
		fprintf(stderr, "the counter was not called\n");
		exit(2);
	}
	if (row == RUN)
		given += (unsigned long long)frames;
	return ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
	       frames;
}

static int compare(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

int main(int argc, char **argv)
{
	struct bpf_object *draw, *count;
	int rounds, stations, frames;
	double ns[ROWS], least[ROWS] = { 1e9, 1e9, 1e9 }, *ratios;

	if (argc != 7)
		return 2;
	draw = load(argv[2]);
	count = load(argv[3]);
	stations = atoi(argv[4]);
	rounds = atoi(argv[5]);
	frames = atoi(argv[6]);
	ratios = calloc((size_t)rounds, sizeof(*ratios));
	draw_fd = program(draw, "draw");
	jumps_fd = bpf_object__find_map_fd_by_name(draw, "counter");
	data_fd = bpf_map__fd(bpf_object__find_map_by_name(draw, ".data"));
	counters[NOTHING] = program(draw, "nothing");
	counters[HASH] = program(count, "count_tcx");
	counters[RUN] = running(argv[1]);
	if (!ratios || counters[RUN] < 0 || counters[HASH] < 0 || data_fd < 0)
		die(argv[1]);
	/* All stations, slowly: the process makes bigger tables in between. */
	for (int part = 0; part < 3 * stations; part += 1000) {
		give(RUN, (unsigned)stations, 1, (unsigned)part, 1000);
		usleep(2000);
	}
	printf("warm\n");
	fflush(stdout);
	/* A reset by the caller: the next tables have all stations. */
	getchar();
	for (int part = 0; part < 2; part++)
		give(RUN, (unsigned)stations, 1, 0, stations < 1000 ? 1000 : stations);
	give(HASH, (unsigned)stations, 1, 0, stations < 1000 ? 1000 : stations);
	for (int i = 0; i < rounds; i++) {
		for (int row = 0; row < ROWS; row++) {
			ns[row] = give((enum row)row, (unsigned)stations, 0,
				       (unsigned)i * (unsigned)frames, frames);
			if (ns[row] < least[row])
				least[row] = ns[row];
		}
		ratios[i] = (ns[RUN] - ns[NOTHING]) / (ns[HASH] - ns[NOTHING]);
		printf("round %.1f %.1f %.1f\n", ns[NOTHING], ns[HASH], ns[RUN]);
	}
	qsort(ratios, (size_t)rounds, sizeof(*ratios), compare);
	printf("least %.1f %.1f %.1f\n", least[NOTHING], least[HASH], least[RUN]);
	printf("ratio %.0f\n", 1000 * ratios[rounds / 2]);
	printf("given %llu\n", given);
	return 0;
}
