/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libFuzzer on all that l2pc reads: what its files share.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TEST_FUZZ_H
#define L2PC_TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output/output.h"
#include "source/model.h"

/* What is still to be read. */
extern const uint8_t *input;
extern size_t left;

/* The family's number. */
#define FAMILY	33

/* The input has the reply to the request for the family's number, too. */
extern bool family_in_input;

/* All output formats. */
#define FORMATS	4
extern const struct format *const formats[FORMATS];

/* In a memory of their own: a file that @input is. */
int fuzz_file(void);

/** fuzz_write() - a view in every form; stops at one that a terminal or a parser may not get */
void fuzz_write(struct views *views, const struct options *options);

/** fuzz_metrics() - abort when @text is not in the metrics format */
void fuzz_metrics(const char *text);

/** fuzz_files_init() - makes the directory in which the files are @program: argv[0] */
void fuzz_files_init(const char *program);

/** fuzz_names() - the user's file of names, /etc/ethers */
void fuzz_names(void);

/** fuzz_hosts() - /etc/hosts */
void fuzz_hosts(void);

/** fuzz_vendors() - the IEEE's lists */
void fuzz_vendors(void);

/** fuzz_devices() - interfaces, from the kernel's own families */
void fuzz_devices(void);

/** fuzz_request() - what an HTTP client sends, and the module's answers to what it asks */
void fuzz_request(void);

#endif /* L2PC_TEST_FUZZ_H */
