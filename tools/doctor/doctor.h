/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is all well, and what mends what is not?
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_DOCTOR_H
#define L2PC_TOOL_DOCTOR_H

#include "output/output.h"
#include "source/devices.h"

/** enum health - how bad a finding is */
enum health {
	HEALTH_OK,
	HEALTH_NOTE,	/* worth to know; nothing is wrong */
	HEALTH_BAD,	/* keeps frames from being counted */
};

#define FINDING_TEXT	512

/**
 * struct doctor - an examination
 * @output: where findings are written
 * @release: of the running kernel
 * @module: file of the module for that kernel, empty when it is not installed
 * @devices: the interfaces of this network namespace
 * @bad: findings that are bad
 */
struct doctor {
	struct output output;
	char release[128];
	char module[512];
	struct devices devices;
	unsigned int bad;
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
 * @subject: one word for what was looked at
 * @mend: the command that mends it, or NULL
 * @format: of the sentence
 */
void doctor_find(struct doctor *doctor, enum health health, const char *subject, const char *mend,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/** doctor_system() - kernel, headers, signatures @doctor: the examination */
void doctor_system(struct doctor *doctor);

/** doctor_module() - is it installed, loaded, and does it answer? @doctor: the examination
 *
 * Return: it answers
 */
bool doctor_module(struct doctor *doctor);

/**
 * doctor_in_modules() - is a module installed for the running kernel?
 * @doctor: the examination
 * @file: "/NAME.ko", which modules.dep has with its folder and perhaps .xz behind
 * @path: the file's path is put there, or NULL
 * @size: bytes at @path
 */
bool doctor_in_modules(const struct doctor *doctor, const char *file, char *path, size_t size);

/**
 * doctor_refused() - why the module refuses an Ethernet device
 * @doctor: the examination
 * @ifname: the device
 * @text: room for the reason
 *
 * Return: the reason, or NULL where it can be counted
 */
const char *doctor_refused(const struct doctor *doctor, const char *ifname,
			   char text[FINDING_TEXT]);

/**
 * doctor_conduit() - note that an interface is the conduit of a switch (DSA)
 * @doctor: the examination
 * @ifname: the interface, which is not refused
 *
 * Return: it is one
 */
bool doctor_conduit(struct doctor *doctor, const char *ifname);

/** doctor_device() - what keeps frames from a port's counts @doctor: the examination
 * @ifname: the port's interface
 */
void doctor_device(struct doctor *doctor, const char *ifname);

/** doctor_ports() - what is counted, and what could be @doctor: the examination
 * @answers: the module does
 */
void doctor_ports(struct doctor *doctor, bool answers);

#endif /* L2PC_TOOL_DOCTOR_H */
