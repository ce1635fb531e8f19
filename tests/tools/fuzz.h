/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libFuzzer on all parsers of l2pc: declarations that its files share.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TEST_FUZZ_H
#define L2PC_TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output/output.h"
#include "source/model.h"

/* The unread input. */
extern const uint8_t *input;
extern size_t left;

/* The netlink family's number. */
#define FAMILY	33

/* The input also has the reply to the request for the family's number. */
extern bool family_in_input;

/* All output formats. */
#define FORMATS	4
extern const struct format *const formats[FORMATS];

/* Write @input to a file in memory, and return its descriptor. */
int fuzz_file(void);

/** fuzz_write() - write a view in every format; abort on output that a reader must not get */
void fuzz_write(struct views *views, const struct options *options);

/** fuzz_metrics() - abort when @text is not in the metrics format */
void fuzz_metrics(const char *text);

/** fuzz_files_init() - make the directory for L2PC_ROOT; @program: argv[0] */
void fuzz_files_init(const char *program);

/** fuzz_names() - parse the user's file of names, and /etc/ethers */
void fuzz_names(void);

/** fuzz_hosts() - parse /etc/hosts */
void fuzz_hosts(void);

/** fuzz_vendors() - parse the IEEE's lists */
void fuzz_vendors(void);

/** fuzz_devices() - parse interfaces in messages of the kernel's own netlink families */
void fuzz_devices(void);

/** fuzz_request() - serve an HTTP client's requests, with the module's replies */
void fuzz_request(void);

#endif /* L2PC_TEST_FUZZ_H */
