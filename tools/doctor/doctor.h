/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An examination of this machine: what keeps frames from being counted, and what mends it.
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_DOCTOR_H
#define L2PC_TOOL_DOCTOR_H

#include "output/output.h"
#include "util/files.h"

/** enum health - how bad a finding is */
enum health {
	HEALTH_OK,
	HEALTH_NOTE,	/* worth to know; nothing is wrong */
	HEALTH_BAD,	/* keeps frames from being counted */
};

#define FINDING_TEXT	512

struct doctor {
	struct output output;
	char release[128];		/* of the running kernel */
	char module[1024];		/* its file for that kernel, empty when not installed */
	char run_needs[FINDING_TEXT];	/* what l2pc run lacks here; empty: it can count */
	struct interfaces interfaces;	/* Ethernet devices */
	unsigned int bad;		/* findings that are */
};

/**
 * doctor_run() - examine this machine
 * @options: -j
 *
 * Return: the exit status
 */
int doctor_run(const struct options *options);

/**
 * doctor_find() - write a finding
 * @doctor: the examination
 * @health: how bad
 * @subject: one word for what was examined
 * @mend: the command that mends it, or NULL
 * @format: of the sentence
 */
void doctor_find(struct doctor *doctor, enum health health, const char *subject, const char *mend,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/** doctor_mend() - printf() of a command, into a static buffer */
const char *doctor_mend(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** doctor_install_headers() - the distribution's command for headers of @release, or NULL */
const char *doctor_install_headers(const char *release);

/**
 * doctor_install_module() - the command that installs the module
 * @ifname: interface for the installer, or NULL
 *
 * Return: the package's command where the tool or the module came from a package, else
 * the installer's
 */
const char *doctor_install_module(const char *ifname);

/** doctor_is_packaged() - the module came from a package */
bool doctor_is_packaged(void);

/** doctor_bpf() - find out what l2pc run lacks on this kernel, of which the release is known */
void doctor_bpf(struct doctor *doctor);

/**
 * doctor_run_line() - write whether l2pc run counts, or could
 * @counts: it does
 * @alone: the module does not
 * @ifname: an interface that could be counted
 */
void doctor_run_line(struct doctor *doctor, bool counts, bool alone, const char *ifname);

/** doctor_tcx() - note programs that run before that of l2pc run */
void doctor_tcx(struct doctor *doctor, const char *ifname);

/** doctor_system() - check the kernel, its headers, and whether modules must be signed */
void doctor_system(struct doctor *doctor);

/**
 * doctor_find_module() - is a module installed for the running kernel?
 * @file: "/NAME.ko", which modules.dep has with its folder and perhaps .xz behind
 * @path: for its path, or NULL
 */
bool doctor_find_module(const struct doctor *doctor, const char *file, char *path, size_t size);

/** doctor_module() - check the module. Return: it answers */
bool doctor_module(struct doctor *doctor);

/** doctor_refused() - why the module refuses an Ethernet device, or NULL where it does not */
const char *doctor_refused(const struct doctor *doctor, const char *ifname);

/** doctor_conduit() - note that an interface is the conduit of a switch (DSA). Return: it is one */
bool doctor_conduit(struct doctor *doctor, const char *ifname);

/** doctor_device() - check for what keeps frames from a port's counts */
void doctor_device(struct doctor *doctor, const char *ifname);

/** doctor_ports() - check the ports, and what could be one. @answers: the module does */
void doctor_ports(struct doctor *doctor, bool answers);

#endif /* L2PC_TOOL_DOCTOR_H */
